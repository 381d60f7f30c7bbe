#include "client/token_text.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace crosspoint::client
