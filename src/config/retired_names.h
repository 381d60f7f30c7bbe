#pragma once
// Names of the programs that this one replaces, which no longer stand for anything: they are taken, checked
// and said to have no effect, so that their users' scripts go on.

#include <array>

#include "config/option.h"

namespace crosspoint::config {

// clang-format off: one row a name
inline constexpr auto retired_names = std::to_array<RetiredName>({
    {.name = "--buffer", .type = ValueType::integer, .commands = "serve",
     .note = "has no effect: queues are bounded by serve.outbox-bytes-max and serve.outbox-age-max",
     .was = "size of a buffer"},
    {.name = "--cpuprofile", .commands = "serve", .note = "has no effect: use perf(1)",
     .was = "file for a CPU profile"},
    {.name = "RELAY_BUFFER_SIZE", .type = ValueType::integer, .commands = "serve",
     .note = "has no effect: queues are bounded by serve.outbox-bytes-max and serve.outbox-age-max",
     .was = "messages in a queue"},
    {.name = "RELAY_PROFILE", .type = ValueType::boolean, .commands = "serve", .note = "",
     .was = "whether to listen for profilers"},
    {.name = "RELAY_PORT_PROFILE", .type = ValueType::integer, .commands = "serve", .note = "",
     .was = "port for profilers"},
    {.name = "VW_CPUPROFILE", .commands = "host", .note = "has no effect: use perf(1)",
     .was = "file for a CPU profile"},
    {.name = "VW_MUXBUFFERLENGTH", .type = ValueType::integer, .commands = "host", .note = "",
     .was = "messages in a queue"},
    {.name = "VW_CLIENTBUFFERLENGTH", .type = ValueType::integer, .commands = "host", .note = "",
     .was = "messages in a queue"},
    {.name = "VW_CLIENTTIMEOUTMS", .type = ValueType::integer, .commands = "host", .note = "",
     .was = "milliseconds"},
    {.name = "VW_HTTPFLUSHMS", .type = ValueType::integer, .commands = "host", .note = "",
     .was = "milliseconds"},
    {.name = "VW_HTTPTIMEOUTMS", .type = ValueType::integer, .commands = "host", .note = "",
     .was = "milliseconds"},
    {.name = "VW_HTTPWAITMS", .type = ValueType::integer, .commands = "host", .note = "",
     .was = "milliseconds"},
});
// clang-format on

}  // namespace crosspoint::config
