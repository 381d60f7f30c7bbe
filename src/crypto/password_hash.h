#pragma once
// Keys from passwords, made slow on purpose: PBKDF2 (pbkdf2.h), and Argon2id version 1.3 (RFC 9106) in one
// lane. How slow is the caller's to bound: with numbers from a stranger these take as long, and as much
// memory, as the stranger likes.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "crypto/pbkdf2.h"

namespace crosspoint::crypto {

inline constexpr std::size_t argon2_salt_bytes = 16;
inline constexpr std::uint32_t argon2_memory_kib_min = 8;

// 32 bytes. Nothing: the memory is not to be had, or less than argon2_memory_kib_min, or time_cost is 0.
std::optional<ByteVector> argon2id(Bytes password, std::span<const std::byte, argon2_salt_bytes> salt,
                                   std::uint32_t time_cost, std::uint32_t memory_kib);

// "$argon2id$v=19$m=65536,t=2,p=1$SALT$HASH", as libsodium and the argon2 program write it. False as well
// when the text is none, or the memory is not to be had.
bool argon2id_matches(const std::string& encoded, Bytes password);

}  // namespace crosspoint::crypto
