#pragma once
// Topic `stats`, where the relay reports who is connected (secure-relay specification, section 5).

#include <cstddef>
#include <string_view>

namespace crosspoint::relay {

inline constexpr std::string_view stats_topic = "stats";
inline constexpr std::size_t stats_command_bytes_max = 1024;

// {"cmd":"update"}: asks for a report now. Unknown members are ignored.
bool is_stats_command(std::string_view message);

}  // namespace crosspoint::relay
