#pragma once
// Keys from passwords, made slow on purpose: PBKDF2 (RFC 8018 section 5.2) with HMAC-SHA-256. How slow is the
// caller's to bound: with numbers from a stranger it takes as long as the stranger likes.

#include <cstdint>

#include "base/bytes.h"

namespace crosspoint::crypto {

// iterations and key_bytes at least 1.
ByteVector pbkdf2_sha256(Bytes password, Bytes salt, std::uint32_t iterations, std::size_t key_bytes);

}  // namespace crosspoint::crypto
