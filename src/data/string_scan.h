#pragma once
// Looks for the end of what needs no thought in a JSON string, eight bytes a step. Inline: this is where the
// time goes.

#include <bit>
#include <cstdint>

#include "base/bytes.h"

namespace crosspoint::data {

// The top bit of each byte that is a quote, a backslash or below 20. A borrow can set bits above a byte that
// is special, never below the first.
inline std::uint64_t string_specials(std::uint64_t word) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  const std::uint64_t quote = word ^ ones * '"';
  const std::uint64_t backslash = word ^ ones * '\\';
  const std::uint64_t found =
      ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | ((word - ones * 0x20) & ~word);
  return found & ones * 0x80;
}

// The first quote, backslash or byte below 20 from `at` on, or `end`. Sets `ascii` to false if a byte of 80
// or more came before it.
inline const std::byte* find_string_special(const std::byte* at, const std::byte* end, bool& ascii) {
  std::uint64_t seen = 0;
  if constexpr (std::endian::native == std::endian::little) {
    while (end - at >= 8) {
      std::uint64_t word;
      std::memcpy(&word, at, sizeof word);
      const std::uint64_t special = string_specials(word);
      if (special != 0) {
        seen |= word & ((special & (0 - special)) - 1);
        at += std::countr_zero(special) >> 3;
        if ((seen & 0x8080808080808080) != 0) ascii = false;
        return at;
      }
      seen |= word;
      at += 8;
    }
  }
  for (; at < end; ++at) {
    const std::uint8_t c = to_u8(*at);
    if (c == '"' || c == '\\' || c < 0x20) break;
    seen |= c;
  }
  if ((seen & 0x8080808080808080) != 0) ascii = false;
  return at;
}

}  // namespace crosspoint::data
