#include "crypto/hmac.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <span>

#include "crypto/hash.h"

namespace crosspoint::crypto {
namespace {

// RFC 2104 section 2. OpenSSL's own keeps the key in its context, and looks three things up by name for each
// code.
template <std::size_t block_bytes, class Code>
Code hmac(Bytes key, Bytes message, const Hash& hash) {
  constexpr std::byte inner{0x36};
  constexpr std::byte outer{0x5c};
  std::array<std::byte, block_bytes> pad{};
  if (key.size() > block_bytes) {
    hash.digest({key}, std::span(pad).template first<Code{}.size()>());
  } else {
    std::copy(key.begin(), key.end(), pad.begin());
  }
  Code code;
  for (std::byte& byte: pad) byte ^= inner;
  hash.digest({pad, message}, code);
  for (std::byte& byte: pad) byte ^= inner ^ outer;
  hash.digest({pad, code}, code);
  OPENSSL_cleanse(pad.data(), pad.size());
  return code;
}

}  // namespace

HmacSha256 hmac_sha256(Bytes key, Bytes message) {
  return hmac<64, HmacSha256>(key, message, Hash::sha256());
}
HmacSha384 hmac_sha384(Bytes key, Bytes message) {
  return hmac<128, HmacSha384>(key, message, Hash::sha384());
}
HmacSha512 hmac_sha512(Bytes key, Bytes message) {
  return hmac<128, HmacSha512>(key, message, Hash::sha512());
}

}  // namespace crosspoint::crypto
