#include "relay/topic_report.h"

#include <gmock/gmock.h>

namespace crosspoint::relay {
namespace {

using ::testing::ElementsAre;

TEST(TopicReport, WhatLoopsKnowOfATopicIsAddedUp) {
  TopicReport owner{.topic = "b",
                    .token = true,
                    .senders = 1,
                    .viewers = 2,
                    .messages = 9,
                    .bytes = 90,
                    .text_dropped = 1,
                    .kept_bytes = 64,
                    .media = "mpeg1video"};
  TopicReport copy{.topic = "b", .token = true, .viewers = 40};
  TopicReport other{.topic = "/a", .viewers = 1};
  auto expected = owner;
  expected.viewers = 42;
  EXPECT_THAT(merged({{owner}, {}, {copy, other}}), ElementsAre(other, expected));
  EXPECT_THAT(merged({{copy}, {owner}}), ElementsAre(expected));
}

TEST(TopicReport, IsWrittenInOneForm) {
  const TopicReport report{.topic = "a\xff\"b",
                           .token = false,
                           .senders = 1,
                           .viewers = 2,
                           .messages = 3,
                           .bytes = 4,
                           .text_dropped = 5,
                           .kept_bytes = 6,
                           .media = "m"};
  EXPECT_EQ(to_json(report),
            "{\"topic\":\"a\xef\xbf\xbd\\\"b\",\"token\":false,\"clients\":3,\"senders\":1,\"viewers\":2,"
            "\"messages\":3,\"bytes\":4,\"text_dropped\":5,\"kept_bytes\":6,\"media\":\"m\"}");
}

}  // namespace
}  // namespace crosspoint::relay
