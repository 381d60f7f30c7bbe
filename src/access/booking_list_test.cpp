#include "access/booking_list.h"

#include <gmock/gmock.h>

namespace crosspoint::access {
namespace {

using ::testing::UnorderedElementsAre;
constexpr WallTime noon{std::chrono::seconds{1'800'000'000}};

TEST(BookingList, AnIdStaysPastItsTimeUntilItIsPruned) {
  BookingList list(10);
  list.put("a", noon);
  EXPECT_TRUE(list.contains("a"));

  EXPECT_EQ(list.prune(noon), 0u) << "its time is not over yet";
  EXPECT_EQ(list.prune(noon + 1s), 1u);

  EXPECT_FALSE(list.contains("a"));
}

TEST(BookingList, PuttingAnIdAgainMovesItsTime) {
  BookingList list(1);
  list.put("a", noon);
  EXPECT_TRUE(list.put("a", noon + 1h)) << "and is not one more";

  list.prune(noon + 30min);

  EXPECT_THAT(list.ids(), UnorderedElementsAre("a"));
}

TEST(BookingList, RefusesOneTooMany) {
  BookingList list(2);
  EXPECT_TRUE(list.put("a", noon));
  EXPECT_TRUE(list.put("b", noon));

  EXPECT_FALSE(list.put("c", noon));

  EXPECT_THAT(list.ids(), UnorderedElementsAre("a", "b"));
}

TEST(BookingList, TheEmptyIdIsAnIdLikeAnyOther) {
  BookingList list(2);
  list.put("", noon);
  EXPECT_TRUE(list.contains(""));
  EXPECT_TRUE(list.erase(""));
  EXPECT_FALSE(list.erase(""));
}

}  // namespace
}  // namespace crosspoint::access
