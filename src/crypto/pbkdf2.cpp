#include "crypto/pbkdf2.h"

#include <openssl/evp.h>

#include "base/assert.h"

namespace crosspoint::crypto {

ByteVector pbkdf2_sha256(Bytes password, Bytes salt, std::uint32_t iterations, std::size_t key_bytes) {
  CROSSPOINT_ASSERT(iterations >= 1);
  CROSSPOINT_ASSERT(key_bytes >= 1);
  ByteVector key(key_bytes);
  // OpenSSL takes null for no password; an empty span may hold it.
  const auto* letters = password.empty() ? "" : reinterpret_cast<const char*>(password.data());
  const int done = PKCS5_PBKDF2_HMAC(
      letters, static_cast<int>(password.size()), reinterpret_cast<const unsigned char*>(salt.data()),
      static_cast<int>(salt.size()), static_cast<int>(iterations), EVP_sha256(), static_cast<int>(key.size()),
      reinterpret_cast<unsigned char*>(key.data()));
  CROSSPOINT_ASSERT(done == 1);
  return key;
}

}  // namespace crosspoint::crypto
