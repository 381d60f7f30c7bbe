#include "crypto/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <limits>

#include "base/assert.h"

namespace crosspoint::crypto {
namespace {

template <class Code>
Code hmac(Bytes key, Bytes message, const EVP_MD* hash) {
  CROSSPOINT_ASSERT(key.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  Code code;
  unsigned int size = 0;
  // OpenSSL takes a null key to mean "the key of last time"; an empty one still needs an address.
  static constexpr unsigned char nothing = 0;
  const auto* key_data = key.empty() ? &nothing : reinterpret_cast<const unsigned char*>(key.data());
  const auto* done = HMAC(hash, key_data, static_cast<int>(key.size()),
                          reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                          reinterpret_cast<unsigned char*>(code.data()), &size);
  CROSSPOINT_ASSERT(done != nullptr);
  CROSSPOINT_ASSERT(size == code.size());
  return code;
}

}  // namespace

HmacSha256 hmac_sha256(Bytes key, Bytes message) { return hmac<HmacSha256>(key, message, EVP_sha256()); }
HmacSha384 hmac_sha384(Bytes key, Bytes message) { return hmac<HmacSha384>(key, message, EVP_sha384()); }
HmacSha512 hmac_sha512(Bytes key, Bytes message) { return hmac<HmacSha512>(key, message, EVP_sha512()); }

}  // namespace crosspoint::crypto
