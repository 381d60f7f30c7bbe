#include "client/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace crosspoint::client {
namespace {

TEST(Backoff, F47_DelaysAre_1_2_4_8_10_10_SecondsAndAtMostAFifthLonger) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SeededRandom random(seed);
    Backoff backoff(BackoffPolicy{}, random);
    for (const auto expected: {1s, 2s, 4s, 8s, 10s, 10s, 10s}) {
      const auto delay = backoff.after_failure();
      EXPECT_GE(delay, expected);
      EXPECT_LE(delay, Duration(expected) * 12 / 10);
    }
  }
}

TEST(Backoff, H2_JitterDiffersFromOneAgentToTheNext) {
  SeededRandom one(1), other(2);
  EXPECT_NE(Backoff(BackoffPolicy{}, one).after_failure(), Backoff(BackoffPolicy{}, other).after_failure());
}

// Ten thousand agents whose relay is away for three seconds, all from the same moment on.
TEST(Backoff, H2_TenThousandWhoLoseTheirRelayAtOnceAreBackInTimeAndNeverAllTogether) {
  constexpr std::size_t agents = 10'000;
  constexpr Duration away = 3s, step = 100ms;
  for (const auto& policy: {BackoffPolicy{}, BackoffPolicy::full_jitter()}) {
    std::vector<std::size_t> came(400);  // in each step
    Duration last{};
    for (std::uint64_t seed = 0; seed < agents; ++seed) {
      SeededRandom random(seed);
      Backoff backoff(policy, random);
      Duration at = backoff.after_connection(1h);
      while (at < away) at += backoff.after_failure();
      ++came.at(static_cast<std::size_t>(at / step));
      last = std::max(last, at);
    }
    EXPECT_LE(last, 30s);
    EXPECT_LE(*std::ranges::max_element(came), agents / 4) << "in a tenth of a second";
  }
}

TEST(Backoff, H1_FullJitterStaysBelowADoublingBoundFromATenthOfASecondToTen) {
  Duration longest_seen{};
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SeededRandom random(seed);
    Backoff backoff(BackoffPolicy::full_jitter(), random);
    Duration bound = 100ms;
    for (int attempt = 0; attempt < 12; ++attempt) {
      const auto delay = backoff.after_failure();
      EXPECT_GE(delay, 0s);
      EXPECT_LE(delay, bound);
      longest_seen = std::max(longest_seen, delay);
      bound = std::min<Duration>(bound * 2, 10s);
    }
  }
  EXPECT_GT(longest_seen, 9s);
}

TEST(Backoff, H1_NeverGivesUpHoweverOftenItFailed) {
  SeededRandom random(7);
  Backoff backoff(BackoffPolicy{}, random);
  for (int i = 0; i < 10'000; ++i) {
    const auto delay = backoff.after_failure();
    ASSERT_GE(delay, 1s);
    ASSERT_LE(delay, 12s);
  }
}

TEST(Backoff, F48_AConnectionThatEndsAtOnceIsAFailureLikeAnyOther) {
  SeededRandom random(3);
  Backoff backoff(BackoffPolicy{}, random);
  for (const auto expected: {1s, 2s, 4s, 8s, 10s}) EXPECT_GE(backoff.after_connection(0s), expected);
}

TEST(Backoff, F48_FullJitterToo_WaitsASecondAfterAShortLife) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SeededRandom random(seed);
    Backoff backoff(BackoffPolicy::full_jitter(), random);
    EXPECT_GE(backoff.after_connection(10ms), 1s);
  }
}

TEST(Backoff, AConnectionThatLivedWellIsFollowedAlmostAtOnceAndStartsTheScheduleAnew) {
  SeededRandom random(4);
  Backoff backoff(BackoffPolicy{}, random);
  for (int i = 0; i < 6; ++i) backoff.after_failure();

  EXPECT_LE(backoff.after_connection(11s), 500ms);
  EXPECT_EQ(backoff.failures(), 0u);
  EXPECT_LE(backoff.after_failure(), 1200ms);
}

TEST(Backoff, ExactlyTheSettlingTimeIsNotYetSettled) {
  SeededRandom random(5);
  Backoff backoff(BackoffPolicy{}, random);
  EXPECT_GE(backoff.after_connection(10s), 1s);
}

TEST(Backoff, AFirstDelayLongerThanTheLongestIsCut) {
  SeededRandom random(6);
  BackoffPolicy policy;
  policy.first = 60s;
  policy.jitter_percent = 0;
  EXPECT_EQ(Backoff(policy, random).after_failure(), 10s);
}

}  // namespace
}  // namespace crosspoint::client
