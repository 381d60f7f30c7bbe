#include "access/code_store.h"

#include <gtest/gtest.h>

namespace crosspoint::access {
namespace {

constexpr MonotonicTime store_opened{1h};

Grant grant(std::string booking = "b1", std::string topic = "t1") {
  return {std::move(topic), std::move(booking), {"read"}, WallTime{std::chrono::seconds{2'000'000'000}}};
}

TEST(CodeStore, ACodeWorksOnce) {
  CodeStore store({});
  ASSERT_TRUE(store.add("code", grant(), store_opened));

  const auto first = store.redeem("code", store_opened + 1s);
  const auto second = store.redeem("code", store_opened + 1s);

  ASSERT_TRUE(first);
  EXPECT_EQ(first->topic, "t1");
  EXPECT_FALSE(second);
  EXPECT_EQ(store.waiting(), 0u);
}

TEST(CodeStore, C9_ACodeDiesAtItsTimeToLiveToTheInstant) {
  CodeStore store({.time_to_live = 30s});
  store.add("a", grant(), store_opened);
  store.add("b", grant(), store_opened);

  EXPECT_TRUE(store.redeem("a", store_opened + 30s - 1ns));
  EXPECT_FALSE(store.redeem("b", store_opened + 30s));
}

TEST(CodeStore, AnUnknownCodeChangesNothing) {
  CodeStore store({});
  store.add("code", grant(), store_opened);
  EXPECT_FALSE(store.redeem("other", store_opened));
  EXPECT_TRUE(store.redeem("code", store_opened));
}

TEST(CodeStore, CodesOfACancelledBookingAreGone) {
  CodeStore store({});
  store.add("a", grant("b1"), store_opened);
  store.add("b", grant("b1"), store_opened);
  store.add("c", grant("b2"), store_opened);

  EXPECT_EQ(store.forget_booking("b1"), 2u);

  EXPECT_FALSE(store.redeem("a", store_opened));
  EXPECT_FALSE(store.redeem("b", store_opened));
  EXPECT_TRUE(store.redeem("c", store_opened));
}

TEST(CodeStore, ABookingAndATopicOfTheSameNameAreTwoThings) {
  CodeStore store({});
  store.add("a", grant("", "same"), store_opened);
  EXPECT_EQ(store.forget_booking("same"), 0u);
  EXPECT_TRUE(store.redeem("a", store_opened));
}

TEST(CodeStore, C12_OneBookingCannotFillTheStore) {
  CodeStore store({.per_booking_max = 2});
  EXPECT_TRUE(store.add("a", grant("b1"), store_opened));
  EXPECT_TRUE(store.add("b", grant("b1"), store_opened));

  EXPECT_EQ(store.add("c", grant("b1"), store_opened).error(), CodeStore::Full::booking);
  EXPECT_TRUE(store.add("d", grant("b2"), store_opened));

  store.redeem("a", store_opened);
  EXPECT_TRUE(store.add("e", grant("b1"), store_opened)) << "one was used";
}

TEST(CodeStore, C12_AllTogetherCannotGrowWithoutEndAndDieInTime) {
  CodeStore store({.time_to_live = 30s, .codes_max = 1000});
  for (int i = 0; i < 2000; ++i) {
    const auto added = store.add("code " + std::to_string(i), grant("b" + std::to_string(i)), store_opened);
    EXPECT_EQ(added.has_value(), i < 1000);
  }

  store.expire(store_opened + 30s);

  EXPECT_EQ(store.waiting(), 0u);
  EXPECT_TRUE(store.add("again", grant(), store_opened + 30s));
}

TEST(CodeStore, TokensWithoutABookingShareABoundByTopic) {
  CodeStore store({.per_booking_max = 1, .per_topic_without_booking_max = 3});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(store.add("a" + std::to_string(i), grant("", "t1"), store_opened));

  EXPECT_FALSE(store.add("b", grant("", "t1"), store_opened));
  EXPECT_TRUE(store.add("c", grant("", "t2"), store_opened));
}

}  // namespace
}  // namespace crosspoint::access
