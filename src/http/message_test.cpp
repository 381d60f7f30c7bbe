#include "http/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/parse_error.h"

namespace crosspoint::http {
namespace {

TEST(Fields, AreFoundWithoutRegardToCase) {
  Fields fields;
  fields.add("Sec-WebSocket-Key", "a");
  fields.add("sec-websocket-key", "b");

  EXPECT_EQ(fields.find("SEC-WEBSOCKET-KEY"), "a");
  EXPECT_EQ(fields.count("Sec-Websocket-Key"), 2u);
  EXPECT_EQ(fields.find("Sec-WebSocket-Ke"), std::nullopt);
  EXPECT_EQ(fields.size(), 2u);
}

TEST(Fields, ListsRunOverAllFieldsOfTheName) {
  Fields fields;
  fields.add("Connection", "keep-alive,\t Upgrade ");
  fields.add("X", "y");
  fields.add("connection", ", ,z");

  EXPECT_TRUE(fields.lists("Connection", "upgrade"));
  EXPECT_TRUE(fields.lists("Connection", "Z"));
  EXPECT_FALSE(fields.lists("Connection", "y"));
  EXPECT_FALSE(fields.lists("Connection", "keep"));
  EXPECT_FALSE(fields.lists("Connection", ""));
  EXPECT_THAT(fields.elements("Connection"), ::testing::ElementsAre("keep-alive", "Upgrade", "z"));
  EXPECT_THAT(fields.elements("Upgrade"), ::testing::IsEmpty());
}

TEST(Fields, AreReadInTheOrderInWhichTheyWereAdded) {
  Fields fields;
  const std::string long_value(1000, 'x');
  fields.reserve(4);
  fields.add("A", "1");
  fields.add("B", "");
  fields.add("A", long_value);

  EXPECT_THAT(std::vector(fields.begin(), fields.end()),
              ::testing::ElementsAre(Field{"A", "1"}, Field{"B", ""}, Field{"A", long_value}));
  EXPECT_EQ(Fields().begin(), Fields().end());
}

TEST(Fields, WhatTheyHandedOutStaysWhereItIsWhenTheyAreMoved) {
  Fields fields;
  fields.add("A", "1");
  const auto value = fields.find("A");

  const Fields elsewhere = std::move(fields);

  EXPECT_EQ(elsewhere.find("A")->data(), value->data());
}

TEST(Fields, AreEqualWhenNamesAndValuesAreInTheirOrder) {
  const auto with = [](std::string_view name, std::string_view value) {
    Fields fields;
    fields.add(name, value);
    return fields;
  };

  EXPECT_EQ(with("A", "bc"), with("A", "bc"));
  EXPECT_NE(with("A", "bc"), with("Ab", "c"));
  EXPECT_NE(with("A", "bc"), with("a", "bc"));
  EXPECT_NE(with("A", "bc"), Fields());
}

TEST(Message, CaseIsThatOfAsciiOnly) {
  EXPECT_TRUE(equal_ignoring_case("aZ-[", "Az-["));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
  EXPECT_FALSE(equal_ignoring_case("\xc3\xa4", "\xc3\x84"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
}

TEST(Message, StatusesHaveTheirReasons) {
  EXPECT_EQ(reason_of(200), "OK");
  EXPECT_EQ(reason_of(431), "Request Header Fields Too Large");
  EXPECT_EQ(reason_of(299), "");
}

TEST(Message, EveryErrorHasASentenceAndAStatusOfItsKind) {
  for (int i = 0; i <= static_cast<int>(ParseError::truncated); ++i) {
    const auto error = static_cast<ParseError>(i);
    EXPECT_FALSE(to_string(error).empty());
    EXPECT_FALSE(reason_of(status_of(error)).empty());
  }
}

}  // namespace
}  // namespace crosspoint::http
