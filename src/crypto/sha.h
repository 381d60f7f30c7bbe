#pragma once
// SHA-1 and SHA-256 (FIPS 180-4) of bytes that are all at hand.
//
// SHA-1 is here for the WebSocket handshake alone (RFC 6455 section 4.2.2), where it proves that a server
// understood the request and guards nothing. Everything that guards something uses SHA-256 or an HMAC.

#include <array>

#include "base/bytes.h"

namespace crosspoint::crypto {

using Sha1Digest = std::array<std::byte, 20>;
using Sha256Digest = std::array<std::byte, 32>;

Sha1Digest sha1(Bytes bytes);
Sha256Digest sha256(Bytes bytes);

}  // namespace crosspoint::crypto
