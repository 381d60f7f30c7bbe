#pragma once
// Looks for the end of what needs no thought in a JSON string, sixteen bytes a step with SSE2, eight
// elsewhere. Inline: this is where the time goes.

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i last_control = _mm_set1_epi8(0x1f);
  while (end - at >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
    const __m128i mark = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
    const auto special = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(control, mark)));
    const auto high = static_cast<unsigned>(_mm_movemask_epi8(bytes));
    if (special != 0) {
      if ((high & ((special & (0 - special)) - 1)) != 0) ascii = false;
      return at + std::countr_zero(special);
    }
    if (high != 0) ascii = false;
    at += 16;
  }
#endif
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
