#pragma once
// HMAC (RFC 2104) with the SHA-2 hashes that signed tokens use (RFC 7518 section 3.2: HS256, HS384, HS512).
// Compare a code that came from outside with equal_in_constant_time (constant_time.h), never with ==.

#include <array>

#include "base/bytes.h"

namespace crosspoint::crypto {

using HmacSha256 = std::array<std::byte, 32>;
using HmacSha384 = std::array<std::byte, 48>;
using HmacSha512 = std::array<std::byte, 64>;

HmacSha256 hmac_sha256(Bytes key, Bytes message);
HmacSha384 hmac_sha384(Bytes key, Bytes message);
HmacSha512 hmac_sha512(Bytes key, Bytes message);

}  // namespace crosspoint::crypto
