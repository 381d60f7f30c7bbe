// Signatures against the examples of the RFCs, and every form of key and signature that is none.
#include "crypto/signature.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include "base/base64.h"
#include "base/hex.h"
#include "crypto/test_keys.h"

namespace crosspoint::crypto {
namespace {

using namespace test_keys;

ByteVector from_url(std::string_view text) { return decode_base64(Base64::url, text).value(); }

// RFC 7515 appendix A: the payload of all examples.
constexpr std::string_view payload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

PublicKey rsa_of_the_rfc() {  // RFC 7515 appendix A.2.1
  return *PublicKey::from_rsa(
      from_url(
          "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-"
          "yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-"
          "bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-"
          "KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-"
          "DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"),
      from_url("AQAB"));
}
constexpr std::string_view rsa_signature_of_the_rfc =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
    "O8W2Fp5jujGbds9uJdbF9CU"
    "Ar7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_"
    "eSN9383LcOLn6_dO"
    "--xi12jzDwusC-"
    "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_"
    "IoypGlUPQGe77Rw";

PublicKey p256_of_the_rfc() {  // appendix A.3.1
  return *PublicKey::from_p256(from_url("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                               from_url("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"));
}
constexpr std::string_view p256_signature_of_the_rfc =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

PublicKey ed25519_of_the_rfc() {  // RFC 8037 appendix A.2
  return *PublicKey::from_ed25519(from_url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
}
constexpr std::string_view ed25519_signature_of_the_rfc =
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

struct Example {
  PublicKey key;
  std::string message;
  ByteVector signature;
};
std::vector<Example> examples() {
  return {
      {rsa_of_the_rfc(), "eyJhbGciOiJSUzI1NiJ9." + std::string(payload), from_url(rsa_signature_of_the_rfc)},
      {p256_of_the_rfc(), "eyJhbGciOiJFUzI1NiJ9." + std::string(payload),
       from_url(p256_signature_of_the_rfc)},
      {ed25519_of_the_rfc(), "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
       from_url(ed25519_signature_of_the_rfc)}};
}

TEST(Signature, VerifiesTheExamplesOfTheRfcs) {
  for (const auto& [key, message, signature]: examples()) {
    EXPECT_TRUE(key.verifies(as_bytes(message), signature)) << message;
  }
}

TEST(Signature, OneBitElsewhereIsNoSignature) {
  for (const auto& [key, message, signature]: examples()) {
    for (std::size_t i = 0; i < signature.size(); ++i) {
      auto bent = signature;
      bent[i] ^= std::byte{1};
      EXPECT_FALSE(key.verifies(as_bytes(message), bent)) << message << " byte " << i;
    }
    EXPECT_FALSE(key.verifies(as_bytes(message + "x"), signature));
    EXPECT_FALSE(key.verifies({}, signature));
  }
}

TEST(Signature, ASignatureOfAnotherLengthIsNone) {
  for (const auto& [key, message, signature]: examples()) {
    EXPECT_FALSE(key.verifies(as_bytes(message), {}));
    EXPECT_FALSE(key.verifies(as_bytes(message), Bytes(signature).first(signature.size() - 1)));
    auto longer = signature;
    longer.push_back(std::byte{0});
    EXPECT_FALSE(key.verifies(as_bytes(message), longer));
  }
}

TEST(Signature, C1_ZeroesAreNoSignatureOnP256) {  // CVE-2022-21449
  const auto key = p256_of_the_rfc();
  const auto good = from_url(p256_signature_of_the_rfc);
  ByteVector zero_r = good;
  ByteVector zero_s = good;
  std::fill(zero_r.begin(), zero_r.begin() + 32, std::byte{0});
  std::fill(zero_s.begin() + 32, zero_s.end(), std::byte{0});

  for (const auto& signature: {ByteVector(64), zero_r, zero_s, ByteVector(64, std::byte{0xff})}) {
    EXPECT_FALSE(key.verifies(as_bytes(payload), signature));
  }
}

TEST(Signature, WhatThePrivateHalfSignsThePublicHalfVerifies) {
  const struct {
    std::string_view private_pem;
    std::string_view public_pem;
    KeyType type;
    std::size_t signature_bytes;
  } pairs[] = {{rsa_private_pem, rsa_public_pem, KeyType::rsa, 256},
               {p256_private_pem, p256_public_pem, KeyType::p256, 64},
               {ed25519_private_pem, ed25519_public_pem, KeyType::ed25519, 64}};
  for (const auto& pair: pairs) {
    const auto owner = PrivateKey::from_pem(pair.private_pem);
    const auto reader = PublicKey::from_pem(pair.public_pem);
    ASSERT_TRUE(owner && reader);

    const auto signature = owner->sign(as_bytes(payload));

    EXPECT_EQ(owner->type(), pair.type);
    EXPECT_EQ(reader->type(), pair.type);
    EXPECT_EQ(signature.size(), pair.signature_bytes);
    EXPECT_TRUE(reader->verifies(as_bytes(payload), signature));
    EXPECT_TRUE(owner->public_key().verifies(as_bytes(payload), signature));
    EXPECT_FALSE(reader->verifies(as_bytes("something else"), signature));
  }
}

// r or s begins with a zero byte in one of 128 signatures; DER leaves that byte out, tokens do not.
TEST(Signature, ShortNumbersOfP256AreFilledUp) {
  const auto owner = PrivateKey::from_pem(p256_private_pem);
  ASSERT_TRUE(owner);
  for (int i = 0; i < 600; ++i) {
    const auto message = std::to_string(i);
    const auto signature = owner->sign(as_bytes(message));
    ASSERT_EQ(signature.size(), 64u);
    ASSERT_TRUE(owner->public_key().verifies(as_bytes(message), signature));
  }
}

TEST(Signature, SaysWhyAPublicKeyIsNone) {
  const auto error_of = [](std::string_view pem) { return PublicKey::from_pem(pem).error(); };
  const std::string public_pem(ed25519_public_pem);

  EXPECT_EQ(error_of(""), KeyError::not_pem);
  EXPECT_EQ(error_of("secret"), KeyError::not_pem);
  EXPECT_EQ(error_of(public_pem + public_pem), KeyError::not_pem);
  EXPECT_EQ(error_of("-----BEGIN "), KeyError::not_pem);
  EXPECT_EQ(error_of(ed25519_private_pem), KeyError::private_half);
  EXPECT_EQ(error_of(encrypted_private_pem), KeyError::private_half);
  EXPECT_EQ(error_of(p384_public_pem), KeyError::unsupported_type);
  EXPECT_EQ(error_of("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            KeyError::unsupported_type);
  EXPECT_EQ(error_of(rsa_1024_public_pem), KeyError::too_small);
  EXPECT_EQ(error_of("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"), KeyError::not_a_key);
  EXPECT_EQ(error_of("-----BEGIN PUBLIC KEY-----\n"), KeyError::not_a_key);
}

TEST(Signature, SaysWhyAPrivateKeyIsNone) {
  const auto error_of = [](std::string_view pem) { return PrivateKey::from_pem(pem).error(); };

  EXPECT_EQ(error_of("secret"), KeyError::not_pem);
  EXPECT_EQ(error_of(ed25519_public_pem), KeyError::public_half);
  EXPECT_EQ(error_of(encrypted_private_pem), KeyError::encrypted);
  EXPECT_EQ(error_of("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            KeyError::unsupported_type);
  EXPECT_EQ(error_of("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), KeyError::not_a_key);
}

TEST(Signature, NumbersThatAreNoKeyAreRefused) {
  ByteVector modulus(256, std::byte{0xff});
  const auto error_of = [](const Result<PublicKey, KeyError>& key) { return key.error(); };

  EXPECT_EQ(error_of(PublicKey::from_rsa(modulus, from_url("AQ"))), KeyError::not_a_key);  // e = 1
  EXPECT_EQ(error_of(PublicKey::from_rsa(modulus, from_url("Ag"))), KeyError::not_a_key);  // e = 2
  EXPECT_EQ(error_of(PublicKey::from_rsa(modulus, {})), KeyError::not_a_key);
  EXPECT_EQ(error_of(PublicKey::from_rsa(modulus, ByteVector(9, std::byte{1}))), KeyError::not_a_key);
  EXPECT_EQ(error_of(PublicKey::from_rsa({}, from_url("AQAB"))), KeyError::not_a_key);
  EXPECT_EQ(error_of(PublicKey::from_rsa(Bytes(modulus).first(128), from_url("AQAB"))), KeyError::too_small);
  EXPECT_EQ(error_of(PublicKey::from_rsa(ByteVector(1025, std::byte{0xff}), from_url("AQAB"))),
            KeyError::too_large);
  EXPECT_EQ(error_of(PublicKey::from_rsa(ByteVector(5000, std::byte{0xff}), from_url("AQAB"))),
            KeyError::too_large);
  modulus.back() = std::byte{0xfe};
  EXPECT_EQ(error_of(PublicKey::from_rsa(modulus, from_url("AQAB"))), KeyError::not_a_key);  // even
  EXPECT_EQ(error_of(PublicKey::from_p256(ByteVector(32, std::byte{1}), ByteVector(32, std::byte{1}))),
            KeyError::not_a_key);  // beside the curve
  EXPECT_EQ(error_of(PublicKey::from_p256(ByteVector(32), ByteVector(32))), KeyError::not_a_key);
  EXPECT_EQ(error_of(PublicKey::from_p256(ByteVector(31), ByteVector(33))), KeyError::not_a_key);
  EXPECT_EQ(error_of(PublicKey::from_ed25519(ByteVector(31))), KeyError::not_a_key);
}

// TLS on the same thread asks OpenSSL's queue of errors why it failed.
TEST(Signature, LeavesNoErrorsBehindInOpenSsl) {
  ERR_clear_error();

  EXPECT_FALSE(PublicKey::from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"));
  EXPECT_FALSE(rsa_of_the_rfc().verifies(as_bytes("x"), as_bytes("y")));
  EXPECT_FALSE(p256_of_the_rfc().verifies(as_bytes("x"), ByteVector(64, std::byte{0xff})));

  EXPECT_EQ(ERR_peek_error(), 0ul);
}

TEST(Ed25519, ANewKeyIsReadAsWhatItIs) {
  const auto seed = *decode_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  const auto pem = ed25519_pem_of(Bytes(seed).first<32>());

  const auto key = PrivateKey::from_pem(pem);

  ASSERT_TRUE(key);
  EXPECT_EQ(encode_hex(key->public_key().ed25519_bytes()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");  // RFC 8032 section 7.1
}

}  // namespace
}  // namespace crosspoint::crypto
