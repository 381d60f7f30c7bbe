#pragma once
// Base64 (RFC 4648), strict both ways: what decodes is exactly what encode_base64 would have written, so one
// value has one spelling and nothing can be smuggled in padding, white space or left-over bits.

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace crosspoint {

enum class Base64 {
  standard,  // section 4: A–Z a–z 0–9 + /, padded with "=" to a multiple of four (Sec-WebSocket-Key, Basic)
  url,       // section 5: - and _ instead of + and /, never padded (JWT, codes in addresses)
};

enum class Base64Error {
  wrong_character,  // not of this alphabet; white space and misplaced "=" count as such
  wrong_length,     // no number of whole bytes has an encoding this long, or the padding is missing
  stray_bits,       // the last character holds bits that no byte uses, and they are not zero
};

std::string encode_base64(Base64 kind, Bytes bytes);
Result<ByteVector, Base64Error> decode_base64(Base64 kind, std::string_view text);

}  // namespace crosspoint
