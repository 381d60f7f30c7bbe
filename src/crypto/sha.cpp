#include "crypto/sha.h"

#include <openssl/evp.h>

#include "base/assert.h"

namespace crosspoint::crypto {
namespace {

template <class Digest>
Digest digest_of(Bytes bytes, const EVP_MD* algorithm) {
  Digest digest;
  unsigned int size = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()),
                              &size, algorithm, nullptr);
  // Fails only when OpenSSL was built without the algorithm or memory ran out.
  CROSSPOINT_ASSERT(done == 1);
  CROSSPOINT_ASSERT(size == digest.size());
  return digest;
}

}  // namespace

Sha1Digest sha1(Bytes bytes) { return digest_of<Sha1Digest>(bytes, EVP_sha1()); }
Sha256Digest sha256(Bytes bytes) { return digest_of<Sha256Digest>(bytes, EVP_sha256()); }

}  // namespace crosspoint::crypto
