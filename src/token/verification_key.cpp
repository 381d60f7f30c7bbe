#include "token/verification_key.h"

#include "base/assert.h"
#include "crypto/constant_time.h"
#include "crypto/hmac.h"

namespace crosspoint::token {

bool VerificationKey::verifies(Algorithm algorithm, Bytes signed_text, Bytes signature) const {
  CROSSPOINT_ASSERT(algorithms.contains(algorithm));
  if (const auto* secret = std::get_if<Secret>(&material)) {
    return is_hmac(algorithm) &&
           crypto::equal_in_constant_time(hmac(algorithm, secret->bytes, signed_text), signature);
  }
  const auto& key = std::get<crypto::PublicKey>(material);
  return algorithm_of(key.type()) == algorithm && key.verifies(signed_text, signature);
}

Algorithm algorithm_of(crypto::KeyType type) {
  switch (type) {
    case crypto::KeyType::rsa: return Algorithm::rs256;
    case crypto::KeyType::p256: return Algorithm::es256;
    case crypto::KeyType::ed25519: return Algorithm::eddsa;
  }
  return Algorithm::rs256;
}

ByteVector hmac(Algorithm algorithm, Bytes secret, Bytes signed_text) {
  CROSSPOINT_ASSERT(is_hmac(algorithm));
  if (algorithm == Algorithm::hs256) return to_vector(crypto::hmac_sha256(secret, signed_text));
  if (algorithm == Algorithm::hs384) return to_vector(crypto::hmac_sha384(secret, signed_text));
  return to_vector(crypto::hmac_sha512(secret, signed_text));
}

}  // namespace crosspoint::token
