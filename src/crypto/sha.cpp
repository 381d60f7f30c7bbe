#include "crypto/sha.h"

#include "crypto/hash.h"

namespace crosspoint::crypto {
namespace {

template <class Digest>
Digest digest_of(Bytes bytes, const Hash& hash) {
  Digest digest;
  hash.digest({bytes}, digest);
  return digest;
}

}  // namespace

Sha1Digest sha1(Bytes bytes) { return digest_of<Sha1Digest>(bytes, Hash::sha1()); }
Sha256Digest sha256(Bytes bytes) { return digest_of<Sha256Digest>(bytes, Hash::sha256()); }

}  // namespace crosspoint::crypto
