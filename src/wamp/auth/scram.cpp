#include "wamp/auth/scram.h"

#include "base/base64.h"
#include "base/hex.h"
#include "crypto/password_hash.h"

namespace crosspoint::wamp::auth {
namespace {

std::string text_of(Bytes bytes) { return encode_base64(Base64::standard, bytes); }

}  // namespace

std::optional<std::string> read_scram_salt(std::string_view text) {
  if (text.size() == 2 * crypto::argon2_salt_bytes) {
    if (const auto bytes = decode_hex(text)) return text_of(*bytes);
  }
  return decode_base64(Base64::standard, text) ? std::optional(std::string(text)) : std::nullopt;
}

std::optional<ScramKeys> scram_keys(std::string_view password, const ScramCredential& costs,
                                    ScramDialect dialect) {
  const auto secret = proof::scram_secret(password, costs.costs(), dialect);
  if (!secret) return std::nullopt;
  return proof::scram_keys(*secret);
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
    const auto bindings = possible ? facts.bindings() : proof::ChannelBindings();
    const auto bytes = proof::find_binding(hello.channel_binding, bindings);
    if (bytes.empty()) {
      return fail(std::string("the channel binding that was asked for is not to be had on this connection"));
    }
    exchange.binding_ = hello.channel_binding;
    exchange.binding_bytes_ = to_vector(bytes);
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
               {"kdf", std::string(proof::kdf_name(credential_.kdf, dialect_))},
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
  const std::string channel = autobahn ? std::string() : proof::gs2_channel(binding_, binding_bytes_);
  const auto message =
      scram_auth_message({authid_, client_nonce_, nonce_, credential_.salt, credential_.iterations, channel});
  const auto ours = scram_check(credential_.keys, message, *proof);
  if (!ours) return std::nullopt;
  return Fields{{autobahn ? "scram_server_signature" : "verifier", text_of(*ours)}};
}

}  // namespace crosspoint::wamp::auth
