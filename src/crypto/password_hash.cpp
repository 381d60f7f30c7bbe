#include "crypto/password_hash.h"

#include <sodium.h>

#include "base/assert.h"

namespace crosspoint::crypto {
namespace {

const char* letters(Bytes bytes) { return reinterpret_cast<const char*>(bytes.data()); }
const unsigned char* octets(Bytes bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

// Once for the process, from whichever thread comes first; it picks the fastest code for this processor.
void start_sodium() {
  static const int started = sodium_init();
  CROSSPOINT_ASSERT(started >= 0);
}

}  // namespace

std::optional<ByteVector> argon2id(Bytes password, std::span<const std::byte, argon2_salt_bytes> salt,
                                   std::uint32_t time_cost, std::uint32_t memory_kib) {
  static_assert(argon2_salt_bytes == crypto_pwhash_argon2id_SALTBYTES);
  static_assert(argon2_memory_kib_min * 1024 == crypto_pwhash_argon2id_MEMLIMIT_MIN);
  start_sodium();
  ByteVector key(32);
  const int done = crypto_pwhash(reinterpret_cast<unsigned char*>(key.data()), key.size(),
                                 password.empty() ? "" : letters(password), password.size(), octets(salt),
                                 time_cost, std::size_t{memory_kib} * 1024, crypto_pwhash_ALG_ARGON2ID13);
  if (done != 0) return std::nullopt;
  return key;
}

bool argon2id_matches(const std::string& encoded, Bytes password) {
  start_sodium();
  return crypto_pwhash_argon2id_str_verify(encoded.c_str(), password.empty() ? "" : letters(password),
                                           password.size()) == 0;
}

}  // namespace crosspoint::crypto
