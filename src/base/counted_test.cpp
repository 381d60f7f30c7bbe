#include "base/counted.h"

#include <gtest/gtest.h>

namespace crosspoint {
namespace {

TEST(Counted, OneIsNoPlural) {
  EXPECT_EQ(counted(0, "session"), "0 sessions");
  EXPECT_EQ(counted(1, "session"), "1 session");
  EXPECT_EQ(counted(2, "session"), "2 sessions");
  EXPECT_EQ(counted(1, "session is", "sessions are"), "1 session is");
  EXPECT_EQ(counted(0, "session is", "sessions are"), "0 sessions are");
}

TEST(Counted, NoneIsNothingMore) {
  EXPECT_EQ(and_more(0), "");
  EXPECT_EQ(and_more(1), " (1 more like it)");
  EXPECT_EQ(and_more(12), " (12 more like it)");
}

}  // namespace
}  // namespace crosspoint
