#pragma once
// Making tokens: with a shared secret (HS256 unless said otherwise), or with a private key, whose kind
// decides the algorithm.
//
//   auto signer = Signer::from_secret(secret);
//   if (!signer) complain(signer.error());
//   std::string token = signer->sign(claims);
//
// A signer keeps its key as long as it lives. Errors are sentences, without any of the key.

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "crypto/signature.h"
#include "token/algorithm.h"
#include "token/claims.h"
#include "token/verification_key.h"

namespace crosspoint::token {

class Signer {
 public:
  static Result<Signer, std::string> from_secret(std::string_view secret,
                                                 Algorithm algorithm = Algorithm::hs256);
  static Result<Signer, std::string> from_private_pem(std::string_view pem);

  // Names the key in the header of each token from now on.
  void set_key_id(std::string key_id) { key_id_ = std::move(key_id); }

  Algorithm algorithm() const { return algorithm_; }
  std::string sign(const Claims& claims) const { return sign_text(write_claims(claims)); }
  // Claims of another form, as text; not looked into.
  std::string sign_text(std::string_view claims) const;

 private:
  using Key = std::variant<Secret, crypto::PrivateKey>;
  Signer(Key key, Algorithm algorithm) : key_(std::move(key)), algorithm_(algorithm) {}

  Key key_;
  Algorithm algorithm_;
  std::optional<std::string> key_id_;
};

}  // namespace crosspoint::token
