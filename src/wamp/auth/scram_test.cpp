#include "wamp/auth/scram.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/hex.h"
#include "crypto/hmac.h"

namespace crosspoint::wamp::auth {
namespace {

constexpr std::string_view salt = "W22ZaJ0SNY7soEsUEjb6gQ==";
constexpr std::string_view client_nonce = "AAECAwQFBgcICQoLDA0ODw==";
constexpr std::string_view server_nonce = "EBESExQVFhcYGRobHB0eHw==";

std::string base64(Bytes bytes) { return encode_base64(Base64::standard, bytes); }
ByteVector from_base64(std::string_view text) { return decode_base64(Base64::standard, text).value(); }

ScramCredential pencil(ScramDialect dialect = ScramDialect::specification) {
  ScramCredential credential{.salt = std::string(salt)};
  credential.keys = *scram_keys("pencil", credential, dialect);
  return credential;
}

ScramCredential argon2_pencil(ScramDialect dialect) {
  ScramCredential credential{.salt = base64(as_bytes("0123456789abcdef")), .kdf = ScramKdf::argon2id};
  credential.iterations = 4096;
  credential.memory_kib = 512;
  credential.keys = *scram_keys("pencil", credential, dialect);
  return credential;
}

struct OpenedScram {
  HelloExtra hello{.nonce = std::string(client_nonce)};
  TransportFacts facts = {};
  ScramDialect dialect = ScramDialect::specification;
  ScramCredential credential = pencil();
  std::string ours = std::string(server_nonce);

