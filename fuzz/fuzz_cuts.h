#pragma once
// How a fuzzer says where its input is cut: the first byte of the input seeds the lengths of the pieces.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace crosspoint::fuzz {

// Pieces of 0 to 63 bytes, most of them short.
inline std::vector<Bytes> cut(Bytes input, std::uint8_t seed) {
  std::vector<Bytes> pieces;
  std::uint32_t state = seed * 2654435761u + 1;
  while (!input.empty()) {
    state = state * 1664525u + 1013904223u;
    const std::size_t wanted = (state >> 24) < 200 ? (state >> 16) % 5 : (state >> 16) % 64;
    const std::size_t size = std::min(wanted, input.size());
    pieces.push_back(input.first(size));
    input = input.subspan(size);
  }
  return pieces;
}

}  // namespace crosspoint::fuzz
