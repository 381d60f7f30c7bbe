#include "client/message_log.h"

#include <gtest/gtest.h>

namespace crosspoint::client {
namespace {

constexpr WallTime at{std::chrono::seconds{1'795'219'300}};

TEST(MessageLog, WritesTimesAsGoDoes) {
  EXPECT_EQ(local_time_text(at, 0s), "2026-11-21T00:01:40Z");
  EXPECT_EQ(local_time_text(at + 500ms, 1h), "2026-11-21T01:01:40.5+01:00");
  EXPECT_EQ(local_time_text(at + 123456789ns, -(3h + 30min)), "2026-11-20T20:31:40.123456789-03:30");
}

// Check 54 of the secure relay's conformance list.
TEST(MessageLog, S54_ALineIsATimeAndTheContent) {
  EXPECT_EQ(log_line(MessageKind::text, as_bytes("hello"), at, 0s), "[2026-11-21T00:01:40Z] hello\n");
  EXPECT_EQ(log_line(MessageKind::text, as_bytes(""), at, 0s), "[2026-11-21T00:01:40Z] \n");
  EXPECT_EQ(log_line(MessageKind::binary, as_bytes(std::string_view("\x00\xff", 2)), at, 0s),
            "[2026-11-21T00:01:40Z] AP8=\n");
}

}  // namespace
}  // namespace crosspoint::client
