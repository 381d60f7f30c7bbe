// From the command line to one of the commands. Everything that was wrong with the line, the environment or
// the configuration file is said here, as sentences, before anything starts.

#include <fmt/core.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/log.h"
#include "base/out_of_memory.h"
#include "base/random.h"
#include "base/text_hash.h"
#include "cli/commands.h"
#include "cli/start_check.h"
#include "cli/startup.h"
#include "config/command_line.h"
#include "crypto/scarce_memory.h"
#include "net/system_files.h"
#include "wamp/auth/read_settings.h"

extern char** environ;

namespace crosspoint::cli {
namespace {

config::Environment environment() {
  config::Environment variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != text.npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

int run(const config::Invocation& invocation, const config::Inputs& inputs) {
  if (invocation.command == "serve") {
    return serve_command(invocation.settings, invocation.notes, invocation.sections,
                         [&inputs] { return read_configuration(inputs); });
  }
  if (invocation.command == "host") return host_command(invocation.settings, invocation.notes);
  if (invocation.command == "demo") return demo_command(invocation.settings, invocation.notes);
  if (invocation.command == "token") {
    return token_command(invocation.settings, invocation.positionals, invocation.notes);
  }
  if (invocation.command == "principal") return principal_command(invocation.settings, invocation.notes);
  if (invocation.command == "init wamp") return init_wamp_command(invocation.positionals);
  if (invocation.command == "call")
    return call_command(invocation.settings, invocation.positionals, invocation.notes);
  if (invocation.command == "publish")
    return publish_command(invocation.settings, invocation.positionals, invocation.notes);
  if (invocation.command == "subscribe")
    return subscribe_command(invocation.settings, invocation.positionals, invocation.notes);
  if (invocation.command == "register")
    return register_command(invocation.settings, invocation.positionals, invocation.notes);
  if (invocation.command == "file") return file_command(invocation.settings, invocation.notes);
  if (invocation.command == "status") return status_command(invocation.settings, invocation.notes);
  if (invocation.command == "top") return top_command(invocation.settings, invocation.notes);
  return bench_command(invocation.settings, invocation.notes);
}

// Called by the older relay's name (a link), `relay serve` is what it was: token topics, and nothing else;
// and `relay client file` is `crosspoint file`.
std::vector<std::string> arguments(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const std::string_view name(argv[0]);
  const bool is_relay = name.substr(name.rfind('/') + 1) == "relay";  // npos + 1 is 0
  if (!is_relay || words.empty()) return words;
  if (words.front() == "serve") words.insert(words.begin() + 1, "--secure");
  if (words.size() > 1 && words[0] == "client" && words[1] == "file") words.erase(words.begin());
  return words;
}

}  // namespace
}  // namespace crosspoint::cli

int main(int argc, char** argv) {
  using namespace crosspoint;
  end_when_out_of_memory();
  // False where something that was loaded before us uses OpenSSL: then OpenSSL goes on as it does.
  std::ignore = crypto::end_when_openssl_is_out_of_memory();
  SystemRandom random;
  set_text_hash_key({random.next_u64(), random.next_u64()});
  const net::SystemFiles files;
  const config::Inputs inputs{.arguments = cli::arguments(argc, argv),
                              .environment = cli::environment(),
                              .read_file = cli::reading(files),
                              .version = CROSSPOINT_VERSION,
                              .sections = {wamp::auth::settings_section()},
                              .foresee = cli::foreseeing(files)};
  const auto outcome = config::parse_command_line(inputs);
  if (const auto* reply = std::get_if<config::Reply>(&outcome)) {
    std::fputs(reply->errors.c_str(), stderr);
    std::fputs(reply->output.c_str(), stdout);
    return reply->exit_status;
  }
  return cli::run(std::get<config::Invocation>(outcome), inputs);
}
