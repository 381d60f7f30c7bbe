#pragma once
// Cuts an input into pieces, differently for different inputs and the same way for the same one.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace crosspoint::fuzzing {

inline std::vector<Bytes> cut(Bytes input) {
  std::uint32_t state = 2166136261u;
  for (const std::byte b: input) state = (state ^ to_u8(b)) * 16777619u;
  std::vector<Bytes> pieces;
  while (!input.empty()) {
    state = state * 1664525u + 1013904223u;
    const std::size_t bytes = std::min<std::size_t>(input.size(), 1 + (state >> 16) % 23);
    pieces.push_back(input.first(bytes));
    input = input.subspan(bytes);
  }
  return pieces;
}

}  // namespace crosspoint::fuzzing
