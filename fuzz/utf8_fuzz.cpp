// The validator against a decoder written the other way round: it puts code points together and judges the
// numbers.
#include <cstdint>
#include <optional>

#include "base/assert.h"
#include "base/utf8.h"
#include "fuzz_cuts.h"

using namespace crosspoint;

namespace {

// How many bytes from `at` can begin a valid code point; the whole code point if `length` of them are there.
struct Read {
  std::size_t good;
  std::size_t length;  // what the first byte asks for; 0 if it asks for nothing
};

// Is there a code point from `lowest` to `highest` that is written in so many bytes? Both lie on the same
// side of the surrogates, or around them, or are surrogates alone.
bool may_be_completed(std::uint32_t lowest, std::uint32_t highest, std::size_t length) {
  const std::uint32_t floors[] = {0, 0, 0x80, 0x800, 0x10000};
  lowest = std::max(lowest, floors[length]);
  highest = std::min<std::uint32_t>(highest, 0x10ffff);
  return lowest <= highest && !(lowest >= 0xd800 && highest <= 0xdfff);
}

Read read_point(Bytes text) {
  const std::uint8_t first = to_u8(text[0]);
  if (first < 0x80) return {1, 1};
  const std::size_t length = first >> 5 == 0x6 ? 2 : first >> 4 == 0xe ? 3 : first >> 3 == 0x1e ? 4 : 0;
  if (length == 0) return {0, 0};
  std::uint32_t point = first & (0x7f >> length);
  for (std::size_t have = 1;; ++have) {
    // All code points that the bytes so far can still become.
    const auto open_bits = static_cast<std::uint32_t>(6 * (length - have));
    const std::uint32_t lowest = point << open_bits;
    if (!may_be_completed(lowest, lowest | ((1u << open_bits) - 1), length)) return {have - 1, length};
    if (have == length || have == text.size()) return {have, length};
    const std::uint8_t next = to_u8(text[have]);
    if (next >> 6 != 2) return {have, length};
    point = point << 6 | (next & 0x3f);
  }
}

struct Verdict {
  std::size_t good = 0;
  bool at_boundary = true;
};

Verdict reference(Bytes text) {
  Verdict verdict;
  while (verdict.good < text.size()) {
    const Read read = read_point(text.subspan(verdict.good));
    verdict.good += read.good;
    if (read.good < read.length || read.length == 0) {
      verdict.at_boundary = read.good == 0;
      return verdict;
    }
  }
  return verdict;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes text = std::as_bytes(std::span(data + 1, size - 1));
  const Verdict expected = reference(text);

  Utf8Validator whole;
  CROSSPOINT_ASSERT(whole.feed(text) == expected.good);
  CROSSPOINT_ASSERT(is_utf8(text) == (expected.good == text.size() && expected.at_boundary));

  Utf8Validator pieces;
  std::size_t good = 0;
  for (const Bytes piece: fuzz::cut(text, data[0])) {
    const std::size_t here = pieces.feed(piece);
    good += here;
    if (here < piece.size()) break;
  }
  CROSSPOINT_ASSERT(good == expected.good);
  return 0;
}
