#pragma once
// Integers beyond 64 bits, between decimal digits and CBOR's bignums (RFC 8949 section 3.4.3). Both ways take
// time with the square of the length, so callers keep to item.h's bounds.

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace crosspoint::data {

// As many digits as 128 bytes may have, and a sign.
inline constexpr std::size_t big_integer_digits_max = 310;

// n most significant byte first: "n", or "-1-n" worked out if negative.
std::string decimal_of_magnitude(Bytes magnitude, bool negative);

// The n of a decimal integer ("-" and digits): its value, or -1 minus it if negative. No zero bytes before
// it.
ByteVector magnitude_of_decimal(std::string_view decimal);

}  // namespace crosspoint::data
