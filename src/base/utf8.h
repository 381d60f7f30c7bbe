#pragma once
// Is this UTF-8 (RFC 3629)? Strict, and as early as can be known: the byte that makes the text wrong is
// refused when it comes, not when the message is complete (row B9). No overlong forms, no surrogates, nothing
// above U+10FFFF.

#include <cstdint>

#include "base/bytes.h"

namespace crosspoint {

class Utf8Validator {
 public:
  // The next piece of a text, cut anywhere. Returns how many of its bytes were good: all of them, or those
  // before the first bad one. After a bad byte start again with a new validator.
  std::size_t feed(Bytes bytes);

  // No code point is half here: the text may end.
  bool at_boundary() const { return continuations_left_ == 0; }

 private:
  // Takes one byte; false if it is wrong here.
  bool step(std::uint8_t byte);

  std::uint8_t continuations_left_ = 0;
  // What the next continuation byte may be; narrower than 80–BF after E0, ED, F0 and F4.
  std::uint8_t low_ = 0x80;
  std::uint8_t high_ = 0xbf;
};

// All at once.
bool is_utf8(Bytes bytes);

}  // namespace crosspoint
