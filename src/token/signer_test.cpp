#include "token/signer.h"

#include <gtest/gtest.h>

#include "crypto/test_keys.h"
#include "token/verifier.h"

namespace crosspoint::token {
namespace {

using namespace crypto::test_keys;

WallTime at(std::int64_t seconds) { return WallTime{std::chrono::seconds{seconds}}; }

Claims claims_of_the_specification() {
  return {.booking_id = "bk-7",
          .topic = "rig01-st-data",
          .prefix = "session",
          .scopes = {"read", "write"},
          .audience = {"https://lab.example/access"},
          .expires = at(4102444800),
          .not_before = at(1699999999),
          .issued = at(1700000000)};
}

// Made by the Go package, and by an independent HMAC.
constexpr std::string_view token_of_the_specification =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJib29raW5nX2lkIjoiYmstNyIsInRvcGljIjoicmlnMDEtc3QtZGF0YSIsInByZWZpeCI6InNlc3Npb24iLCJzY29wZXMiOlsicmVh"
    "ZCIsIndy"
    "aXRlIl0sImF1ZCI6WyJodHRwczovL2xhYi5leGFtcGxlL2FjY2VzcyJdLCJleHAiOjQxMDI0NDQ4MDAsIm5iZiI6MTY5OTk5OTk5OSwi"
    "aWF0Ijox"
    "NzAwMDAwMDAwfQ.NDWn0ex-tUld95Hxv0T-4MGB4XlWXsWjh-UnA0N6yEM";

TEST(Signer, WritesTheTokenThatGoWrites) {
  const auto signer = Signer::from_secret("conformance-secret");
  ASSERT_TRUE(signer);

  EXPECT_EQ(signer->sign(claims_of_the_specification()), token_of_the_specification);
}

TEST(Signer, WhatIsSignedIsVerifiedAndReadBack) {
  const auto claims = claims_of_the_specification();
  for (const Algorithm algorithm: {Algorithm::hs256, Algorithm::hs384, Algorithm::hs512}) {
    const auto signer = Signer::from_secret("conformance-secret", algorithm);
    const Verifier verifier(*KeySet::from_secret("conformance-secret", {algorithm}), {});

    const auto verified = verifier.verify(signer->sign(claims), at(1700000001));

    ASSERT_TRUE(verified) << to_sentence(verified.error());
    EXPECT_EQ(*verified, claims);
  }
}

TEST(Signer, ThePrivateKeyDecidesTheAlgorithm) {
  const struct {
    std::string_view private_pem;
    std::string_view public_pem;
    Algorithm algorithm;
  } pairs[] = {{rsa_private_pem, rsa_public_pem, Algorithm::rs256},
               {p256_private_pem, p256_public_pem, Algorithm::es256},
               {ed25519_private_pem, ed25519_public_pem, Algorithm::eddsa}};
  for (const auto& pair: pairs) {
    auto signer = Signer::from_private_pem(pair.private_pem);
    ASSERT_TRUE(signer) << signer.error();
    signer->set_key_id("k \"1\"");
    const Verifier verifier(*KeySet::from_public_pem(pair.public_pem), {});

    const auto verified = verifier.verify(signer->sign(claims_of_the_specification()), at(1700000001));

    EXPECT_EQ(signer->algorithm(), pair.algorithm);
    ASSERT_TRUE(verified) << to_sentence(verified.error());
    EXPECT_EQ(*verified, claims_of_the_specification());
  }
}

TEST(Signer, SaysWhyAKeyIsNone) {
  EXPECT_EQ(Signer::from_secret("abc").error(), "the secret is shorter than 4 bytes");
  EXPECT_EQ(Signer::from_secret(rsa_private_pem).error(), "the secret is a PEM key; give it as a key file");
  EXPECT_EQ(Signer::from_private_pem(rsa_public_pem).error(),
            "the key is the public half of a key; the private half is wanted");
}

}  // namespace
}  // namespace crosspoint::token
