#include "wamp/client/inbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace crosspoint::wamp::client {
namespace {

using ::testing::ElementsAre;
using Kind = Inbox::Kind;

struct ClientInboxTest : ::testing::Test {
  std::size_t push(Kind kind, std::string name, std::size_t bytes = 0) {
    return inbox.push({kind, bytes, [this, name] { ran.push_back(name); }});
  }
  std::vector<std::string> run_all() {
    while (auto item = inbox.pop()) item->run();
    return std::exchange(ran, {});
  }
  Inbox inbox{{.events_max = 2, .event_bytes_max = 1000, .call_bytes_max = 1000}};
  std::vector<std::string> ran;
};

TEST_F(ClientInboxTest, GivesWhatCameInItsOrder) {
  push(Kind::event, "a");
  push(Kind::answer, "b");
  push(Kind::call, "c");
  EXPECT_THAT(run_all(), ElementsAre("a", "b", "c"));
  EXPECT_TRUE(inbox.empty());
}

TEST_F(ClientInboxTest, LosesTheOldestEventsAndNothingElse) {
  push(Kind::answer, "answer");
  EXPECT_EQ(push(Kind::event, "a"), 0u);
  EXPECT_EQ(push(Kind::event, "b"), 0u);
  EXPECT_EQ(push(Kind::call, "call"), 0u);
  EXPECT_EQ(push(Kind::event, "c"), 1u);
  EXPECT_THAT(run_all(), ElementsAre("answer", "b", "call", "c"));
}

TEST_F(ClientInboxTest, CountsBytesAndTakesAnyEventWhenThereIsNone) {
  EXPECT_EQ(push(Kind::event, "large", 5000), 0u);
  EXPECT_EQ(push(Kind::event, "a", 436), 1u);
  EXPECT_EQ(push(Kind::event, "b", 436), 0u) << "with what each costs beside, 1000 together";
  EXPECT_THAT(run_all(), ElementsAre("a", "b"));
  EXPECT_EQ(push(Kind::event, "a", 437), 0u);
  EXPECT_EQ(push(Kind::event, "b", 436), 1u);
  EXPECT_THAT(run_all(), ElementsAre("b"));
}

TEST_F(ClientInboxTest, OfStatesInARowTheLatestCounts) {
  push(Kind::state, "connecting");
  push(Kind::state, "joined");
  push(Kind::event, "a");
  push(Kind::state, "waiting");
  EXPECT_THAT(run_all(), ElementsAre("joined", "a", "waiting"));
}

TEST_F(ClientInboxTest, CallsAndAnswersHaveABoundOfTheirOwnAndTheirBytesCount) {
  EXPECT_TRUE(inbox.has_room_for(5000)) << "nothing waits";
  push(Kind::event, "event", 900);
  push(Kind::call, "call", 436);
  EXPECT_TRUE(inbox.has_room_for(436)) << "with what each costs beside, 1000 together";
  EXPECT_FALSE(inbox.has_room_for(437));
  push(Kind::answer, "answer", 436);
  EXPECT_FALSE(inbox.has_room_for(0));
  EXPECT_EQ(push(Kind::bulletin, "cancelled"), 0u);
  EXPECT_THAT(run_all(), ElementsAre("event", "call", "answer", "cancelled"));
  EXPECT_TRUE(inbox.has_room_for(5000));
}

TEST_F(ClientInboxTest, AtTheEndAnswersAreLeft) {
  push(Kind::event, "a");
  push(Kind::answer, "answer");
  push(Kind::call, "call");
  inbox.keep_answers();
  EXPECT_THAT(run_all(), ElementsAre("answer"));
  push(Kind::event, "a");
  EXPECT_EQ(push(Kind::event, "b"), 0u) << "those that went are not counted any more";
  EXPECT_TRUE(inbox.has_room_for(5000));
}

}  // namespace
}  // namespace crosspoint::wamp::client
