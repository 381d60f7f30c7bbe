#include "wamp/auth/stored_password.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "crypto/password_hash.h"

namespace crosspoint::wamp::auth {
namespace {

constexpr std::string_view argon2 =
    "$argon2id$v=19$m=8192,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$/JZoJHegxcgnSkpyF+KjK1/VFRE3e4rVvoefco5yWqU";

std::string pbkdf2(std::string_view password) {
  return "$pbkdf2-sha256$i=1000$c2FsdHNhbHQ=$" +
         encode_base64(Base64::standard,
                       crypto::pbkdf2_sha256(as_bytes(password), as_bytes("saltsalt"), 1000, 32));
}

TEST(StoredPassword, EachFormKnowsThePasswordAndNoOther) {
  for (const auto& stored: {StoredPassword::from_clear("password"), *StoredPassword::parse(argon2),
                            *StoredPassword::parse(pbkdf2("password"))}) {
    EXPECT_TRUE(stored.matches(as_bytes("password")));
    EXPECT_FALSE(stored.matches(as_bytes("passwore")));
    EXPECT_FALSE(stored.matches(as_bytes("passwor")));
    EXPECT_FALSE(stored.matches({}));
  }
}

TEST(StoredPassword, OnlyTheSlowFormsAreSlow) {
  EXPECT_FALSE(StoredPassword::from_clear("password").is_slow());
  EXPECT_TRUE(StoredPassword::parse(argon2)->is_slow());
  EXPECT_TRUE(StoredPassword::parse(pbkdf2("password"))->is_slow());
}

TEST(StoredPassword, PaddingMayBeLeftOut) {
  std::string text = pbkdf2("password");
  std::erase(text, '=');
  text.replace(text.find("$i"), 2, "$i=");

  ASSERT_TRUE(StoredPassword::parse(text)) << text;
  EXPECT_TRUE(StoredPassword::parse(text)->matches(as_bytes("password")));
}

TEST(StoredPassword, AJobIsWholeInItself) {
  PasswordJob job{*StoredPassword::parse(argon2), crypto::SecretText("password")};
  const PasswordJob moved = std::move(job);

  EXPECT_TRUE(moved.run());
  EXPECT_FALSE((PasswordJob{*StoredPassword::parse(argon2), crypto::SecretText("x")}.run()));
}

TEST(StoredPassword, FingerprintsDifferWhenThePasswordWasStoredAnew) {
  EXPECT_EQ(StoredPassword::from_clear("a").fingerprint(), StoredPassword::from_clear("a").fingerprint());
  EXPECT_NE(StoredPassword::from_clear("a").fingerprint(), StoredPassword::from_clear("b").fingerprint());
  EXPECT_NE(StoredPassword::parse(pbkdf2("a"))->fingerprint(),
            StoredPassword::parse(pbkdf2("b"))->fingerprint());
}

TEST(StoredPassword, WhatIsNoStoredPasswordIsRefusedWithoutShowingIt) {
  const std::string_view refused[] = {
      "rosebud",
      "",
      "$",
      "$argon2id$v=19$m=8192,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg",
      "$argon2id$v=16$m=8192,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$/JZoJHegxcgnSkpyF+KjK1/VFRE3e4rVvoefco5yWqU",
      "$argon2i$v=19$m=8192,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$/JZoJHegxcgnSkpyF+KjK1/VFRE3e4rVvoefco5yWqU",
      "$argon2id$v=19$m=8192,t=1,p=4$MDEyMzQ1Njc4OWFiY2RlZg$/JZoJHegxcgnSkpyF+KjK1/VFRE3e4rVvoefco5yWqU",
      "$argon2id$v=19$m=1048577,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$/JZoJHegxcgnSkpyF+KjK1/VFRE3e4rVvoefco5yWqU",
      "$argon2id$v=19$m=8192,t=65,p=1$MDEyMzQ1Njc4OWFiY2RlZg$/JZoJHegxcgnSkpyF+KjK1/VFRE3e4rVvoefco5yWqU",
      "$argon2id$v=19$m=8192,t=1$MDEyMzQ1Njc4OWFiY2RlZg$/JZoJHegxcgnSkpyF+KjK1/VFRE3e4rVvoefco5yWqU",
      "$argon2id$v=19$m=8192,t=1,p=1$rose bud$/JZoJHegxcgnSkpyF+KjK1/VFRE3e4rVvoefco5yWqU",
      "$pbkdf2-sha256$i=999$c2FsdHNhbHQ=$/JZoJHegxcgnSkpyF+KjK1/VFRE3e4rVvoefco5yWqU",
      "$pbkdf2-sha256$i=10000001$c2FsdHNhbHQ=$/JZoJHegxcgnSkpyF+KjK1/VFRE3e4rVvoefco5yWqU",
      "$pbkdf2-sha256$1000$c2FsdHNhbHQ=$/JZoJHegxcgnSkpyF+KjK1/VFRE3e4rVvoefco5yWqU",
      "$pbkdf2-sha256$i=1000$$/JZoJHegxcgnSkpyF+KjK1/VFRE3e4rVvoefco5yWqU",
      "$pbkdf2-sha256$i=1000$c2FsdHNhbHQ=$cm9zZWJ1ZA==",
  };
  for (const auto text: refused) {
    const auto stored = StoredPassword::parse(text);
    ASSERT_FALSE(stored) << text;
    EXPECT_EQ(stored.error().find("rose"), stored.error().npos) << stored.error();
  }
}

}  // namespace
}  // namespace crosspoint::wamp::auth
