#include "token/claims.h"

#include <gtest/gtest.h>

namespace crosspoint::token {
namespace {

WallTime at(std::int64_t seconds) { return WallTime{std::chrono::seconds{seconds}}; }

Claims read(std::string_view json) {
  const auto claims = read_claims(json);
  EXPECT_TRUE(claims) << json;
  return claims.value_or(Claims{});
}

constexpr std::string_view text_of_the_specification =
    R"({"booking_id":"bk-7","topic":"rig01-st-data","prefix":"session","scopes":["read","write"],)"
    R"("aud":["https://lab.example/access"],"exp":4102444800,"nbf":1699999999,"iat":1700000000})";

TEST(Claims, AreReadAndWrittenBackByteForByte) {
  const auto claims = read(text_of_the_specification);

  EXPECT_EQ(claims.booking_id, "bk-7");
  EXPECT_EQ(claims.topic, "rig01-st-data");
  EXPECT_EQ(claims.prefix, "session");
  EXPECT_TRUE(claims.has_scope("read"));
  EXPECT_FALSE(claims.has_scope("rea"));
  EXPECT_EQ(claims.expires, at(4102444800));
  EXPECT_EQ(claims.not_before, at(1699999999));
  EXPECT_EQ(claims.issued, at(1700000000));
  EXPECT_EQ(write_claims(claims), text_of_the_specification);
}

TEST(Claims, TheFourOfTheRelayAreWrittenAlsoWhenTheyAreEmpty) {
  EXPECT_EQ(write_claims({}), R"({"booking_id":"","topic":"","prefix":"","scopes":[]})");
}

TEST(Claims, RegisteredOnesStandWhereGoPutsThem) {
  const Claims claims{.audience = {"a"}, .expires = at(3), .subject = "s", .issuer = "i", .token_id = "t"};

  EXPECT_EQ(
      write_claims(claims),
      R"({"booking_id":"","topic":"","prefix":"","scopes":[],"iss":"i","sub":"s","aud":["a"],"exp":3,"jti":"t"})");
  EXPECT_EQ(read(write_claims(claims)), claims);
}

TEST(Claims, CharactersAreEscapedAsGoDoes) {
  const Claims claims{.topic = "a<b>&\"\\\n\u2028\u00e4", .audience = {"https://x/?a=1&b=2"}};

  const auto text = write_claims(claims);

  EXPECT_NE(text.find(R"("topic":"a\u003cb\u003e\u0026\"\\\n\u2028ä")"), text.npos) << text;
  EXPECT_NE(text.find(R"(["https://x/?a=1\u0026b=2"])"), text.npos) << text;
  EXPECT_EQ(read(text), claims);
}

TEST(Claims, AnAudienceIsATextOrAList) {
  EXPECT_EQ(read(R"({"aud":"a"})").audience, std::vector<std::string>{"a"});
  EXPECT_EQ(read(R"({"aud":["a","b"]})").audience, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read(R"({"aud":[]})").audience, std::vector<std::string>{});
  EXPECT_EQ(read_claims(R"({"aud":["a"]})", {.audience_list = false}).error(), Refusal::bad_claims);
  EXPECT_TRUE(read_claims(R"({"aud":"a"})", {.audience_list = false}));
}

TEST(Claims, FractionsOfASecondAreCutOff) {
  EXPECT_EQ(read(R"({"exp":1700000000.999})").expires, at(1700000000));
  EXPECT_EQ(read(R"({"exp":17e8})").expires, at(1700000000));
  EXPECT_EQ(read(R"({"exp":0.9})").expires, at(0));
}

TEST(Claims, AQuotedWholeNumberIsADateWhereThatFormIsTaken) {
  EXPECT_EQ(read(R"({"exp":"1700000000"})").expires, at(1700000000));
  EXPECT_EQ(read_claims(R"({"exp":"1700000000"})", {.quoted_dates = false}).error(), Refusal::bad_claims);
}

TEST(Claims, TheLatestDateIsReadAndTheSecondAfterItIsNot) {
  EXPECT_EQ(read(R"({"exp":9000000000})").expires, latest_date);
  EXPECT_EQ(read_claims(R"({"exp":9000000001})").error(), Refusal::bad_claims);
  EXPECT_EQ(read(R"({"exp":0})").expires, at(0));
  EXPECT_EQ(read_claims(R"({"exp":-1})").error(), Refusal::bad_claims);
}

TEST(Claims, NullIsAbsentExceptForADate) {  // Go writes a list that was never made as null
  const auto claims =
      read(R"({"booking_id":null,"topic":null,"prefix":null,"scopes":null,"aud":null,"sub":null})");

  EXPECT_EQ(claims, Claims{});
  for (const auto name: {"exp", "nbf", "iat"}) {
    EXPECT_EQ(read_claims(std::string("{\"") + name + "\":null}").error(), Refusal::bad_claims) << name;
  }
}

TEST(Claims, WhatTheRelayDoesNotUseMayHaveAnyForm) {
  const auto claims = read(R"({"sub":{"a":1},"iss":[1],"jti":7,"bid":"x","Topic":"y","nonce":[[]]})");

  EXPECT_EQ(claims, Claims{});
}

}  // namespace
}  // namespace crosspoint::token
