// Keys from passwords: RFC 7914 section 11 for PBKDF2, the argon2 program (its reference implementation) for
// Argon2id. And what happens to a password that is no longer needed.
#include "crypto/password_hash.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/hex.h"
#include "crypto/secret_text.h"
#include "crypto/signature.h"

namespace crosspoint::crypto {
namespace {

constexpr std::string_view salt_text = "0123456789abcdef";
std::span<const std::byte, argon2_salt_bytes> salt() {
  return as_bytes(salt_text).first<argon2_salt_bytes>();
}

TEST(Pbkdf2, GivesTheKeysOfTheRfc) {
  EXPECT_EQ(encode_hex(pbkdf2_sha256(as_bytes("passwd"), as_bytes("salt"), 1, 64)),
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
            "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783");
  EXPECT_EQ(encode_hex(pbkdf2_sha256({}, as_bytes("salt"), 1, 16)), "f135c27993baf98773c5cdb40a5706ce");
  // WAMP-CRA's example.
  EXPECT_EQ(
      encode_base64(Base64::standard, pbkdf2_sha256(as_bytes("secret1"), as_bytes("salt123"), 1000, 32)),
      "64xfzBvZhGDT7PB0bQwDeI8/WR1M9x6Cw5dt0yP9koc=");
}

TEST(Argon2id, GivesTheKeyOfTheReferenceImplementation) {
  EXPECT_EQ(encode_hex(*argon2id(as_bytes("password"), salt(), 3, 64)),
            "4b5dc7fd03bc8449b6becb981762b597e860b2322fc34685d1fd2dc21aaf07cb");
}

TEST(Argon2id, RefusesCostsThatAreNone) {
  EXPECT_FALSE(argon2id(as_bytes("password"), salt(), 0, 64));
  EXPECT_FALSE(argon2id(as_bytes("password"), salt(), 1, argon2_memory_kib_min - 1));
  EXPECT_TRUE(argon2id(as_bytes("password"), salt(), 1, argon2_memory_kib_min));
}

TEST(Argon2id, ComparesWithTheTextOfTheReferenceImplementation) {
  const std::string encoded =
      "$argon2id$v=19$m=8192,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$/JZoJHegxcgnSkpyF+KjK1/VFRE3e4rVvoefco5yWqU";

  EXPECT_TRUE(argon2id_matches(encoded, as_bytes("password")));
  EXPECT_FALSE(argon2id_matches(encoded, as_bytes("passwore")));
  EXPECT_FALSE(argon2id_matches(encoded, {}));
}

TEST(Argon2id, ATextThatIsNoneMatchesNothing) {
  for (const char* encoded: {"", "password", "$argon2id$", "$argon2i$v=19$m=8192,t=1,p=1$MDEy$/JZo",
                             "$argon2id$v=19$m=4294967295,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$/JZo"}) {
    EXPECT_FALSE(argon2id_matches(encoded, as_bytes("password"))) << encoded;
  }
}

TEST(SecretText, MovingLeavesNothingBehind) {
  SecretText first("rosebud");
  const char* memory = first.view().data();

  const SecretText second(std::move(first));

  EXPECT_TRUE(first.empty());  // NOLINT: that is what is asked
  EXPECT_EQ(second.view(), "rosebud");
  EXPECT_EQ(second.view().data(), memory);
}

TEST(SecretText, WipingOverwritesEveryByte) {
  ByteVector bytes = to_vector(as_bytes("rosebud"));

  wipe(bytes);

  EXPECT_EQ(bytes, ByteVector(7));
}

TEST(Ed25519Seed, GivesTheKeyAndTheSignatureOfTheRfc) {  // RFC 8032 section 7.1, test 2
  const auto key = PrivateKey::from_ed25519_seed(
      *decode_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));

  ASSERT_TRUE(key);
  EXPECT_EQ(encode_hex(key->public_key().ed25519_bytes()),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_EQ(encode_hex(key->sign(*decode_hex("72"))),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_EQ(PrivateKey::from_ed25519_seed(as_bytes("short")).error(), KeyError::not_a_key);
}

}  // namespace
}  // namespace crosspoint::crypto
