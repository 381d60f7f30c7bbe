#include "bench/probe_body.h"

#include <algorithm>
#include <cstring>

#include "base/random.h"

namespace crosspoint::bench {
namespace {

constexpr std::size_t pattern_bytes = 64 * 1024;

ByteVector make_pattern(Alphabet alphabet) {
  ByteVector made(pattern_bytes * 2);
  SeededRandom(0x6372'6f73'7370'6f69).fill(MutableBytes(made).first(pattern_bytes));
  if (alphabet == Alphabet::text) {
    for (std::byte& each: made) each = static_cast<std::byte>(text_digits[to_u8(each) & 63]);
  }
  std::copy_n(made.begin(), pattern_bytes, made.begin() + pattern_bytes);
  return made;
}

const ByteVector& pattern(Alphabet alphabet) {
  static const ByteVector bytes = make_pattern(Alphabet::bytes);
  static const ByteVector text = make_pattern(Alphabet::text);
  return alphabet == Alphabet::bytes ? bytes : text;
}

// Every bit of number and source moves the window.
std::size_t phase_of(std::uint64_t sequence, std::uint64_t source) {
  const std::uint64_t mixed = sequence * 0x9e3779b97f4a7c15u + source * 0xc2b2ae3d27d4eb4fu;
  return static_cast<std::size_t>(mixed >> 48) % pattern_bytes;
}

Bytes window_of(Alphabet alphabet, std::uint64_t sequence, std::uint64_t source) {
  return Bytes(pattern(alphabet)).subspan(phase_of(sequence, source), pattern_bytes);
}

}  // namespace

void write_body(Alphabet alphabet, std::uint64_t sequence, std::uint64_t source, MutableBytes body) {
  const Bytes window = window_of(alphabet, sequence, source);
  for (std::size_t at = 0; at < body.size(); at += pattern_bytes) {
    std::memcpy(body.data() + at, window.data(), std::min(pattern_bytes, body.size() - at));
  }
}

bool is_body(Alphabet alphabet, std::uint64_t sequence, std::uint64_t source, Bytes body) {
  const Bytes window = window_of(alphabet, sequence, source);
  for (std::size_t at = 0; at < body.size(); at += pattern_bytes) {
    if (std::memcmp(body.data() + at, window.data(), std::min(pattern_bytes, body.size() - at)) != 0)
      return false;
  }
  return true;
}

}  // namespace crosspoint::bench
