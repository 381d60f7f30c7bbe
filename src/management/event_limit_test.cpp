#include "management/event_limit.h"

#include <gtest/gtest.h>

namespace crosspoint::management {
namespace {

constexpr MonotonicTime start{1h};

TEST(EventLimit, D8_PastItsLimitAKindIsCountedAndTheOthersGoOn) {
  EventLimit limit;
  for (std::uint32_t i = 0; i < EventLimit::events_max; ++i)
    ASSERT_TRUE(limit.admit(EventKind::client_joined, start + i * 1ms));
  EXPECT_EQ(limit.next_due(start), std::nullopt);
  EXPECT_EQ(limit.take_left_out(), std::nullopt);

  EXPECT_FALSE(limit.admit(EventKind::client_joined, start + 60ms));
  EXPECT_FALSE(limit.admit(EventKind::client_joined, start + 999ms));
  EXPECT_TRUE(limit.admit(EventKind::client_left, start + 60ms));
  limit.leave_out(EventKind::topic_created, 5);

  EXPECT_EQ(limit.next_due(start + 999ms), start + 1s);
  const auto counts = limit.take_left_out();
  ASSERT_TRUE(counts);
  EXPECT_EQ(*counts, (EventLimit::Counts{5, 0, 2, 0, 0, 0}));
  EXPECT_EQ(limit.take_left_out(), std::nullopt);
  EXPECT_EQ(limit.left_out_ever(), 7u);
}

TEST(EventLimit, TheNextSecondHasRoomAgain) {
  EventLimit limit;
  for (std::uint32_t i = 0; i <= EventLimit::events_max; ++i) limit.admit(EventKind::client_joined, start);
  EXPECT_FALSE(limit.admit(EventKind::client_joined, start + 999ms));
  EXPECT_TRUE(limit.admit(EventKind::client_joined, start + 1s));
  EXPECT_EQ(limit.next_due(start + 5s), start + 5s) << "what was left out is told without delay by then";
}

TEST(EventLimit, EachKindHasATopicOfItsOwnBelowThePrefix) {
  for (std::size_t i = 0; i < event_kinds; ++i) {
    const auto topic = topic_of(static_cast<EventKind>(i));
    EXPECT_TRUE(topic.starts_with("relay."));
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(topic, topic_of(static_cast<EventKind>(j)));
  }
}

}  // namespace
}  // namespace crosspoint::management
