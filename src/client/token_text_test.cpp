#include "client/token_text.h"

#include <gtest/gtest.h>

#include <utility>

namespace crosspoint::client {
namespace {

TEST(CheckToken, TakesWhatAHeaderFieldTakes) {
  EXPECT_TRUE(check_token("eyJh.eyJ0.c2ln-_"));
  for (const auto* text: {"", "a b", "a\tb", "a\r\nX: y", "a\x7f", "\xc3\xa9"})
    EXPECT_FALSE(check_token(text)) << text;
}

TEST(CheckToken, KeepsItsLimitToTheByte) {
  EXPECT_TRUE(check_token(std::string(token_bytes_max, 't')));
  EXPECT_FALSE(check_token(std::string(token_bytes_max + 1, 't')));
}

TEST(MaskSecrets, HidesTokensAndCodesOfTheQueryAndNothingElse) {
  const std::pair<const char*, const char*> table[] = {
      {"ws://h/in/front?token=SECRET", "ws://h/in/front?token=***"},
      {"ws://h/in?code=SECRET&x=1", "ws://h/in?code=***&x=1"},
      {"ws://h/in?x=1&token=SECRET&y=2&code=SECRET", "ws://h/in?x=1&token=***&y=2&code=***"},
      {"ws://h/in?token=SECRET=SECRET?SECRET", "ws://h/in?token=***"},
      {"ws://h/in?token=a&token=SECRET", "ws://h/in?token=***&token=***"},
      {"ws://h/in?TOKEN=SECRET&%74oken=SECRET&Code=SECRET", "ws://h/in?TOKEN=***&%74oken=***&Code=***"},
      {"ws://h/token=x/in?a=token&tokens=2&=3&&%zz=4", "ws://h/token=x/in?a=token&tokens=2&=3&&%zz=4"},
      {"ws://h/in?token=&code", "ws://h/in?token=&code"},
      {"ws://h/in", "ws://h/in"},
      {"ws://h/in?", "ws://h/in?"},
      {"", ""},
  };
  for (const auto& [address, shown]: table) EXPECT_EQ(mask_secrets(address), shown);
}

TEST(MaskSecrets, KnowsItsOwnStars) {
  for (const auto* address: {"ws://h/in?token=***", "ws://h/in?x=1&code=***&y=2", "ws://h/?Token=%2A%2a*"})
    EXPECT_TRUE(has_masked_secret(address)) << address;
  for (const auto* address:
       {"ws://h/***", "ws://h/in?x=***", "ws://h/in?token=**", "ws://h/in?token=****", "***", ""})
    EXPECT_FALSE(has_masked_secret(address)) << address;
}

}  // namespace
}  // namespace crosspoint::client
