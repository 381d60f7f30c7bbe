#include "wamp/proof/scram_proof.h"

#include <fmt/core.h>

#include "base/base64.h"
#include "crypto/constant_time.h"
#include "crypto/hmac.h"
#include "crypto/password_hash.h"
#include "crypto/secret_text.h"

namespace crosspoint::wamp::proof {
namespace {

crypto::Sha256Digest exclusive_or(const crypto::Sha256Digest& a, Bytes b) {
  crypto::Sha256Digest out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = a[i] ^ b[i];
  return out;
}

std::string escaped_name(std::string_view name) {  // RFC 5802 section 5.1
  std::string out;
  for (const char c: name) {
    if (c == ',') {
      out += "=2C";
    } else if (c == '=') {
      out += "=3D";
    } else {
      out += c;
    }
  }
  return out;
}

// As argon2 writes a hash into its texts.
std::string unpadded(Bytes bytes) {
  std::string text = encode_base64(Base64::standard, bytes);
  while (text.ends_with('=')) text.pop_back();
  return text;
}

}  // namespace

std::string_view kdf_name(ScramKdf kdf, ScramDialect dialect) {
  if (kdf == ScramKdf::pbkdf2) return "pbkdf2";
  return dialect == ScramDialect::specification ? "argon2id13" : "argon2id-13";
}

std::optional<ScramKdf> find_kdf(std::string_view name, ScramDialect dialect) {
  for (const auto kdf: {ScramKdf::pbkdf2, ScramKdf::argon2id}) {
    if (name == kdf_name(kdf, dialect)) return kdf;
  }
  return std::nullopt;
}

std::optional<ScramSecret> scram_secret(std::string_view password, const ScramCosts& costs,
                                        ScramDialect dialect) {
  const auto salt = decode_base64(Base64::standard, costs.salt);
  if (!salt || costs.iterations == 0) return std::nullopt;
  ByteVector salted;
  if (costs.kdf == ScramKdf::pbkdf2) {
    salted = crypto::pbkdf2_sha256(as_bytes(password), *salt, costs.iterations, 32);
  } else {
    if (salt->size() != crypto::argon2_salt_bytes) return std::nullopt;
    const auto hash = crypto::argon2id(as_bytes(password), Bytes(*salt).first<crypto::argon2_salt_bytes>(),
                                       costs.iterations, costs.memory_kib);
    if (!hash) return std::nullopt;
    salted = dialect == ScramDialect::autobahn ? to_vector(as_bytes(unpadded(*hash))) : *hash;
  }
  const ScramSecret secret{crypto::hmac_sha256(salted, as_bytes("Client Key")),
                           crypto::hmac_sha256(salted, as_bytes("Server Key"))};
  crypto::wipe(salted);
  return secret;
}

ScramKeys scram_keys(const ScramSecret& secret) { return {crypto::sha256(secret.client), secret.server}; }

std::string scram_auth_message(const ScramTexts& texts) {
  return fmt::format("n={},r={},r={},s={},i={},c={},r={}", escaped_name(texts.authid), texts.client_nonce,
                     texts.nonce, texts.salt, texts.iterations, texts.channel, texts.nonce);
}

ScramProofs scram_prove(const ScramSecret& secret, std::string_view auth_message) {
  const auto message = as_bytes(auth_message);
  const auto signature = crypto::hmac_sha256(crypto::sha256(secret.client), message);
  return {exclusive_or(secret.client, signature), crypto::hmac_sha256(secret.server, message)};
}

std::optional<crypto::Sha256Digest> scram_check(const ScramKeys& keys, std::string_view auth_message,
                                                Bytes proof) {
  if (proof.size() != keys.stored.size()) return std::nullopt;
  const auto message = as_bytes(auth_message);
  const auto client = exclusive_or(crypto::hmac_sha256(keys.stored, message), proof);
  if (!crypto::equal_in_constant_time(crypto::sha256(client), keys.stored)) return std::nullopt;
  return crypto::hmac_sha256(keys.server, message);
}

}  // namespace crosspoint::wamp::proof
