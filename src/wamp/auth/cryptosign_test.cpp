#include "wamp/auth/cryptosign.h"

#include <gtest/gtest.h>

#include "base/hex.h"
#include "crypto/sha.h"

namespace crosspoint::wamp::auth {
namespace {

constexpr std::string_view seed = "4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510";
constexpr std::string_view public_key = "1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d";
constexpr std::string_view channel = "62e935ae755f3d48f80d4d59f6121358c435722a67e859cc0caa8b539027f2ff";
constexpr std::string_view ones = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
// Signatures that Autobahn and tweetnacl make over 32 × ff, unbound and bound to the channel above.
const std::string unbound =
    "b32675b221f08593213737bef8240e7c15228b07028e19595294678c90d11c0c"
    "ae80a357331bfc5cc9fb71081464e6e75013517c2cf067ad566a6b7b728e5d03" +
    std::string(ones);
const std::string bound =
    "9b6f41540c9b95b4b7b281c3042fa9c54cef43c842d62ea3fd6030fcb66e70b3"
    "e80d49d44c29d1635da9348d02ec93f3ed1ef227dfb59a07b580095c2b82f80f"
    "9d16ca518aa0c2b707f2b2a609edeca73bca8dd59817a633f35574ac6fd80d00";

crypto::PrivateKey private_key() { return *crypto::PrivateKey::from_ed25519_seed(*decode_hex(seed)); }

struct Opened {
  HelloExtra hello = {};
  TransportFacts facts = {};
  const crypto::PrivateKey* router = nullptr;

  Result<CryptosignExchange, std::string> begin() const {
    return CryptosignExchange::begin(*parse_cryptosign_key(public_key), hello, facts, router,
                                     *parse_cryptosign_key(ones));
  }
};

Opened over_tls() {
  return {.hello = {.channel_binding = "tls-exporter"}, .facts = {.tls_exporter = *decode_hex(channel)}};
}

TEST(Cryptosign, TakesTheSignatureOfAutobahn) {
  const auto exchange = Opened().begin();

  ASSERT_TRUE(exchange);
  EXPECT_EQ(exchange->challenge(), (Fields{{"challenge", std::string(ones)}, {"channel_binding", nullptr}}));
  EXPECT_TRUE(exchange->verify(unbound));
}

TEST(Cryptosign, ASignatureBelongsToItsChannel) {
  const auto exchange = over_tls().begin();

  ASSERT_TRUE(exchange);
  EXPECT_EQ(exchange->challenge().back(), (Field{"channel_binding", std::string("tls-exporter")}));
  EXPECT_TRUE(exchange->verify(bound));
  EXPECT_FALSE(exchange->verify(unbound));
  EXPECT_FALSE(Opened().begin()->verify(bound));
}

// What Autobahn answers to 32 × ff when that is its Finished message.
std::string autobahns_answer(std::string_view finished) {
  auto message = crypto::sha256(as_bytes(finished));
  for (auto& byte: message) byte ^= std::byte{0xff};
  ByteVector answer = private_key().sign(message);
  append(answer, Bytes(message));
  return encode_hex(answer);
}

TEST(Cryptosign, TlsUniqueIsHashedAsAutobahnDoes) {
  const ByteVector finished = to_vector(as_bytes("finished"));
  Opened hashed = over_tls();
  hashed.facts.tls_exporter = to_vector(Bytes(crypto::sha256(finished)));
  Opened unique{.hello = {.channel_binding = "tls-unique"}, .facts = {.tls_unique = finished}};

  EXPECT_TRUE(unique.begin()->verify(autobahns_answer("finished")));
  EXPECT_TRUE(hashed.begin()->verify(autobahns_answer("finished")));
}

TEST(Cryptosign, AutobahnOnTwistedBindsToTheServersFinishedMessage) {
  Opened opened{.hello = {.channel_binding = "tls-unique"},
                .facts = {.tls_unique = to_vector(as_bytes("the client's")),
                          .tls_server_finished = to_vector(as_bytes("the server's"))}};

  EXPECT_TRUE(opened.begin()->verify(autobahns_answer("the server's")));
  EXPECT_TRUE(opened.begin()->verify(autobahns_answer("the client's")));
  EXPECT_FALSE(opened.begin()->verify(autobahns_answer("another connection's")));
  EXPECT_FALSE(opened.begin()->verify(unbound));
  // Under another name it is none, and without the RFC's there is none.
  opened.hello.channel_binding.clear();
  EXPECT_FALSE(opened.begin()->verify(autobahns_answer("the server's")));
  opened.hello.channel_binding = "tls-unique";
  opened.facts.tls_unique.clear();
  EXPECT_FALSE(opened.begin());
}

TEST(Cryptosign, AGoodSignatureOfSomethingElseIsRefused) {
  const CryptosignKey other{};
  ByteVector answer = private_key().sign(other);
  append(answer, Bytes(other));

  EXPECT_FALSE(Opened().begin()->verify(encode_hex(answer)));
}

TEST(Cryptosign, AnotherKeysSignatureIsRefused) {
  auto exchange =
      CryptosignExchange::begin(*parse_cryptosign_key(ones), {}, {}, nullptr, *parse_cryptosign_key(ones));

  ASSERT_TRUE(exchange);
  EXPECT_FALSE(exchange->verify(unbound));
}

TEST(Cryptosign, CutAndChangedAnswersAreRefused) {
  const auto exchange = Opened().begin();
  for (std::size_t at = 0; at < unbound.size(); ++at) {
    EXPECT_FALSE(exchange->verify(unbound.substr(0, at))) << at;
    std::string changed = unbound;
    changed[at] = changed[at] == '0' ? '1' : '0';
    EXPECT_FALSE(exchange->verify(changed)) << at;
  }
  EXPECT_FALSE(exchange->verify(unbound + "00"));
  EXPECT_FALSE(exchange->verify(std::string(192, 'z')));
}

TEST(Cryptosign, TheRouterSignsTheClientsChallengeWithItsOwnKey) {
  const auto key = private_key();
  for (const bool with_channel: {false, true}) {
    Opened opened = with_channel ? over_tls() : Opened();
    opened.hello.challenge = ones;
    opened.router = &key;

    const auto exchange = opened.begin();

    ASSERT_TRUE(exchange);
    EXPECT_EQ(*find_text(exchange->challenge(), "pubkey"), public_key);
    EXPECT_EQ(*find_text(exchange->challenge(), "signature"), with_channel ? bound : unbound);
  }
}

TEST(Cryptosign, ARouterWithoutAKeyProvesNothing) {
  Opened opened{.hello = {.challenge = std::string(ones)}};

  const auto exchange = opened.begin();

  ASSERT_TRUE(exchange);
  EXPECT_EQ(find_text(exchange->challenge(), "signature"), nullptr);
}

TEST(Cryptosign, WhatCannotBeBoundOrReadIsRefused) {
  const auto key = private_key();
  const HelloExtra hellos[] = {
      {.channel_binding = "tls-unique"},   {.channel_binding = "tls-exporter"},
      {.channel_binding = "tls-other"},    {.challenge = "00"},
      {.challenge = std::string(64, 'x')},
  };
  for (const auto& hello: hellos) {
    EXPECT_FALSE((Opened{.hello = hello, .router = &key}.begin()))
        << hello.channel_binding << hello.challenge;
  }
}

}  // namespace
}  // namespace crosspoint::wamp::auth
