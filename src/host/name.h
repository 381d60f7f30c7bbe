#pragma once
// What feeds and streams are called. A feed is a local topic: the path after /ts/ or /ws/. A stream is a name
// with a rule that lists feeds, and by custom begins with "stream/".

#include <string_view>

namespace crosspoint::host {

inline constexpr std::size_t name_bytes_max = 256;

// One or more of A–Z a–z 0–9 - and /. Everything else in a path is no name, and its route is not found. A
// trailing slash belongs to the name: "video0/" is not "video0".
bool is_name(std::string_view text);

// "stream/…": subscribed to, never published on.
bool names_a_stream(std::string_view name);

// Rules are written with or without one leading slash; names never have it.
std::string_view without_leading_slash(std::string_view name);

}  // namespace crosspoint::host
