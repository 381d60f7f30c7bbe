#include "relay/stats_command.h"

#include <gtest/gtest.h>

namespace crosspoint::relay {
namespace {

TEST(StatsCommand, OnlyUpdateAsksForAReport) {
  EXPECT_TRUE(is_stats_command(R"({"cmd":"update"})"));
  EXPECT_TRUE(is_stats_command(R"({ "x": 1, "cmd": "update" })"));
  for (const char* message: {"", "update", "{}", R"({"cmd":"Update"})", R"({"cmd":1})", R"(["cmd","update"])",
                             R"({"cmd":"update")", "null", "\xff"}) {
    EXPECT_FALSE(is_stats_command(message)) << message;
  }
}

}  // namespace
}  // namespace crosspoint::relay
