#include "host/name.h"

#include <gtest/gtest.h>

#include <string>

namespace crosspoint::host {
namespace {

TEST(Name, LettersDigitsHyphensAndSlashesMakeANameAndNest) {
  for (const auto* name: {"video0", "a", "Z9", "front/large", "stream/front/large", "a-b", "video0/", "/"})
    EXPECT_TRUE(is_name(name)) << name;
}

TEST(Name, AnythingElseDoesNot) {
  for (const auto* text: {"", "video_0", "a.b", "~a", "a b", "a%20b", "\xc3\xa4", "a\n", "a?b", "a:b"})
    EXPECT_FALSE(is_name(text)) << text;
  EXPECT_FALSE(is_name(std::string("a\0b", 3)));
}

TEST(Name, LengthIsBounded) {
  EXPECT_TRUE(is_name(std::string(name_bytes_max, 'a')));
  EXPECT_FALSE(is_name(std::string(name_bytes_max + 1, 'a')));
}

TEST(Name, StreamsBeginWithTheWordAndASlash) {
  EXPECT_TRUE(names_a_stream("stream/front"));
  EXPECT_FALSE(names_a_stream("stream"));
  EXPECT_FALSE(names_a_stream("streams/front"));
  EXPECT_FALSE(names_a_stream("video0"));
}

TEST(Name, ExactlyOneLeadingSlashIsTakenOff) {
  EXPECT_EQ(without_leading_slash("/stream/d"), "stream/d");
  EXPECT_EQ(without_leading_slash("//stream/d"), "/stream/d");
  EXPECT_EQ(without_leading_slash("stream/d"), "stream/d");
  EXPECT_EQ(without_leading_slash(""), "");
}

}  // namespace
}  // namespace crosspoint::host
