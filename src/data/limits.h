#pragma once
// How much of a stranger's value is accepted (row D5). Reading takes time in proportion to the bytes,
// whatever they say, and memory in proportion to neither: a cursor is of one size.

#include <cstddef>

namespace crosspoint::data {

struct Limits {
  // Lists and maps open at once. A WAMP message is the first, its arguments the second.
  std::size_t depth_max = 64;
  // Of the whole value: as much as a RawSocket frame holds.
  std::size_t bytes_max = std::size_t{1} << 24;
};

// As deep as any Limits may say: a cursor has room for it.
inline constexpr std::size_t depth_capacity = 128;

}  // namespace crosspoint::data
