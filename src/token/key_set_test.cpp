#include "token/key_set.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "crypto/test_keys.h"

namespace crosspoint::token {
namespace {

using namespace crypto::test_keys;

constexpr std::string_view x = R"("x":"tzmVHt7iP5_n6TEuWwNUgiWoQn398vYpUUzEqEwKvbE")";
std::string ed25519_key(std::string_view more = "") {
  return fmt::format(R"({{"kty":"OKP","crv":"Ed25519",{}{}}})", x, more);
}
std::string set_of(std::string_view keys) { return fmt::format(R"({{"keys":[{}]}})", keys); }
std::string error_of(std::string_view keys, Algorithms allowed = all_algorithms) {
  const auto set = KeySet::from_jwks(set_of(keys), allowed);
  return set ? "good" : set.error();
}

TEST(Algorithms, AreReadFromTextAndWrittenAsIt) {
  EXPECT_EQ(parse_algorithms("HS256, ES256"), (Algorithms{Algorithm::hs256, Algorithm::es256}));
  EXPECT_EQ(parse_algorithms("EdDSA RS256"), (Algorithms{Algorithm::eddsa, Algorithm::rs256}));
  EXPECT_EQ(to_string(*parse_algorithms("EdDSA,RS256,HS384")), "HS384 RS256 EdDSA");
  EXPECT_EQ(to_string(all_algorithms), "HS256 HS384 HS512 RS256 ES256 EdDSA");
}

TEST(Algorithms, AnUnknownNameIsNamed) {
  EXPECT_EQ(
      parse_algorithms("HS256 none").error(),
      "\"none\" is no signature algorithm known here; write some of HS256 HS384 HS512 RS256 ES256 EdDSA");
  EXPECT_FALSE(parse_algorithms("hs256"));
  EXPECT_FALSE(parse_algorithms(""));
  EXPECT_FALSE(parse_algorithms(" , "));
}

TEST(KeySet, ASecretIsForHmacAlone) {
  EXPECT_EQ(KeySet::from_secret(secret)->algorithms(), Algorithms{Algorithm::hs256});
  EXPECT_EQ(KeySet::from_secret(secret, all_algorithms)->algorithms(), hmac_algorithms);
  EXPECT_FALSE(KeySet::from_secret(secret, {Algorithm::rs256}));
}

TEST(KeySet, AShortSecretIsWarnedAboutAndAVeryShortOneRefused) {
  EXPECT_TRUE(KeySet::from_secret(std::string(32, 's'))->warnings().empty());
  EXPECT_EQ(KeySet::from_secret(std::string(31, 's'))->warnings().size(), 1u);
  EXPECT_EQ(KeySet::from_secret("abcd")->warnings().size(), 1u);
  EXPECT_FALSE(KeySet::from_secret("abc"));
  EXPECT_FALSE(KeySet::from_secret(""));
}

TEST(KeySet, APublicKeyIsForItsOwnAlgorithmAlone) {
  EXPECT_EQ(KeySet::from_public_pem(rsa_public_pem)->algorithms(), Algorithms{Algorithm::rs256});
  EXPECT_EQ(KeySet::from_public_pem(p256_public_pem)->algorithms(), Algorithms{Algorithm::es256});
  EXPECT_EQ(KeySet::from_public_pem(ed25519_public_pem)->algorithms(), Algorithms{Algorithm::eddsa});
  EXPECT_EQ(KeySet::from_public_pem(rsa_public_pem, {Algorithm::es256}).error(),
            "the key is for RS256, which is not allowed (only ES256)");
}

TEST(KeySet, AKeyFileIsPemOrAKeySet) {
  EXPECT_EQ(KeySet::from_file_text(p256_public_pem)->size(), 1u);
  EXPECT_EQ(KeySet::from_file_text(key_set)->size(), 4u);
  EXPECT_EQ(KeySet::from_file_text("secret").error(),
            "the key is not one key between -----BEGIN and -----END lines");
}

TEST(KeySet, KeysThatAreNotForVerifyingAreLeftOutAndNamed) {
  const auto set = KeySet::from_jwks(set_of(
      ed25519_key() + "," + ed25519_key(R"(,"use":"enc")") + "," + ed25519_key(R"(,"key_ops":["sign"])") +
      R"(,{"kty":"EC","crv":"P-384"},)" + R"({"kty":"future"},{},)" + ed25519_key(R"(,"alg":"ES256")") + "," +
      ed25519_key(R"(,"alg":"none")")));

  ASSERT_TRUE(set) << set.error();
  EXPECT_EQ(set->size(), 1u);
  ASSERT_EQ(set->warnings().size(), 7u);
  EXPECT_EQ(set->warnings()[0], "key 2 of the set is not for signatures; it is left out");
  EXPECT_EQ(set->warnings()[1], "key 3 of the set is not for verifying; it is left out");
  EXPECT_EQ(set->warnings()[2], "key 4 of the set is of a kind that is not known here; it is left out");
  EXPECT_EQ(set->warnings()[5], "key 7 of the set is for an algorithm that is not allowed; it is left out");
}

TEST(KeySet, ASetWithoutAKeyThatVerifiesIsRefused) {
  EXPECT_EQ(error_of(""), "the key set holds no key that verifies HS256 HS384 HS512 RS256 ES256 EdDSA");
  EXPECT_EQ(error_of(ed25519_key(), {Algorithm::rs256}),
            "the key set holds no key that verifies RS256: key 1 of the set is for an algorithm that is not "
            "allowed; it is left out");
}

TEST(KeySet, WhatCannotBeRightRefusesTheWholeSet) {
  const auto good = ed25519_key(R"(,"kid":"a")");
  EXPECT_EQ(error_of(good + "," + good), "key 2 of the set has the same kid as another");
  EXPECT_EQ(error_of(ed25519_key(R"(,"kid":1)")), "key 1 of the set has a kid that is not a text");
  EXPECT_EQ(error_of(ed25519_key(R"(,"d":"AAAA")")),
            "key 1 of the set is the private half of a key; the public half is wanted");
  EXPECT_EQ(error_of(R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})"),
            "key 1 of the set holds numbers that are no key");
  EXPECT_EQ(error_of(R"({"kty":"OKP","crv":"Ed25519"})"), "key 1 of the set holds numbers that are no key");
  EXPECT_EQ(error_of(R"({"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"})"),
            "key 1 of the set holds numbers that are no key");
  EXPECT_EQ(error_of(R"({"kty":"RSA","n":"AQAB","e":"AQAB"})"),
            "key 1 of the set is an RSA key of less than 2048 bits");
  EXPECT_EQ(error_of(R"({"kty":"oct","k":"YWJj"})"), "key 1 of the set is a secret of less than 4 bytes");
  EXPECT_EQ(error_of(R"({"kty":"oct","k":"YWJj="})"), "key 1 of the set is a secret of less than 4 bytes");
  EXPECT_EQ(error_of("7"), "key 1 of the set is not an object");
  EXPECT_EQ(KeySet::from_jwks(R"({"keys":{}})").error(), "the key set has no list \"keys\"");
  EXPECT_EQ(KeySet::from_jwks(ed25519_key()).error(), "the key set has no list \"keys\"");
  EXPECT_EQ(KeySet::from_jwks(R"({"keys":[],"keys":[]})").error(), "the key set says something twice");
  EXPECT_EQ(KeySet::from_jwks("{").error(), "the key set cannot be read as JSON");
}

TEST(KeySet, HoldsAsManyKeysAsTheLimitAndNotOneMore) {
  std::string keys = ed25519_key();
  for (std::size_t i = 1; i < keys_max; ++i) keys += "," + ed25519_key();

  EXPECT_EQ(error_of(keys), "good");
  EXPECT_EQ(error_of(keys + "," + ed25519_key()), "the key set has more than 32 keys");
  const auto text = set_of(ed25519_key());
  EXPECT_TRUE(KeySet::from_jwks(text + std::string(key_file_bytes_max - text.size(), ' ')));
  EXPECT_EQ(KeySet::from_jwks(text + std::string(key_file_bytes_max - text.size() + 1, ' ')).error(),
            "the key set is longer than 64 KiB");
}

TEST(KeySet, NoSentenceHoldsAnyOfAKey) {
  const std::string canary = "canary-0123456789";
  std::vector<std::string> sentences{KeySet::from_public_pem(canary).error(),
                                     KeySet::from_jwks("{" + canary).error(),
                                     KeySet::from_secret("-----BEGIN " + canary).error(),
                                     error_of(R"({"kty":")" + canary + R"(","k":")" + canary + "\"}"),
                                     error_of(ed25519_key(R"(,"d":")" + canary + "\""))};
  const auto short_secret = KeySet::from_secret(canary);
  for (const auto& warning: short_secret->warnings()) sentences.push_back(warning);
  for (const auto& sentence: sentences) EXPECT_EQ(sentence.find("canary"), sentence.npos) << sentence;
}

}  // namespace
}  // namespace crosspoint::token
