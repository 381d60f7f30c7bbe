// Keys, challenges and signatures of cryptosign from strangers, on connections with TLS and without: what
// opens is a signature by the key, of the challenge that was sent, bound to this connection where that was
// asked for; what the router signs is the challenge that was asked for, bound in the same way.
#include <algorithm>
#include <cstdint>

#include "base/hex.h"
#include "crypto/sha.h"
#include "require.h"
#include "wamp/auth/cryptosign.h"

using namespace crosspoint;
using wamp::auth::CryptosignKey;

namespace {

const crypto::PrivateKey& key() {
  static const auto made = *crypto::PrivateKey::from_ed25519_seed(ByteVector(32, std::byte{7}));
  return made;
}

// One bit for each of what TLS may know.
wamp::auth::TransportFacts facts_of(unsigned bits) {
  wamp::auth::TransportFacts facts;
  if (bits & 1) facts.tls_unique = ByteVector(12, std::byte{0x11});
  if (bits & 2) facts.tls_server_finished = ByteVector(12, std::byte{0x22});
  if (bits & 4) facts.tls_exporter = ByteVector(32, std::byte{0x33});
  if (bits & 8) facts.tls_exporter = ByteVector(31, std::byte{0x33});  // none that can be bound to
  return facts;
}

CryptosignKey bound(Bytes challenge, Bytes channel) {
  CryptosignKey message;
  for (std::size_t i = 0; i < message.size(); ++i) message[i] = challenge[i] ^ channel[i];
  return message;
}

// What may be signed: nothing, where it cannot be bound as it was asked for. The RFC's comes first.
std::vector<CryptosignKey> messages_of(std::string_view binding, const wamp::auth::TransportFacts& facts,
                                       Bytes challenge) {
  if (binding.empty()) return {bound(challenge, ByteVector(32))};
  if (binding == "tls-exporter" && facts.tls_exporter.size() == 32)
    return {bound(challenge, facts.tls_exporter)};
  if (binding != "tls-unique" || facts.tls_unique.empty()) return {};
  std::vector<CryptosignKey> messages{bound(challenge, crypto::sha256(facts.tls_unique))};
  if (!facts.tls_server_finished.empty())
    messages.push_back(bound(challenge, crypto::sha256(facts.tls_server_finished)));
  return messages;
}

void look_into_accepted(std::string_view signature, const std::vector<CryptosignKey>& messages) {
  const auto bytes = *decode_hex(signature);
  REQUIRE(bytes.size() == 96);
  REQUIRE(std::ranges::any_of(messages, [&](const CryptosignKey& message) {
    return std::ranges::equal(Bytes(bytes).subspan(64), message) &&
           key().public_key().verifies(message, Bytes(bytes).first(64));
  }));
}

// As the key's owner signs.
std::string signed_by_owner(const CryptosignKey& message) {
  ByteVector made = key().sign(message);
  append(made, Bytes(message));
  return encode_hex(made);
}

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

// A byte for what TLS knows; then lines: the client's challenge, the binding, the signature; "!" and "!!"
// sign as the key's owner would, on asyncio and on Twisted, and "?" as one would who was bound to nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto facts = facts_of(data[0]);
  wamp::auth::HelloExtra hello;
  hello.challenge = take_line(text);
  hello.channel_binding = take_line(text);
  std::string signature(text);
  CryptosignKey client, challenge;
  std::ranges::copy(key().public_key().ed25519_bytes(), client.begin());
  challenge.fill(std::byte{0x55});
  const auto messages = messages_of(hello.channel_binding, facts, challenge);

  const auto exchange = wamp::auth::CryptosignExchange::begin(client, hello, facts, &key(), challenge);
  if (messages.empty()) REQUIRE(!exchange);
  if (!exchange) {
    REQUIRE(!exchange.error().empty());
    return 0;
  }
  if (const auto* proof = wamp::auth::find_text(exchange->challenge(), "signature")) {
    const auto asked = messages_of(hello.channel_binding, facts, *decode_hex(hello.challenge)).front();
    REQUIRE(std::ranges::equal(Bytes(*decode_hex(*proof)).subspan(64), asked));
    REQUIRE(key().public_key().verifies(asked, Bytes(*decode_hex(*proof)).first(64)));
  }
  const bool owner = signature == "!" || signature == "!!";
  if (owner) signature = signed_by_owner(signature == "!" ? messages.front() : messages.back());
  const bool unbound = signature == "?";
  if (unbound) signature = signed_by_owner(challenge);
  const bool verified = exchange->verify(signature);
  REQUIRE(!owner || verified);
  REQUIRE(!unbound || verified == hello.channel_binding.empty());
  if (verified) look_into_accepted(signature, messages);
  return 0;
}
