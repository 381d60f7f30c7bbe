#pragma once
// Why a session that had joined a realm is no longer in it: for the numbers of a node.

#include <array>
#include <cstdint>
#include <string_view>

namespace crosspoint::wamp {

enum class SessionEnd : std::uint8_t {
  goodbye,             // the client said GOODBYE or ABORT
  lost,                // its connection went without either
  put_out,             // killed, no longer allowed, or its realm is gone: GOODBYE from here
  too_slow,            // it did not read, or not fast enough (TransportSettings)
  protocol_violation,  // ABORT from here
  held_too_much,       // SessionSettings::held_bytes_max
  shutdown,            // the router ends
};
inline constexpr std::size_t session_ends = 7;
using SessionEndCounts = std::array<std::uint64_t, session_ends>;

constexpr std::string_view to_string(SessionEnd end) {
  constexpr std::array<std::string_view, session_ends> names{
      "goodbye", "lost", "put_out", "too_slow", "protocol_violation", "held_too_much", "shutdown"};
  return names[static_cast<std::size_t>(end)];
}

}  // namespace crosspoint::wamp
