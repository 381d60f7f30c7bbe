#include "base/base64.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace crosspoint {
namespace {

struct Vector {
  std::string_view plain;
  std::string_view standard;
  std::string_view url;
};
// RFC 4648 section 10, and one that uses the two characters in which the alphabets differ.
constexpr Vector vectors[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xfb\xff\xbf", "+/+/", "-_-_"},
};

TEST(Base64, WritesAndReadsTheVectorsOfTheRfc) {
  for (const Vector& vector: vectors) {
    EXPECT_EQ(encode_base64(Base64::standard, as_bytes(vector.plain)), vector.standard);
    EXPECT_EQ(encode_base64(Base64::url, as_bytes(vector.plain)), vector.url);
    EXPECT_EQ(decode_base64(Base64::standard, vector.standard), to_vector(as_bytes(vector.plain)));
    EXPECT_EQ(decode_base64(Base64::url, vector.url), to_vector(as_bytes(vector.plain)));
  }
}

TEST(Base64, WhatWasWrittenIsReadBackForEveryLength) {
  SeededRandom random(1);
  for (std::size_t length = 0; length < 200; ++length) {
    ByteVector bytes(length);
    random.fill(bytes);
    for (const Base64 kind: {Base64::standard, Base64::url}) {
      EXPECT_EQ(decode_base64(kind, encode_base64(kind, bytes)), bytes);
    }
  }
}

TEST(Base64, RefusesEverySecondSpelling) {
  struct Refusal {
    Base64 kind;
    std::string_view text;
    Base64Error error;
  };
  using enum Base64Error;
  const Refusal refusals[] = {
      {Base64::standard, "Zg", wrong_length},           // padding missing
      {Base64::standard, "Zg=", wrong_length},          // half of it
      {Base64::standard, "Zg===", wrong_length},        // too much of it
      {Base64::standard, "Z===", wrong_character},      // three can never be right
      {Base64::standard, "====", wrong_character},      // nothing but padding
      {Base64::standard, "=Zg=", wrong_character},      // padding in front
      {Base64::standard, "Zg==Zg==", wrong_character},  // padding in the middle
      {Base64::standard, "Zh==", stray_bits},           // "f" with four bits too many
      {Base64::standard, "Zm9=", stray_bits},           // "fo" with two bits too many
      {Base64::standard, "Zm 9", wrong_character},
      {Base64::standard, "Zm9v\r\n==", wrong_character},
      {Base64::standard, "-_-_", wrong_character},
      {Base64::standard, std::string_view("Zm\0v", 4), wrong_character},
      {Base64::standard, "Zm9\xc3", wrong_character},
      {Base64::url, "Zg==", wrong_character},
      {Base64::url, "Z", wrong_length},
      {Base64::url, "Zm9vY", wrong_length},
      {Base64::url, "Zh", stray_bits},
      {Base64::url, "Zm9", stray_bits},
      {Base64::url, "+/+/", wrong_character},
      {Base64::url, "Zm9v\n", wrong_length},
  };
  for (const Refusal& refusal: refusals) {
    const auto decoded = decode_base64(refusal.kind, refusal.text);
    ASSERT_FALSE(decoded.has_value()) << refusal.text;
    EXPECT_EQ(decoded.error(), refusal.error) << refusal.text;
  }
}

}  // namespace
}  // namespace crosspoint
