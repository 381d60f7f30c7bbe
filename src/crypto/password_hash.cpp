#include "crypto/password_hash.h"

#include <openssl/evp.h>
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

ByteVector pbkdf2_sha256(Bytes password, Bytes salt, std::uint32_t iterations, std::size_t key_bytes) {
  CROSSPOINT_ASSERT(iterations >= 1);
  CROSSPOINT_ASSERT(key_bytes >= 1);
  ByteVector key(key_bytes);
  // OpenSSL takes null for no password; an empty span may hold it.
  const int done = PKCS5_PBKDF2_HMAC(
      password.empty() ? "" : letters(password), static_cast<int>(password.size()), octets(salt),
      static_cast<int>(salt.size()), static_cast<int>(iterations), EVP_sha256(), static_cast<int>(key.size()),
      reinterpret_cast<unsigned char*>(key.data()));
  CROSSPOINT_ASSERT(done == 1);
  return key;
}

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
