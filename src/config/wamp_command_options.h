#pragma once
// A part of the table (option_table.h, which alone includes it): call, publish, subscribe and register, a
// WAMP client in the shell.

#include <array>
#include <string_view>

#include "config/option.h"

namespace crosspoint::config {

inline constexpr std::string_view wamp_commands = "call publish subscribe register";

// clang-format off: a row reads best with its short fields side by side.
inline constexpr auto wamp_command_options = std::to_array<Option>({
    {.key = "call.url", .commands = wamp_commands, .group = "Router", .initial = "ws://127.0.0.1:8080/ws", .placeholder = "URL",
     .help = "where the router is",
     .more = "`ws://` or `wss://` for WebSocket, `rs://HOST:PORT` or `rss://HOST:PORT` (TLS) for RawSocket, "
             "`unix:/run/crosspoint.sock` for RawSocket over a Unix socket. The default is where `crosspoint serve --dev` listens."},
    {.key = "call.realm", .commands = wamp_commands, .group = "Router", .initial = "realm1", .placeholder = "NAME", .help = "the realm to join"},
    {.key = "call.serializer", .type = ValueType::choice, .commands = wamp_commands, .group = "Router", .initial = "json",
     .choices = "json msgpack cbor ubjson bjdata", .help = "how messages are spelt on the way",
     .more = "`ubjson` is Draft 12, `bjdata` its successor; both have one name in WAMP, so the router has to be set to the same."},
    {.key = "call.connect-time-max", .type = ValueType::duration, .commands = wamp_commands, .group = "Router", .initial = "10s",
     .least = "100ms", .most = "10m", .help = "for an attempt to connect, and for one to join"},
    {.key = "call.ca-file", .commands = wamp_commands, .group = "Router", .placeholder = "FILE",
     .help = "trust the authorities in this PEM file, not the system's"},
    {.key = "call.authid", .commands = wamp_commands, .group = "Login", .placeholder = "NAME", .help = "who this is",
     .more = "Without one of the three files the client comes as anonymous."},
    {.key = "call.ticket-file", .commands = wamp_commands, .group = "Login", .placeholder = "FILE",
     .help = "show the ticket in this file",
     .more = "It is sent as it is: over TLS, or to this machine. Files that everybody on the machine may read are "
             "refused, here and below; the last line's end is no part of what they hold."},
    {.key = "call.secret-file", .commands = wamp_commands, .group = "Login", .placeholder = "FILE",
     .help = "answer challenges with the secret in this file (WAMP-CRA)"},
    {.key = "call.password-file", .commands = wamp_commands, .group = "Login", .placeholder = "FILE",
     .help = "prove to know the password in this file (SCRAM)",
     .more = "The router has to prove that it knows it, too."},
    {.key = "call.key-file", .commands = wamp_commands, .group = "Login", .placeholder = "FILE",
     .help = "sign challenges with the Ed25519 key in this file",
     .more = "Cryptosign. The private key as PEM, or the 64 hexadecimal digits of its seed, as Autobahn's tools write it."},
    {.key = "call.channel-binding", .type = ValueType::choice, .commands = wamp_commands, .group = "Login", .initial = "none",
     .choices = "none tls-unique tls-exporter", .help = "tie the proof of a key or password to this connection",
     .more = "Then it is worth nothing to somebody who ends TLS in between. `tls-unique` is of TLS 1.2."},
    {.key = "call.certificate-file", .commands = wamp_commands, .group = "Login", .placeholder = "FILE",
     .help = "show this certificate (PEM) to a router that asks for one",
     .more = "Alone, it is the login. It needs `call.certificate-key-file`."},
    {.key = "call.certificate-key-file", .commands = wamp_commands, .group = "Login", .placeholder = "FILE",
     .help = "its private key (PEM)"},
    {.key = "call.reroute", .type = ValueType::boolean, .commands = "call register", .group = "Call", .initial = "false",
     .help = "let the router give calls to another callee when one goes away",
     .more = "Of a shared procedure, and where caller and callee both say so. A call may then be carried out twice: once by "
             "whoever went away in the middle of it."},
    {.key = "call.disclose-me", .type = ValueType::boolean, .commands = "call publish", .group = "Call", .initial = "false",
     .help = "tell the other side who this is"},
    {.key = "call.kwargs", .commands = "call publish", .group = "Arguments", .placeholder = "JSON", .help = "more arguments by name, as a JSON object"},
    {.key = "call.timeout", .type = ValueType::duration, .commands = "call", .group = "Call", .initial = "0", .least = "1ms",
     .most = "24h", .zero = "no limit", .help = "cancel the call when no result has come for so long"},
    {.key = "call.progress", .type = ValueType::boolean, .commands = "call", .group = "Call", .initial = "false",
     .help = "print parts of the result as they come, a line each"},
    {.key = "publish.acknowledge", .type = ValueType::boolean, .commands = "publish", .group = "Publication", .initial = "true",
     .help = "wait for the router's word that it took the event"},
    {.key = "publish.retain", .type = ValueType::boolean, .commands = "publish", .group = "Publication", .initial = "false",
     .help = "keep the event for those who subscribe later"},
    {.key = "publish.exclude-me", .type = ValueType::boolean, .commands = "publish", .group = "Publication", .initial = "true",
     .help = "leave out this very session, should it be subscribed"},
    {.key = "publish.eligible", .type = ValueType::list, .commands = "publish", .group = "Receivers", .placeholder = "SESSION",
     .help = "only these sessions get the event",
     .more = "Numbers of sessions, as `crosspoint call wamp.session.list` prints them. Whoever is to get the event must be in every list "
             "of those who may, and in none of those who may not."},
    {.key = "publish.eligible-authid", .type = ValueType::list, .commands = "publish", .group = "Receivers", .placeholder = "NAME",
     .help = "only who has one of these names"},
    {.key = "publish.eligible-authrole", .type = ValueType::list, .commands = "publish", .group = "Receivers", .placeholder = "ROLE",
     .help = "only who has one of these roles"},
    {.key = "publish.exclude", .type = ValueType::list, .commands = "publish", .group = "Receivers", .placeholder = "SESSION",
     .help = "not these sessions"},
    {.key = "publish.exclude-authid", .type = ValueType::list, .commands = "publish", .group = "Receivers", .placeholder = "NAME",
     .help = "not who has one of these names"},
    {.key = "publish.exclude-authrole", .type = ValueType::list, .commands = "publish", .group = "Receivers", .placeholder = "ROLE",
     .help = "not who has one of these roles"},
    {.key = "publish.lines", .type = ValueType::boolean, .commands = "publish", .group = "Publication", .initial = "false",
     .help = "publish each line of standard input, behind the arguments",
     .more = "A line is JSON, or else text. Ends with the input, or when the router refuses one."},
    {.key = "subscribe.match", .type = ValueType::choice, .commands = "subscribe register", .group = "Pattern",
     .initial = "exact", .choices = "exact prefix wildcard",
     .help = "what the name means: itself, all that begin with it, a pattern", .more = "In a pattern an empty component stands for any: `com..temperature`."},
    {.key = "subscribe.retained", .type = ValueType::boolean, .commands = "subscribe", .group = "Events", .initial = "false",
     .help = "begin with the event that the router kept"},
    {.key = "subscribe.count", .type = ValueType::integer, .commands = "subscribe", .group = "Events", .initial = "0",
     .least = "1", .most = "1000000000", .zero = "no limit", .help = "end after so many events"},
    {.key = "register.invoke", .type = ValueType::choice, .commands = "register", .group = "Procedure", .initial = "single",
     .choices = "single roundrobin random first last", .help = "which of several callees of the procedure gets a call"},
    {.key = "register.force", .type = ValueType::boolean, .commands = "register", .group = "Procedure", .initial = "false",
     .help = "take the procedure over from whoever has it"},
    {.key = "register.concurrency", .type = ValueType::integer, .commands = "register", .group = "Procedure", .initial = "1",
     .least = "1", .most = "1000", .help = "commands that run at once; further calls wait"},
    {.key = "register.disclose-caller", .type = ValueType::boolean, .commands = "register", .group = "Procedure", .initial = "false",
     .help = "ask the router who calls, whether they say so or not",
     .more = "The command finds it in the line on its standard input: `caller`, `caller_authid`, `caller_authrole`."},
    {.key = "register.lines", .type = ValueType::boolean, .commands = "register", .group = "Procedure", .initial = "false",
     .help = "read what the command prints as lines of JSON, as the answer's parts",
     .more = "Each is an object with any of `args` (a list) and `kwargs` (an object), and `\"progress\": true` where more follows, or "
             "`\"error\": \"com.lab.error.dark\"` for an error. The first that is no progress is the answer."},
    {.key = "register.pass-arguments", .type = ValueType::boolean, .commands = "register", .group = "Procedure",
     .initial = "false", .help = "append a call's arguments to the command's own",
     .more = "Whoever calls chooses them: a command that takes `--output FILE` will take it from anybody. On standard input the "
             "arguments are there in any case."},
    {.key = "register.output-bytes-max", .type = ValueType::bytes, .commands = "register", .group = "Procedure",
     .initial = "1 MiB", .least = "1", .most = "16 MiB", .help = "what a command may write; more ends it, and the call fails"},
});
// clang-format on

}  // namespace crosspoint::config
