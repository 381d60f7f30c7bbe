#include "token/strict_json.h"

#include <gtest/gtest.h>

namespace crosspoint::token {
namespace {

using Kind = JsonValue::Kind;

TEST(StrictJson, ReadsEveryKindOfValue) {
  const auto object = read_json_object(
      R"({"null":null,"yes":true,"no":false,"whole":-7,"large":18446744073709551615,"broken":1.5,)"
      R"("text":"\u00e4\ud83d\ude00","list":[1,[2],{}],"object":{"a":"b"},"":0})");

  ASSERT_TRUE(object);
  EXPECT_TRUE(object->find("null")->is(Kind::null));
  EXPECT_TRUE(object->find("yes")->boolean);
  EXPECT_FALSE(object->find("no")->boolean);
  EXPECT_EQ(object->find("whole")->number, -7);
  EXPECT_EQ(object->find("large")->number, 18446744073709551616.0);
  EXPECT_EQ(object->find("broken")->number, 1.5);
  EXPECT_EQ(object->find("text")->text, "ä😀");
  ASSERT_EQ(object->find("list")->items.size(), 3u);
  EXPECT_EQ(object->find("list")->items[1].items[0].number, 2);
  EXPECT_EQ(object->find("object")->find("a")->text, "b");
  EXPECT_NE(object->find(""), nullptr);
  EXPECT_EQ(object->find("missing"), nullptr);
}

TEST(StrictJson, TheSameNameInTwoObjectsIsNoDuplicate) {
  EXPECT_TRUE(read_json_object(R"({"a":{"a":1},"b":{"a":[{"a":1},{"a":1}]}})"));
  EXPECT_EQ(read_json_object(R"({"a":1,"\u0061":1})").error(), JsonError::duplicate_member);
  EXPECT_EQ(read_json_object(R"({"b":[{},{"a":1,"c":{},"a":1}]})").error(), JsonError::duplicate_member);
}

TEST(StrictJson, D5_DepthIsReadUpToTheLimitAndNotBeyond) {
  EXPECT_TRUE(read_json_object(R"({"a":[[]]})", {.depth_max = 3}));
  EXPECT_EQ(read_json_object(R"({"a":[[[]]]})", {.depth_max = 3}).error(), JsonError::too_deep);
  EXPECT_EQ(read_json_object(R"({"a":{"a":{"a":{}}}})", {.depth_max = 3}).error(), JsonError::too_deep);
  EXPECT_EQ(read_json_object("{\"a\":" + std::string(1'000'000, '[')).error(), JsonError::too_deep);
}

TEST(StrictJson, ValuesAreReadUpToTheLimitAndNotBeyond) {
  EXPECT_TRUE(
      read_json_object(R"({"a":[1,2]})", {.values_max = 4}));  // the object, the list, and what is in it
  EXPECT_EQ(read_json_object(R"({"a":[1,2,3]})", {.values_max = 4}).error(), JsonError::too_many_values);
  EXPECT_EQ(read_json_object(R"({"a":1,"b":[],"c":{},"d":2})", {.values_max = 4}).error(),
            JsonError::too_many_values);
}

TEST(StrictJson, WhatIsNotOneObjectIsRefused) {
  for (const std::string_view text: {"",
                                     " ",
                                     "null",
                                     "1",
                                     "\"a\"",
                                     "[]",
                                     "[{}]",
                                     "{",
                                     "}",
                                     "{}{}",
                                     "{} x",
                                     "{a:1}",
                                     "{'a':1}",
                                     "{\"a\":1,}",
                                     "{\"a\"}",
                                     "{\"a\":}",
                                     "{\"a\":NaN}",
                                     "{\"a\":1e400}",
                                     "{\"a\":01}",
                                     "{\"a\":\"\xff\"}",
                                     "{\"a\":\"\\x\"}",
                                     "{\"a\":\"\n\"}",
                                     "{/**/}",
                                     "\xef\xbb\xbf{}"}) {
    EXPECT_EQ(read_json_object(text).error(), JsonError::malformed) << text;
  }
  EXPECT_EQ(read_json_object(std::string_view("{}\0", 3)).error(), JsonError::malformed);
  EXPECT_EQ(read_json_object(std::string_view("{}\0{}", 5)).error(), JsonError::malformed);
}

}  // namespace
}  // namespace crosspoint::token
