#include "wamp/client/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace crosspoint::wamp::client {
namespace {

using ::testing::HasSubstr;

std::string read(const std::vector<std::string>& words, std::string_view kwargs = "") {
  const auto arguments = read_arguments(words, kwargs);
  return arguments ? arguments->args + " " + arguments->kwargs : "refused: " + arguments.error();
}

TEST(Words, WhatIsJsonMeansWhatItSays) {
  EXPECT_EQ(read({"1", "-2.5", "true", "null", "[1,{}]", R"({"a":1})", R"("text")"}),
            R"([1,-2.5,true,null,[1,{}],{"a":1},"text"] )");
}

TEST(Words, WhatIsNotIsText) {
  EXPECT_EQ(read({"text", "lab-3", "2026-01-02", "", "say \"a\"", "[1", "01", "µ"}),
            R"(["text","lab-3","2026-01-02","","say \"a\"","[1","01","µ"] )");
}

TEST(Words, WithANameTheyGoByIt) {
  EXPECT_EQ(read({"unit=mm", "1", "on=true", "empty=", "a=b=c"}),
            R"([1] {"unit":"mm","on":true,"empty":"","a":"b=c"})");
  EXPECT_EQ(read({"x=1"}, R"({"y":[2]})"), R"( {"y":[2],"x":1})");
  EXPECT_EQ(read({"1=2", "=3", "a-b=4", R"("a=b")"}), R"(["1=2","=3","a-b=4","a=b"] )");
}

TEST(Words, NothingIsNothing) { EXPECT_EQ(read({}), " "); }

TEST(Words, TextThatIsNotUtf8IsMadeSo) { EXPECT_EQ(read({"a\xff\xc3"}), "[\"a\xef\xbf\xbd\xef\xbf\xbd\"] "); }

TEST(Words, RefusesNamesTwiceAndKwargsThatAreNoMap) {
  EXPECT_THAT(read({"a=1", "a=2"}), HasSubstr("a is given twice"));
  EXPECT_THAT(read({"a=1"}, R"({"a":2})"), HasSubstr("a is given twice"));
  EXPECT_THAT(read({}, "[1]"), HasSubstr("JSON object"));
  EXPECT_THAT(read({}, "{"), HasSubstr("JSON object"));
}

}  // namespace
}  // namespace crosspoint::wamp::client
