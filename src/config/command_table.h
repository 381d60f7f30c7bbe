#pragma once
// The commands, as rows. Flags are not here: the rows of option_table.h say which commands they belong to.

#include <array>
#include <cstddef>
#include <string_view>

namespace crosspoint::config {

struct Command {
  std::string_view name = {};         // "serve", "config show"
  std::string_view summary = {};      // one line
  std::string_view positionals = {};  // what follows, for the usage line: "FILE..."
  std::size_t positionals_least = 0;
  std::size_t positionals_most = 0;
  std::string_view details = {};  // for its --help; lines of at most 80 columns
};

inline constexpr std::size_t any_number = static_cast<std::size_t>(-1);

inline constexpr auto commands = std::to_array<Command>({
    {.name = "serve",
     .summary = "the node: topics over WebSocket, pages, statistics",
     .details = "Clients that connect to the same path share a topic: what one sends, the others\n"
                "get. On /in/NAME clients send, on /out/NAME they only listen; any other path is\n"
                "two-way. /view/TOPIC plays a topic in the browser, /stats shows who is there.\n"},
    {.name = "host",
     .summary = "beside the experiment: sends video and data to relays",
     .details = "ffmpeg posts MPEG-TS to /ts/NAME, programs connect to /ws/NAME; rules, set under\n"
                "/api/streams and /api/destinations, say which feeds go to which relay.\n"},
    {.name = "demo",
     .summary = "node and host on loopback with a moving picture",
     .details = "Prints an address to open in a browser. Ctrl-C stops everything.\n"},
    {.name = "status",
     .summary = "one report of who is connected to a relay",
     .details = "Shows the token to --url, prints the report and exits; with 1 if none came.\n"
                "  crosspoint status --url https://lab.example/access --token-file admin.token\n"},
    {.name = "top",
     .summary = "a live view of a relay's topics and connections",
     .details = "Rates of topics and connections, busiest first. q or Ctrl-C ends it. Where\n"
                "standard output is no terminal, one picture after the other is printed.\n"},
    {.name = "file",
     .summary = "write what a topic says to a file",
     .details = "Runs until it is stopped, and comes back when the connection is lost.\n"
                "  crosspoint file --url https://lab.example/access/session/rig01-st-data \\\n"
                "      --token-file rig01.token --output rig01.log\n"},
    {.name = "call",
     .summary = "call a WAMP procedure and print its result",
     .positionals = "PROCEDURE [ARGUMENT...]",
     .positionals_least = 1,
     .positionals_most = any_number,
     .details = "Arguments are JSON, or else text; NAME=VALUE goes by name. The result is printed\n"
                "as a line of JSON: the value, or args and kwargs where there are several.\n"
                "  crosspoint call com.example.add 1 2\n"
                "  crosspoint call com.lab.scan from=0 to=2.5 '{\"mode\":\"fast\"}'\n"
                "Exits with 1 when there is no answer, with 3 when the answer is an error.\n"},
    {.name = "publish",
     .summary = "publish a WAMP event",
     .positionals = "TOPIC [ARGUMENT...]",
     .positionals_least = 1,
     .positionals_most = any_number,
     .details = "Arguments as for call. Exits with 3 when the router refused the event.\n"
                "  crosspoint publish com.lab.alarm 'no water' pump=2\n"
                "  vmstat 1 | crosspoint publish com.lab.load --lines\n"},
    {.name = "subscribe",
     .summary = "print the events of a WAMP topic",
     .positionals = "TOPIC [TOPIC...]",
     .positionals_least = 1,
     .positionals_most = any_number,
     .details = "Prints each event as a line of JSON: topic, publication, args, kwargs. Comes\n"
                "back when the connection is lost; Ctrl-C ends it.\n"
                "  crosspoint subscribe com.lab. --match prefix\n"},
    {.name = "register",
     .summary = "offer a WAMP procedure that runs a command",
     .positionals = "PROCEDURE -- COMMAND [WORD...]",
     .positionals_least = 2,
     .positionals_most = any_number,
     .details = "For each call COMMAND runs, with a line of JSON on standard input: procedure,\n"
                "args, kwargs. What it prints is the result: JSON, or else text. An exit status\n"
                "other than 0 is the error crosspoint.error.command_failed; a cancelled call ends\n"
                "the command. Comes back when the connection is lost; Ctrl-C ends it.\n"
                "  crosspoint register com.lab.load -- cat /proc/loadavg\n"
                "With --lines each line that it prints is an object, and the answer or, with\n"
                "progress, a part of it:\n"
                "  {\"args\":[20],\"progress\":true}\n"
                "  {\"args\":[21.5],\"kwargs\":{\"unit\":\"C\"}}\n"
                "  {\"error\":\"com.lab.error.dark\",\"args\":[\"no light\"]}\n"},
    {.name = "bench",
     .summary = "load and latency of a running node",
     .details = "Connects to a topic as many clients, counts and checks what arrives, and prints\n"
                "how long it took.\n"},
    {.name = "token",
     .summary = "make, look into, and verify access tokens",
     .positionals = "[inspect|verify [TOKEN]]",
     .positionals_most = 2,
     .details = "Prints a signed token (JWT) for the access service. The old relay's variables,\n"
                "RELAY_TOKEN_..., are understood.\n"
                "  inspect   shows what a token says, and verifies nothing\n"
                "  verify    checks it with --secret or --key-file, and --audience if set;\n"
                "            exits with 1 when it is refused\n"
                "Both read the token from standard input unless it is given. With --url a token\n"
                "is made and traded at once: what is printed is the address to open.\n"},
    {.name = "init wamp",
     .summary = "write a commented WAMP configuration to begin with",
     .positionals = "[FILE]",
     .positionals_most = 1,
     .details = "Writes wamp.toml, or FILE, which must not exist. It can be served as it is:\n"
                "  crosspoint init wamp && crosspoint serve --config wamp.toml\n"},
    {.name = "principal",
     .summary = "make a [[wamp.principal]]: somebody who may join a realm",
     .details = "Prints what to paste into the configuration file. The secret is read from\n"
                "standard input, or --password-file, and is not in what is printed.\n"
                "  crosspoint principal --authid peter --role operator < password\n"
                "  crosspoint principal --authid rig01 --role operator --method cryptosign \\\n"
                "    --new-key rig01.pem\n"},
    {.name = "check",
     .summary = "check configuration files without starting anything",
     .positionals = "FILE...",
     .positionals_least = 1,
     .positionals_most = any_number,
     .details = "Prints every mistake as file:line:column and exits with 1 if there is one. Keys\n"
                "and certificates that serve would read at its start are looked at, too.\n"},
    {.name = "config show",
     .summary = "every setting, and where its value comes from",
     .positionals = "[COMMAND] [FLAGS]",
     .positionals_most = 1,
     .details = "With the flags, environment and file that COMMAND (serve, unless named) would\n"
                "run with. Secrets are shown as ***.\n"},
    {.name = "config reference",
     .summary = "print the reference of all options (Markdown)",
     .positionals = "[SECTION]",
     .positionals_most = 1,
     .details = "SECTION: one of the file's that has a page of its own: wamp.\n"},
    {.name = "config schema", .summary = "print the JSON schema of the configuration file"},
    {.name = "completions",
     .summary = "print a script that completes commands and flags",
     .positionals = "bash|zsh",
     .positionals_least = 1,
     .positionals_most = 1,
     .details = "bash:  source <(crosspoint completions bash)\n"
                "zsh:   crosspoint completions zsh > \"${fpath[1]}/_crosspoint\"\n"},
    {.name = "version", .summary = "print the version"},
    {.name = "help", .summary = "help on a command", .positionals = "[COMMAND]", .positionals_most = 2},
});

constexpr const Command* find_command(std::string_view name) {
  for (const Command& command: commands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

}  // namespace crosspoint::config
