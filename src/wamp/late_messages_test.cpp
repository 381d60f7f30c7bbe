#include "wamp/late_messages.h"

#include <gtest/gtest.h>

namespace crosspoint::wamp {
namespace {

using Verdict = LateMessages::Verdict;

TEST(LateMessages, AreExpectedUntilTheLastOne) {
  LateMessages late;
  late.expect(RequestId{5}, 10);

  EXPECT_EQ(late.take(RequestId{4}, true), Verdict::unexpected);
  EXPECT_EQ(late.take(RequestId{5}, false), Verdict::expected);
  EXPECT_EQ(late.take(RequestId{5}, true), Verdict::expected);
  EXPECT_EQ(late.take(RequestId{5}, true), Verdict::unexpected);
  EXPECT_EQ(late.size(), 0u);
}

TEST(LateMessages, PastTheLimitTheLowestNumbersAreForgottenButNotRefused) {
  LateMessages late;
  for (const std::uint64_t id: {9, 3, 7, 5}) late.expect(RequestId{id}, 2);

  EXPECT_EQ(late.size(), 2u);
  EXPECT_EQ(late.take(RequestId{1}, true), Verdict::forgotten);
  EXPECT_EQ(late.take(RequestId{5}, true), Verdict::forgotten);
  EXPECT_EQ(late.take(RequestId{6}, true), Verdict::unexpected);
  EXPECT_EQ(late.take(RequestId{7}, true), Verdict::expected);
  EXPECT_EQ(late.take(RequestId{9}, true), Verdict::expected);
}

}  // namespace
}  // namespace crosspoint::wamp
