#pragma once
// The keys that may verify, as an operator configures them: a shared secret, one public key, or a JSON Web
// Key Set (RFC 7517) from a file. Nothing is ever fetched: a token's `kid` selects among these keys, and does
// no more.
//
//   auto keys = KeySet::from_secret(secret, hmac_algorithms);   if (!keys) complain(keys.error());
//
// Errors and warnings are sentences for the operator, and never hold any of a key. Immutable; every thread
// may use it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "token/refusal.h"
#include "token/verification_key.h"

namespace crosspoint::token {

inline constexpr std::size_t secret_bytes_min = 4;       // what the old relay demanded
inline constexpr std::size_t secret_bytes_advised = 32;  // RFC 7518 section 3.2: as long as the hash
inline constexpr std::size_t key_file_bytes_max = 64 * 1024;
inline constexpr std::size_t keys_max = 32;  // a token without a `kid` is tried against each

class KeySet {
 public:
  // The secret's bytes as given. Text that is a PEM key is refused: whoever has the public half could sign.
  static Result<KeySet, std::string> from_secret(std::string_view secret,
                                                 Algorithms allowed = {Algorithm::hs256},
                                                 std::size_t bytes_min = secret_bytes_min);

  // The public half of an RSA, P-256 or Ed25519 key.
  static Result<KeySet, std::string> from_public_pem(std::string_view pem,
                                                     Algorithms allowed = all_algorithms);

  // {"keys":[…]}: `oct`, `RSA`, `EC` with `P-256`, `OKP` with `Ed25519`. Keys that are not for verifying with
  // an allowed algorithm are left out, with a warning; what cannot be right (a private key, two keys with one
  // `kid`, numbers that are no key) refuses the whole set.
  static Result<KeySet, std::string> from_jwks(std::string_view json, Algorithms allowed = all_algorithms);

  // A file's text: PEM or a key set, whichever it is.
  static Result<KeySet, std::string> from_file_text(std::string_view text,
                                                    Algorithms allowed = all_algorithms);

  // Nothing: the signature is good. Otherwise unsupported_algorithm, unknown_key, bad_signature.
  //
  // A `kid` selects the keys with that name; where no key has a name (a secret, a PEM file), it selects
  // nothing and is ignored.
  std::optional<Refusal> refuses(std::string_view algorithm, const std::optional<std::string>& key_id,
                                 Bytes signed_text, Bytes signature) const;

  std::size_t size() const { return keys_.size(); }
  Algorithms algorithms() const;  // those that some key is for
  // What the operator should know: a short secret, keys that were left out.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  std::vector<VerificationKey> keys_;
  std::vector<std::string> warnings_;
};

}  // namespace crosspoint::token
