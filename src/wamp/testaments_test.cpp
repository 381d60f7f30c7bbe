#include "wamp/testaments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wamp/test_peer.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Publish will(std::string_view topic, std::string_view args = "[1]") {
  Publish message;
  message.topic = topic;
  message.payload = json_payload(args);
  return message;
}

std::vector<std::string> topics(Testaments& testaments) {
  std::vector<std::string> topics;
  for (const Testament& testament: testaments.take()) topics.emplace_back(testament.view().topic);
  return topics;
}

TEST(Testaments, ComeInTheOrderTheyWereAddedThoseForDetachedFirst) {
  const TestamentSettings settings;
  TestamentCounters counters;
  Testaments testaments(settings, counters);
  EXPECT_TRUE(testaments.add(TestamentScope::destroyed, will("a")));
  EXPECT_TRUE(testaments.add(TestamentScope::detached, will("b")));
  EXPECT_TRUE(testaments.add(TestamentScope::destroyed, will("c")));
  EXPECT_TRUE(testaments.add(TestamentScope::detached, will("d")));
  EXPECT_THAT(topics(testaments), ElementsAre("b", "d", "a", "c"));
  EXPECT_THAT(topics(testaments), IsEmpty());
  EXPECT_EQ(testaments.bytes(), 0u);
}

TEST(Testaments, AreFlushedByScope) {
  const TestamentSettings settings;
  TestamentCounters counters;
  Testaments testaments(settings, counters);
  for (const auto* topic: {"a", "b"}) EXPECT_TRUE(testaments.add(TestamentScope::destroyed, will(topic)));
  EXPECT_TRUE(testaments.add(TestamentScope::detached, will("c")));
  EXPECT_EQ(testaments.flush(TestamentScope::destroyed), 2u);
  EXPECT_EQ(testaments.flush(TestamentScope::destroyed), 0u);
  EXPECT_THAT(topics(testaments), ElementsAre("c"));
}

TEST(Testaments, ScopesHaveNames) {
  EXPECT_EQ(find_testament_scope("destroyed"), TestamentScope::destroyed);
  EXPECT_EQ(find_testament_scope("detached"), TestamentScope::detached);
  for (const auto* name: {"", "Destroyed", "destroy", "detached "}) {
    EXPECT_EQ(find_testament_scope(name), std::nullopt) << name;
  }
}

TEST(Testaments, KeepAllThatAPublicationAsksForButItsAcknowledgement) {
  const TestamentSettings settings;
  TestamentCounters counters;
  Testaments testaments(settings, counters);
  {
    // Everything that a view refers to is gone when the testament is read.
    const std::string topic = "com.app.gone", args = "[1, 2]", kwargs = R"({"a": 3})", scheme = "wamp";
    Publish message;
    message.request = RequestId{9};
    message.topic = topic;
    message.acknowledge = true;
    message.exclude_me = false;
    message.retain = true;
    message.disclose_me = true;
    message.acknowledged_delivery = true;
    message.lists = ReceiverLists{.eligible_authrole = {{"admin"}}};
    message.pass_through = {PassThrough::Dialect::ppt, scheme, "cbor", "", ""};
    message.payload = json_payload(args, kwargs);
    EXPECT_TRUE(testaments.add(TestamentScope::destroyed, message));
  }

  const auto taken = testaments.take();
  ASSERT_EQ(taken.size(), 1u);
  const Publish message = taken[0].view();
  EXPECT_EQ(message.topic, "com.app.gone");
  EXPECT_FALSE(message.acknowledge);
  EXPECT_FALSE(message.exclude_me);
  EXPECT_TRUE(message.retain && message.disclose_me && message.acknowledged_delivery);
  EXPECT_EQ(message.lists->eligible_authrole->front(), "admin");
  EXPECT_EQ(message.pass_through.dialect, PassThrough::Dialect::ppt);
  EXPECT_EQ(message.pass_through.scheme, "wamp");
  EXPECT_EQ(as_text(message.payload.args), "[1, 2]");
  EXPECT_EQ(as_text(message.payload.kwargs), R"({"a": 3})");
}

TEST(Testaments, ASessionHasALargestNumberOfThem) {
  const TestamentSettings settings{.testaments_per_session_max = 2};
  TestamentCounters counters;
  Testaments testaments(settings, counters);
  EXPECT_TRUE(testaments.add(TestamentScope::destroyed, will("a")));
  EXPECT_TRUE(testaments.add(TestamentScope::detached, will("b")));
  EXPECT_EQ(testaments.add(TestamentScope::detached, will("c")).error(), Testaments::Refusal::too_many);
  EXPECT_EQ(counters.too_many, 1u);
  testaments.flush(TestamentScope::destroyed);
  EXPECT_TRUE(testaments.add(TestamentScope::detached, will("c")));
}

TEST(Testaments, ASessionHasALargestSizeOfThem) {
  const std::size_t bytes_of_one = Testament(will("a")).bytes();
  const TestamentSettings settings{.testament_bytes_per_session_max = 2 * bytes_of_one};
  TestamentCounters counters;
  Testaments testaments(settings, counters);
  EXPECT_TRUE(testaments.add(TestamentScope::destroyed, will("a")));
  EXPECT_EQ(testaments.add(TestamentScope::destroyed, will("a", "[12]")).error(),
            Testaments::Refusal::too_large);
  EXPECT_EQ(counters.too_large, 1u);
  EXPECT_TRUE(testaments.add(TestamentScope::destroyed, will("b")));
  EXPECT_EQ(testaments.bytes(), 2 * bytes_of_one);
  testaments.flush(TestamentScope::destroyed);
  EXPECT_EQ(testaments.bytes(), 0u);
}

}  // namespace
}  // namespace crosspoint::wamp
