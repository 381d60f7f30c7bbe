#include "relay/hub.h"

#include <gtest/gtest.h>

namespace crosspoint::relay {
namespace {

struct HubTest : ::testing::Test {
  TopicSettings settings;
  int wakes = 0;
  Hub hub{settings, 3, [this] { ++wakes; }};
};

TEST_F(HubTest, D9_ATopicExistsWhileSomebodyIsPresent) {
  auto first = hub.enter("/a");
  {
    const auto second = hub.enter("/a");
    ASSERT_TRUE(first && second);
    EXPECT_EQ(&first->topic(), &second->topic());
  }
  EXPECT_EQ(hub.topics(), 1u);

  first.reset();

  EXPECT_EQ(hub.topics(), 0u);
  EXPECT_EQ(hub.find("/a"), nullptr);
}

TEST_F(HubTest, D9_StrangersCannotMakeTopicsWithoutEnd) {
  const auto a = hub.enter("/a");
  const auto b = hub.enter("/b");
  const auto c = hub.enter("/c");

  EXPECT_FALSE(hub.enter("/d"));
  EXPECT_TRUE(hub.enter("/a")) << "a topic that exists takes more people";
  EXPECT_EQ(hub.topics_refused(), 1u);
}

TEST_F(HubTest, TellsOfTopicsThatComeAndGo) {
  struct Heard final : HubEvents {
    void on_topic_created(std::string_view name) override { all += "+" + std::string(name); }
    void on_topic_deleted(std::string_view name) override { all += "-" + std::string(name); }
    std::string all;
  } heard;
  hub.tell(heard);
  {
    const auto first = hub.enter("/a");
    const auto second = hub.enter("/a");
    const auto other = hub.enter("/b");
  }
  EXPECT_EQ(heard.all, "+/a+/b-/b-/a");
}

TEST_F(HubTest, TheLoopIsWokenOnceATurn) {
  const auto a = hub.enter("/a");
  const auto b = hub.enter("/b");
  a->touch();
  a->touch();
  b->touch();
  EXPECT_EQ(wakes, 1);

  hub.end_turn({});
  a->touch();

  EXPECT_EQ(wakes, 2);
}

TEST_F(HubTest, ATopicThatIsLeftInTheTurnItSpokeInIsForgotten) {
  auto a = hub.enter("/a");
  a->touch();
  a.reset();

  hub.end_turn({});

  EXPECT_EQ(hub.topics(), 0u);
}

}  // namespace
}  // namespace crosspoint::relay
