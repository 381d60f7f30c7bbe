#include "token/strict_json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

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

TEST(StrictJson, TextIsUtf8AndItsEscapesAreWhole) {
  const auto text_of = [](std::string_view inside) -> std::optional<std::string> {
    const auto object = read_json_object("{\"a\":\"" + std::string(inside) + "\"}");
    return object ? std::optional(object->find("a")->text) : std::nullopt;
  };

  EXPECT_EQ(text_of(R"(\"\\\/\b\f\n\r\t\u0000\u007F\u07ff\uFFFF)"),
            std::string("\"\\/\b\f\n\r\t\0\x7f\xdf\xbf\xef\xbf\xbf", 15));
  EXPECT_EQ(text_of(R"(\ud800\udc00\uDBFF\uDFFF)"), "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
  EXPECT_EQ(text_of("\xc2\x80\xe0\xa0\x80\xed\x9f\xbf\xf4\x8f\xbf\xbf"),
            "\xc2\x80\xe0\xa0\x80\xed\x9f\xbf\xf4\x8f\xbf\xbf");
  for (const std::string_view wrong:
       {R"(\ud800)", R"(\udc00)", R"(\ud800\ud800)", R"(\ud800x)", R"(\u12)", R"(\u+123)", R"(\u 123)",
        R"(\)", R"(\U0041)", "\x80", "\xc0\xaf", "\xc2", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\x1f"}) {
    EXPECT_EQ(text_of(wrong), std::nullopt) << wrong;
  }
}

TEST(StrictJson, NumbersAreThoseOfTheGrammar) {
  const auto number_of = [](std::string_view number) -> std::optional<double> {
    const auto object = read_json_object("{\"a\":" + std::string(number) + "}");
    return object ? std::optional(object->find("a")->number) : std::nullopt;
  };

  EXPECT_EQ(number_of("0"), 0);
  EXPECT_EQ(number_of("-0.5"), -0.5);
  EXPECT_EQ(number_of("1e3"), 1000);
  EXPECT_EQ(number_of("12.25E-2"), 0.1225);
  EXPECT_EQ(number_of("1e+2"), 100);
  EXPECT_EQ(number_of("9007199254740993"), 9007199254740992.0);
  for (const std::string_view wrong: {"-", "+1", ".5", "1.", "1.e1", "1e", "1e+", "00", "-01", "0x1", "1_0",
                                      "Infinity", "-inf", "nan", "1e400", "-1e400", "1 2"}) {
    EXPECT_EQ(number_of(wrong), std::nullopt) << wrong;
  }
}

bool same(const JsonValue& ours, const nlohmann::json& theirs) {
  switch (ours.kind) {
    case Kind::null: return theirs.is_null();
    case Kind::boolean: return theirs == ours.boolean;
    case Kind::number: return theirs.is_number() && theirs.get<double>() == ours.number;
    case Kind::text: return theirs == ours.text;
    case Kind::list:
      return theirs.is_array() &&
             std::ranges::equal(ours.items, theirs, [](auto& a, auto& b) { return same(a, b); });
    case Kind::object:
      return theirs.is_object() && theirs.size() == ours.members.size() &&
             std::ranges::all_of(ours.members, [&](const JsonMember& member) {
               return theirs.contains(member.name) && same(member.value, theirs[member.name]);
             });
  }
  return false;
}

// Every text that one wrong byte can make of a good one, read by another library too: the two must take the
// same for good, and understand the same by it.
TEST(StrictJson, UnderstandsWhatAnotherReaderDoes) {
  constexpr std::string_view good =
      "{\"a\":[1,-2.5e+3,true,null], "
      "\"b\":{\"\\u00e4\\ud83d\\ude00\\n\":\"\xc3\xa4\xf0\x9f\x98\x80\"},\n\"c\":false}";
  constexpr std::string_view telling =
      "\x01\t\n\r \"\\/[]{},:.-+eE019abfnrtuxZ\x1f\x7f\x80\xa4\xbf\xc0\xc3\xe2\xed\xf0\xf4\xff";
  std::size_t accepted = 0;
  const auto compare = [&](const std::string& text) {
    const auto ours = read_json_object(text);
    if (!ours && ours.error() == JsonError::duplicate_member) return;  // theirs takes the last one
    const auto theirs = nlohmann::json::parse(text, nullptr, false);
    accepted += ours ? 1 : 0;
    EXPECT_EQ(ours.has_value(), theirs.is_object()) << text;
    EXPECT_TRUE(!ours || same(*ours, theirs)) << text;
  };
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto text = std::string(good);
    for (const char byte: telling) {
      text[at] = byte;
      compare(text);
    }
    compare(text.erase(at, 1));
  }
  EXPECT_GT(accepted, good.size());
}

}  // namespace
}  // namespace crosspoint::token
