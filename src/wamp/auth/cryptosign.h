#pragma once
// Cryptosign: the client signs 32 random bytes with its Ed25519 key (specification, "Cryptosign-based
// Authentication").
//
//   HELLO.authextra   pubkey, channel_binding, challenge (the router is to sign that one)
//   CHALLENGE         challenge, channel_binding; and pubkey, signature: the router's
//   AUTHENTICATE      hex(signature of 64 bytes, message of 32)
//
// With a channel binding, the message is the challenge XOR the channel id, so that a signature is worth
// nothing on another TLS connection: 32 bytes of "tls-exporter" (RFC 9266), or, as Autobahn does, the SHA-256
// of "tls-unique" (TLS 1.2).
//
// What Autobahn takes for "tls-unique" depends on what it runs on: on asyncio it is RFC 5929's, the client's
// Finished message, on Twisted the server's. Either is taken: both are of this connection alone, and known to
// its two ends only. Our own signature is over the RFC's.

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/signature.h"
#include "wamp/auth/extra.h"
#include "wamp/auth/fields.h"
#include "wamp/auth/transport_facts.h"

namespace crosspoint::wamp::auth {

inline constexpr std::size_t cryptosign_bytes = 32;  // of a key, a challenge, a channel id
using CryptosignKey = proof::SignedBytes;

// 64 digits; nothing for anything else.
std::optional<CryptosignKey> parse_cryptosign_key(std::string_view hex);

// One opening, from HELLO to WELCOME.
class CryptosignExchange {
 public:
  // `router` may be null: then a client that asks the router to prove itself is told nothing, and decides.
  // The error is a sentence for whoever runs the client.
  static Result<CryptosignExchange, std::string> begin(const CryptosignKey& client, const HelloExtra& hello,
                                                       const TransportFacts& facts,
                                                       const crypto::PrivateKey* router,
                                                       const CryptosignKey& challenge);

  const Fields& challenge() const { return extra_; }
  bool verify(std::string_view signature) const;

 private:
  CryptosignExchange(const CryptosignKey& client, const CryptosignKey& message)
      : client_(client), messages_{message, message} {}

  CryptosignKey client_;
  std::array<CryptosignKey, 2> messages_;  // either may be signed; often they are the same
  Fields extra_;
};

}  // namespace crosspoint::wamp::auth
