#include "wamp/auth/scram.h"

#include <fmt/core.h>

#include "base/base64.h"
#include "base/hex.h"
#include "crypto/constant_time.h"
#include "crypto/hmac.h"
#include "crypto/password_hash.h"

namespace crosspoint::wamp::auth {
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

std::string_view kdf_name(ScramKdf kdf, ScramDialect dialect) {
  if (kdf == ScramKdf::pbkdf2) return "pbkdf2";
  return dialect == ScramDialect::specification ? "argon2id13" : "argon2id-13";
}

std::string text_of(Bytes bytes) { return encode_base64(Base64::standard, bytes); }

// As argon2 writes a hash into its texts.
std::string unpadded(Bytes bytes) {
  std::string text = text_of(bytes);
  while (text.ends_with('=')) text.pop_back();
  return text;
}

// Null: there is no such binding, or this connection has none.
const ByteVector* binding_bytes(std::string_view name, const TransportFacts& facts) {
  const ByteVector* bytes = nullptr;
  if (name == "tls-unique") bytes = &facts.tls_unique;
  if (name == "tls-server-end-point") bytes = &facts.tls_server_end_point;
  if (name == "tls-exporter") bytes = &facts.tls_exporter;
  return bytes == nullptr || bytes->empty() ? nullptr : bytes;
}

std::string gs2_channel(std::string_view binding, Bytes bytes) {  // RFC 5802 section 7
  if (binding.empty()) return text_of(as_bytes("n,,"));
  ByteVector all;
  append(all, fmt::format("p={},,", binding));
  append(all, bytes);
  return text_of(all);
}

}  // namespace

std::optional<std::string> read_scram_salt(std::string_view text) {
  if (text.size() == 2 * crypto::argon2_salt_bytes) {
    if (const auto bytes = decode_hex(text)) return text_of(*bytes);
  }
  return decode_base64(Base64::standard, text) ? std::optional(std::string(text)) : std::nullopt;
}

std::optional<ScramKeys> scram_keys(std::string_view password, const ScramCredential& costs,
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
  const auto client = crypto::hmac_sha256(salted, as_bytes("Client Key"));
  return ScramKeys{crypto::sha256(client), crypto::hmac_sha256(salted, as_bytes("Server Key"))};
}

std::string scram_auth_message(const ScramTexts& texts) {
  return fmt::format("n={},r={},r={},s={},i={},c={},r={}", escaped_name(texts.authid), texts.client_nonce,
                     texts.nonce, texts.salt, texts.iterations, texts.channel, texts.nonce);
}

std::optional<crypto::Sha256Digest> scram_check(const ScramKeys& keys, std::string_view auth_message,
                                                Bytes proof) {
  if (proof.size() != keys.stored.size()) return std::nullopt;
  const auto message = as_bytes(auth_message);
  const auto client = exclusive_or(crypto::hmac_sha256(keys.stored, message), proof);
  if (!crypto::equal_in_constant_time(crypto::sha256(client), keys.stored)) return std::nullopt;
  return crypto::hmac_sha256(keys.server, message);
}

Result<ScramExchange, std::string> ScramExchange::begin(ScramDialect dialect, ScramCredential credential,
                                                        std::string authid, const HelloExtra& hello,
                                                        const TransportFacts& facts,
                                                        std::span<const std::byte, scram_nonce_bytes> ours) {
  if (hello.nonce.size() > scram_nonce_text_max) {
    return fail(std::string("authextra.nonce is longer than 256 characters"));
  }
  const auto theirs = decode_base64(Base64::standard, hello.nonce);
  if (!theirs || theirs->size() < scram_nonce_bytes) {
    return fail(std::string("authextra.nonce must be base64 of at least 16 random bytes"));
  }
  ScramExchange exchange;
  if (!hello.channel_binding.empty()) {
    const bool possible = dialect == ScramDialect::specification;
    const ByteVector* bytes = possible ? binding_bytes(hello.channel_binding, facts) : nullptr;
    if (bytes == nullptr) {
      return fail(std::string("the channel binding that was asked for is not to be had on this connection"));
    }
    exchange.binding_ = hello.channel_binding;
    exchange.binding_bytes_ = *bytes;
  }
  exchange.dialect_ = dialect;
  exchange.credential_ = std::move(credential);
  exchange.authid_ = std::move(authid);
  exchange.client_nonce_ = hello.nonce;
  if (dialect == ScramDialect::specification) {
    exchange.nonce_ = hello.nonce + text_of(ours);
  } else {
    ByteVector both = *theirs;
    append(both, ours);
    exchange.nonce_ = text_of(both);
  }
  return exchange;
}

Fields ScramExchange::challenge() const {
  Fields extra{{"nonce", nonce_},
               {"salt", credential_.salt},
               {"kdf", std::string(kdf_name(credential_.kdf, dialect_))},
               {"iterations", std::int64_t{credential_.iterations}}};
  if (credential_.kdf == ScramKdf::argon2id) {
    extra.push_back({"memory", std::int64_t{credential_.memory_kib}});
  }
  return extra;
}

std::optional<Fields> ScramExchange::verify(std::string_view signature,
                                            const AuthenticateExtra& extra) const {
  const auto proof = decode_base64(Base64::standard, signature);
  const bool autobahn = dialect_ == ScramDialect::autobahn;
  // Autobahn's client repeats nothing; the proof is over the nonce in any case.
  const bool unsaid = autobahn && extra.nonce.empty();
  if (!proof || (!unsaid && extra.nonce != nonce_) || extra.channel_binding != binding_) return std::nullopt;
  if (extra.cbind_data != (binding_.empty() ? std::string() : text_of(binding_bytes_))) return std::nullopt;
  const std::string channel = autobahn ? std::string() : gs2_channel(binding_, binding_bytes_);
  const auto message =
      scram_auth_message({authid_, client_nonce_, nonce_, credential_.salt, credential_.iterations, channel});
  const auto ours = scram_check(credential_.keys, message, *proof);
  if (!ours) return std::nullopt;
  return Fields{{autobahn ? "scram_server_signature" : "verifier", text_of(*ours)}};
}

}  // namespace crosspoint::wamp::auth
