#include "token/signer.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/assert.h"
#include "base/base64.h"
#include "token/key_set.h"

namespace crosspoint::token {
namespace {

std::string header_text(Algorithm algorithm, const std::optional<std::string>& key_id) {
  nlohmann::ordered_json header{{"alg", name_of(algorithm)}};
  if (key_id) header["kid"] = *key_id;
  header["typ"] = "JWT";
  return header.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string encoded(std::string_view text) { return encode_base64(Base64::url, as_bytes(text)); }

}  // namespace

Result<Signer, std::string> Signer::from_secret(std::string_view secret, Algorithm algorithm) {
  CROSSPOINT_ASSERT(is_hmac(algorithm));
  // What may not verify may not sign either.
  const auto keys = KeySet::from_secret(secret, {algorithm});
  if (!keys) return fail(keys.error());
  return Signer(Secret{to_vector(as_bytes(secret))}, algorithm);
}

Result<Signer, std::string> Signer::from_private_pem(std::string_view pem) {
  auto key = crypto::PrivateKey::from_pem(pem);
  if (!key) return fail(fmt::format("the key {}", crypto::describe(key.error())));
  const auto algorithm = algorithm_of(key->type());
  return Signer(std::move(*key), algorithm);
}

std::string Signer::sign_text(std::string_view claims) const {
  std::string token = encoded(header_text(algorithm_, key_id_)) + "." + encoded(claims);
  const auto* secret = std::get_if<Secret>(&key_);
  const auto signature = secret != nullptr ? hmac(algorithm_, secret->bytes, as_bytes(token))
                                           : std::get<crypto::PrivateKey>(key_).sign(as_bytes(token));
  return token + "." + encode_base64(Base64::url, signature);
}

}  // namespace crosspoint::token
