#include "wamp/auth/token_sessions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosspoint::wamp::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr SessionId one{1}, two{2}, three{3};
constexpr WallTime noon{std::chrono::sys_days(std::chrono::January / 2 / 2026) + 12h};

TokenGrant grant(std::string booking, std::optional<WallTime> expires) {
  return {.topic = "rig01", .actions = {Action::call}, .booking_id = std::move(booking), .expires = expires};
}

TEST(TokenSessions, ABookingMayHaveSeveral) {
  TokenSessions sessions;
  sessions.add(one, grant("bk-7", noon));
  sessions.add(two, grant("bk-7", noon));
  sessions.add(three, grant("bk-8", noon));

  EXPECT_THAT(sessions.of_booking("bk-7"), ElementsAre(one, two));
  sessions.forget(one);
  EXPECT_THAT(sessions.of_booking("bk-7"), ElementsAre(two));
  EXPECT_THAT(sessions.of_booking("bk-9"), IsEmpty());
}

TEST(TokenSessions, WithoutABookingThereIsNoneToCancel) {
  TokenSessions sessions;
  sessions.add(one, grant("", noon));

  EXPECT_THAT(sessions.of_booking(""), IsEmpty());
}

TEST(TokenSessions, TheyEndAtTheInstantTheirTokenDoes) {
  TokenSessions sessions;
  EXPECT_EQ(sessions.next_expiry(), std::nullopt);
  sessions.add(one, grant("bk-7", noon + 2s));
  sessions.add(two, grant("bk-7", noon + 1s));
  sessions.add(three, grant("bk-7", std::nullopt));

  EXPECT_EQ(sessions.next_expiry(), noon + 1s);
  EXPECT_THAT(sessions.expired(noon + 999ms), IsEmpty());
  EXPECT_THAT(sessions.expired(noon + 1s), ElementsAre(two));
  EXPECT_THAT(sessions.expired(noon + 2s), ElementsAre(two, one));
}

TEST(TokenSessions, NothingIsLeftOfWhoHasGone) {
  TokenSessions sessions;
  sessions.add(one, grant("bk-7", noon));
  sessions.add(one, grant("bk-8", noon + 1s));
  EXPECT_THAT(sessions.of_booking("bk-7"), IsEmpty());

  sessions.forget(one);
  sessions.forget(one);

  EXPECT_EQ(sessions.size(), 0u);
  EXPECT_EQ(sessions.next_expiry(), std::nullopt);
  EXPECT_THAT(sessions.of_booking("bk-8"), IsEmpty());
}

}  // namespace
}  // namespace crosspoint::wamp::auth
