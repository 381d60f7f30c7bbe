#include "wamp/auth/cryptosign.h"

#include <algorithm>

#include "base/hex.h"
#include "crypto/constant_time.h"
#include "crypto/sha.h"

namespace crosspoint::wamp::auth {
namespace {

constexpr std::size_t signature_bytes = 64;

}  // namespace

std::optional<CryptosignKey> parse_cryptosign_key(std::string_view hex) {
  if (hex.size() != 2 * cryptosign_bytes) return std::nullopt;
  const auto bytes = decode_hex(hex);
  if (!bytes) return std::nullopt;
  CryptosignKey key;
  std::ranges::copy(*bytes, key.begin());
  return key;
}

Result<CryptosignExchange, std::string> CryptosignExchange::begin(const CryptosignKey& client,
                                                                  const HelloExtra& hello,
                                                                  const TransportFacts& facts,
                                                                  const crypto::PrivateKey* router,
                                                                  const CryptosignKey& challenge) {
  const auto channel = proof::channel_id(hello.channel_binding, facts.bindings());
  if (!channel) {
    return fail(std::string("the channel binding that was asked for is not to be had on this connection"));
  }
  CryptosignExchange exchange(client, proof::bound(challenge, *channel));
  if (hello.channel_binding == "tls-unique" && !facts.tls_server_finished.empty()) {
    exchange.messages_[1] = proof::bound(challenge, crypto::sha256(facts.tls_server_finished));
  }
  exchange.extra_ = {{"challenge", encode_hex(challenge)}, {"channel_binding", nullptr}};
  if (!hello.channel_binding.empty()) exchange.extra_.back().value = hello.channel_binding;
  if (hello.challenge.empty()) return exchange;

  const auto theirs = parse_cryptosign_key(hello.challenge);
  if (!theirs) return fail(std::string("authextra.challenge must be 64 hexadecimal digits"));
  if (router == nullptr) return exchange;
  const auto message = proof::bound(*theirs, *channel);
  ByteVector proof = router->sign(message);
  append(proof, Bytes(message));
  exchange.extra_.push_back({"pubkey", encode_hex(router->public_key().ed25519_bytes())});
  exchange.extra_.push_back({"signature", encode_hex(proof)});
  return exchange;
}

bool CryptosignExchange::verify(std::string_view signature) const {
  if (signature.size() != 2 * (signature_bytes + cryptosign_bytes)) return false;
  const auto bytes = decode_hex(signature);
  if (!bytes) return false;
  const Bytes message = Bytes(*bytes).subspan(signature_bytes);
  // Both: a good signature of something else, a challenge of another session, is worth nothing.
  if (std::ranges::none_of(messages_, [&](const CryptosignKey& ours) {
        return crypto::equal_in_constant_time(message, ours);
      })) {
    return false;
  }
  const auto key = crypto::PublicKey::from_ed25519(client_);
  return key && key->verifies(message, Bytes(*bytes).first(signature_bytes));
}

}  // namespace crosspoint::wamp::auth
