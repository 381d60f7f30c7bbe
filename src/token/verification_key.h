#pragma once
// One key that may verify tokens, bound to the algorithms it is for. The binding is what keeps a public key,
// which everybody has, from serving as an HMAC secret (RFC 8725 section 3.1): a Secret is asked for HMAC
// only, a PublicKey for its own kind only.

#include <optional>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "crypto/signature.h"
#include "token/algorithm.h"

namespace crosspoint::token {

struct Secret {
  ByteVector bytes;
};

struct VerificationKey {
  std::optional<std::string> key_id;  // what a token's `kid` may name it by
  Algorithms algorithms;              // never HMAC for a PublicKey, nor anything else for a Secret
  std::variant<Secret, crypto::PublicKey> material;

  // Takes the same time wherever an HMAC differs. `algorithm` is one of this key's.
  bool verifies(Algorithm algorithm, Bytes signed_text, Bytes signature) const;
};

Algorithm algorithm_of(crypto::KeyType type);

// The code that a token signed with this secret ends in.
ByteVector hmac(Algorithm algorithm, Bytes secret, Bytes signed_text);

}  // namespace crosspoint::token
