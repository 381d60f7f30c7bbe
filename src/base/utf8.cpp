#include "base/utf8.h"

#include <cstring>

namespace crosspoint {
namespace {

// How many ASCII bytes `at` begins with, rounded down to whole words: the rest is left to the careful loop.
std::size_t ascii_words(const std::byte* at, std::size_t left) {
  constexpr std::uint64_t top_bits = 0x8080808080808080;
  std::size_t seen = 0;
  for (; left - seen >= 32; seen += 32) {
    std::uint64_t words[4];
    std::memcpy(words, at + seen, sizeof words);
    if (((words[0] | words[1] | words[2] | words[3]) & top_bits) != 0) break;
  }
  for (; left - seen >= 8; seen += 8) {
    std::uint64_t word;
    std::memcpy(&word, at + seen, sizeof word);
    if ((word & top_bits) != 0) break;
  }
  return seen;
}

}  // namespace

bool Utf8Validator::step(std::uint8_t byte) {
  if (continuations_left_ > 0) {
    if (byte < low_ || byte > high_) return false;
    --continuations_left_;
    low_ = 0x80;
    high_ = 0xbf;
    return true;
  }
  if (byte < 0x80) return true;
  if (byte < 0xc2 || byte > 0xf4) return false;  // a stray continuation, an overlong form, or beyond U+10FFFF
  continuations_left_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  if (byte == 0xe0) low_ = 0xa0;   // below: overlong
  if (byte == 0xed) high_ = 0x9f;  // above: surrogates
  if (byte == 0xf0) low_ = 0x90;   // below: overlong
  if (byte == 0xf4) high_ = 0x8f;  // above: beyond U+10FFFF
  return true;
}

std::size_t Utf8Validator::feed(Bytes bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (continuations_left_ == 0) at += ascii_words(bytes.data() + at, bytes.size() - at);
    // Up to a word by hand before the next look for a run of ASCII.
    const std::size_t pause = bytes.size() - at < 8 ? bytes.size() : at + 8;
    for (; at < pause; ++at) {
      if (!step(to_u8(bytes[at]))) return at;
    }
  }
  return at;
}

bool is_utf8(Bytes bytes) {
  Utf8Validator validator;
  return validator.feed(bytes) == bytes.size() && validator.at_boundary();
}

}  // namespace crosspoint
