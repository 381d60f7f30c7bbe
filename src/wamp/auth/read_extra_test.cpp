#include "wamp/auth/read_extra.h"

#include <gtest/gtest.h>

namespace crosspoint::wamp::auth {
namespace {

Payload json(std::string_view text) {
  return {.format = data::Format::json, .args = {}, .kwargs = as_bytes(text)};
}

constexpr std::string_view whole =
    R"({"pubkey":"ab","unknown":{"a":[1,2,{"b":null}]},"channel_binding":null,"challenge":"c\u0064","nonce":"n"})";

TEST(ReadExtra, TakesTheKnownTextsAndPassesOverTheRest) {
  const auto extra = read_hello_extra(json(whole));

  ASSERT_TRUE(extra) << extra.error();
  EXPECT_EQ(extra->pubkey, "ab");
  EXPECT_EQ(extra->channel_binding, "");
  EXPECT_EQ(extra->challenge, "cd");
  EXPECT_EQ(extra->nonce, "n");
}

TEST(ReadExtra, NoMapAtAllIsAnEmptyOne) {
  EXPECT_EQ(read_hello_extra({})->pubkey, "");
  EXPECT_EQ(read_authenticate_extra({})->nonce, "");
}

TEST(ReadExtra, AnAnswersExtraIsReadLikewise) {
  const auto extra =
      read_authenticate_extra(json(R"({"nonce":"n","cbind_data":"AAAA","channel_binding":"tls-unique"})"));

  ASSERT_TRUE(extra);
  EXPECT_EQ(extra->nonce, "n");
  EXPECT_EQ(extra->cbind_data, "AAAA");
  EXPECT_EQ(extra->channel_binding, "tls-unique");
}

TEST(ReadExtra, MessagePackIsReadLikewise) {
  const std::string_view map(
      "\x81\xa6pubkey\xa2"
      "ab",
      11);

  const auto extra = read_hello_extra({.format = data::Format::msgpack, .args = {}, .kwargs = as_bytes(map)});

  ASSERT_TRUE(extra);
  EXPECT_EQ(extra->pubkey, "ab");
}

TEST(ReadExtra, CutAnywhereItIsRefused) {
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    EXPECT_FALSE(read_hello_extra(json(whole.substr(0, cut)))) << cut;
  }
}

TEST(ReadExtra, WhatIsNoTextIsRefusedByItsName) {
  for (const std::string_view text: {R"({"pubkey":1})", R"({"pubkey":["ab"]})", R"({"pubkey":true})"}) {
    const auto extra = read_hello_extra(json(text));
    ASSERT_FALSE(extra) << text;
    EXPECT_TRUE(extra.error().starts_with("pubkey ")) << extra.error();
  }
  EXPECT_FALSE(read_hello_extra(json("[]")));
  EXPECT_FALSE(read_hello_extra(json("{}{}")));
}

TEST(ReadExtra, ATextHasALimit) {
  const auto with = [](std::size_t bytes) { return R"({"nonce":")" + std::string(bytes, 'a') + R"("})"; };
  const std::string longest = with(extra_text_bytes_max);
  const std::string longer = with(extra_text_bytes_max + 1);

  EXPECT_TRUE(read_hello_extra(json(longest)));
  EXPECT_FALSE(read_hello_extra(json(longer)));
}

}  // namespace
}  // namespace crosspoint::wamp::auth