  Result<ScramExchange, std::string> begin() const {
    return ScramExchange::begin(dialect, credential, "user", hello, facts,
                                Bytes(from_base64(ours)).first<scram_nonce_bytes>());
  }
};

TEST(Scram, StoresWhatTheRfcStores) {  // RFC 7677 section 3
  EXPECT_EQ(encode_hex(pencil().keys.stored),
            "586e5df283e6dceb5c3e791d8b8528ec191e664045ce971792e2e6b5bb13e2a6");
  EXPECT_EQ(encode_hex(pencil().keys.server),
            "c1f3cbc1c13a9d35a14c0990eed97629ea225863e566a4314ab99f3f00e5d9d5");
}

TEST(Scram, ProvesAndVerifiesAsTheRfcDoes) {
  const auto message = scram_auth_message({.authid = "user",
                                           .client_nonce = "rOprNGfwEbeRWgbNEkqO",
                                           .nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
                                           .salt = salt,
                                           .iterations = 4096,
                                           .channel = "biws"});

  const auto ours =
      scram_check(pencil().keys, message, from_base64("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="));

  ASSERT_TRUE(ours);
  EXPECT_EQ(base64(*ours), "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

TEST(Scram, OpensWithTheSpecificationsDialect) {
  const auto exchange = OpenedScram().begin();

  ASSERT_TRUE(exchange);
  EXPECT_EQ(exchange->challenge(), (Fields{{"nonce", std::string(client_nonce) + std::string(server_nonce)},
                                           {"salt", std::string(salt)},
                                           {"kdf", std::string("pbkdf2")},
                                           {"iterations", std::int64_t{4096}}}));
  const auto extra = exchange->verify("MWGzrXi6I2oLq96q2RWiSSklY0E9PAITDfwXoDGt7VU=",
                                      {.nonce = std::string(client_nonce) + std::string(server_nonce)});
  ASSERT_TRUE(extra);
  EXPECT_EQ(*extra, (Fields{{"verifier", std::string("LS3lXD2jv/dLPrg4SVtp0ZJue4Kp75UwB6/4MuDBZ2Q=")}}));
}

TEST(Scram, EveryOtherAnswerIsRefused) {
  const std::string nonce = std::string(client_nonce) + std::string(server_nonce);
  const std::string good = "MWGzrXi6I2oLq96q2RWiSSklY0E9PAITDfwXoDGt7VU=";
  const auto exchange = OpenedScram().begin();
  ASSERT_TRUE(exchange);
  ASSERT_TRUE(exchange->verify(good, {.nonce = nonce}));

  EXPECT_FALSE(exchange->verify(good, {.nonce = std::string(client_nonce)}));
  EXPECT_FALSE(exchange->verify(good, {}));
  EXPECT_FALSE(exchange->verify(good, {.nonce = nonce, .channel_binding = "tls-unique"}));
  EXPECT_FALSE(exchange->verify(good, {.nonce = nonce, .cbind_data = "AAAA"}));
  for (const std::string signature:
       {"", "=", "MWGz", "NWGzrXi6I2oLq96q2RWiSSklY0E9PAITDfwXoDGt7VU=",
        "MWGzrXi6I2oLq96q2RWiSSklY0E9PAITDfwXoDGt7VU", "MWGzrXi6I2oLq96q2RWiSSklY0E9PAITDfwXoDGt7VUAAAA="}) {
    EXPECT_FALSE(exchange->verify(signature, {.nonce = nonce})) << signature;
  }
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    EXPECT_FALSE(exchange->verify(good.substr(0, cut), {.nonce = nonce})) << cut;
  }
}

TEST(Scram, AutobahnsNonceIsOneBase64OfBoth) {
  OpenedScram opened;
  opened.dialect = ScramDialect::autobahn;
  opened.credential = argon2_pencil(ScramDialect::autobahn);

  const auto exchange = opened.begin();

  ASSERT_TRUE(exchange);
  ByteVector both = from_base64(client_nonce);
  append(both, from_base64(server_nonce));
  EXPECT_EQ(exchange->challenge(), (Fields{{"nonce", base64(both)},
                                           {"salt", opened.credential.salt},
                                           {"kdf", std::string("argon2id-13")},
                                           {"iterations", std::int64_t{4096}},
                                           {"memory", std::int64_t{512}}}));
}

TEST(Scram, AutobahnsClientIsLetIn) {
  OpenedScram opened;
  opened.dialect = ScramDialect::autobahn;
  opened.credential = argon2_pencil(ScramDialect::autobahn);
  const auto exchange = opened.begin();
  ASSERT_TRUE(exchange);
  const std::string nonce = *find_text(exchange->challenge(), "nonce");
  // The client: the base64 text of argon2's hash (argon2 -id -t 4096 -k 512 -p 1) is the salted password,
  // without the "=" of the end.
  const std::string salted = "rK9DfYEQgi19y/FH2zzZJget32afHhFsc4oUwQ5GmCM";
  const auto client_key = crypto::hmac_sha256(as_bytes(salted), as_bytes("Client Key"));
  const auto message = scram_auth_message({"user", client_nonce, nonce, opened.credential.salt, 4096, ""});
  auto answer = crypto::hmac_sha256(crypto::sha256(client_key), as_bytes(message));
  for (std::size_t i = 0; i < answer.size(); ++i) answer[i] ^= client_key[i];

  const auto extra = exchange->verify(base64(answer), {});  // it repeats no nonce

  ASSERT_TRUE(extra);
  EXPECT_TRUE(exchange->verify(base64(answer), {.nonce = nonce}));
  EXPECT_FALSE(exchange->verify(base64(answer), {.nonce = std::string(client_nonce)}));
  const auto server_key = crypto::hmac_sha256(as_bytes(salted), as_bytes("Server Key"));
  EXPECT_EQ(*extra,
            (Fields{{"scram_server_signature", base64(crypto::hmac_sha256(server_key, as_bytes(message)))}}));
}

// Both what auth.py of python3-autobahn 22.7.1 has made of "ann's secret", 16 bytes of salt 0, 1, 2, …
TEST(Scram, StoresWhatAutobahnStores) {
  ScramCredential argon2{.salt = "AAECAwQFBgcICQoLDA0ODw==", .kdf = ScramKdf::argon2id};
  argon2.iterations = 3;
  argon2.memory_kib = 256;
  const auto keys = scram_keys("ann's secret", argon2, ScramDialect::autobahn);

  ASSERT_TRUE(keys);
  EXPECT_EQ(encode_hex(keys->stored), "6d4cb580b47c3fc6dff0a4dadd1d6d4f0455b8a7f8fe5abb50edd3f20908c8ad");
  EXPECT_EQ(encode_hex(keys->server), "591eadcb015f75b2bcfaf3ffb596a08862d02dafb50351f90b3231ed64ed8e7b");
}

TEST(Scram, ASaltIsBase64OrHex) {
  EXPECT_EQ(read_scram_salt(salt), salt);
  EXPECT_EQ(read_scram_salt("AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX");
  EXPECT_EQ(read_scram_salt("000102030405060708090a0b0c0d0e0f"), "AAECAwQFBgcICQoLDA0ODw==");
  EXPECT_EQ(read_scram_salt("abcdabcdabcdabcd"), "abcdabcdabcdabcd");  // too short for one: base64
  EXPECT_FALSE(read_scram_salt("000102030405060708090a0b0c0d0e0"));
  EXPECT_FALSE(read_scram_salt("no salt"));
}

TEST(Scram, WhatIsStoredForArgon2IsGoodForOneDialectOnly) {
  EXPECT_NE(argon2_pencil(ScramDialect::autobahn).keys.stored,
            argon2_pencil(ScramDialect::specification).keys.stored);
  EXPECT_EQ(pencil(ScramDialect::autobahn).keys.stored, pencil(ScramDialect::specification).keys.stored);
}

TEST(Scram, AChannelBindingIsPartOfTheProof) {
  OpenedScram opened;
  opened.facts.tls_unique = to_vector(as_bytes("finished"));
  opened.hello.channel_binding = "tls-unique";
  const auto exchange = opened.begin();
  ASSERT_TRUE(exchange);
  const std::string nonce = *find_text(exchange->challenge(), "nonce");
  const auto client_key =
      crypto::hmac_sha256(*decode_hex("c4a49510323ab4f952cac1fa99441939e78ea74d6be81ddf7096e87513dc615d"),
                          as_bytes("Client Key"));
  const auto answer_for = [&](std::string_view bound_to) {
    const auto message = scram_auth_message({"user", client_nonce, nonce, salt, 4096, bound_to});
    auto answer = crypto::hmac_sha256(crypto::sha256(client_key), as_bytes(message));
    for (std::size_t i = 0; i < answer.size(); ++i) answer[i] ^= client_key[i];
    return base64(answer);
  };
  const AuthenticateExtra extra{nonce, "tls-unique", base64(as_bytes("finished"))};

  EXPECT_TRUE(exchange->verify(answer_for(base64(as_bytes("p=tls-unique,,finished"))), extra));
  EXPECT_FALSE(exchange->verify(answer_for("biws"), extra));
  EXPECT_FALSE(exchange->verify(answer_for(base64(as_bytes("p=tls-unique,,finishee"))), extra));
  EXPECT_FALSE(exchange->verify(answer_for(base64(as_bytes("p=tls-unique,,finished"))), {.nonce = nonce}));
}

TEST(Scram, ABindingThatTheConnectionDoesNotHaveIsRefused) {
  for (const std::string_view name: {"tls-unique", "tls-server-end-point", "tls-exporter", "tls-none"}) {
    OpenedScram opened;
    opened.hello.channel_binding = name;
    EXPECT_FALSE(opened.begin()) << name;
    opened.facts.tls_unique = opened.facts.tls_exporter = opened.facts.tls_server_end_point = ByteVector(32);
    EXPECT_EQ(opened.begin().has_value(), name != "tls-none") << name;
    opened.dialect = ScramDialect::autobahn;
    EXPECT_FALSE(opened.begin()) << "Autobahn has none";
  }
}

TEST(Scram, AClientsNonceHasSixteenBytesAtLeast) {
  for (const std::string& nonce: {std::string(), std::string("AAECAwQFBgcICQoLDA0O"),
                                  std::string("not base64!"), base64(ByteVector(200))}) {
    OpenedScram opened;
    opened.hello.nonce = nonce;
    EXPECT_FALSE(opened.begin()) << nonce;
  }
}

TEST(Scram, NamesWithSeparatorsAreEscaped) {
  EXPECT_TRUE(
      scram_auth_message({"a,b=c", "x", "xy", "s", 1, "biws"}).starts_with("n=a=2Cb=3Dc,r=x,r=xy,s=s,i=1,"));
}

}  // namespace
}  // namespace crosspoint::wamp::auth
