#include "relay/go_text.h"

#include <gtest/gtest.h>

namespace crosspoint::relay {
namespace {

TEST(GoText, DurationsReadAsGoWritesThem) {
  EXPECT_EQ(go_duration(0ns), "0s");
  EXPECT_EQ(go_duration(850ns), "850ns");
  EXPECT_EQ(go_duration(1500ns), "1.5µs");
  EXPECT_EQ(go_duration(101'051'177ns), "101.051177ms");
  EXPECT_EQ(go_duration(20ms), "20ms");
  EXPECT_EQ(go_duration(3'772'274'933ns), "3.772274933s");
  EXPECT_EQ(go_duration(62'500ms), "1m2.5s");
  EXPECT_EQ(go_duration(2h + 3min + 4s), "2h3m4s");
  EXPECT_EQ(go_duration(1h), "1h0m0s");
  EXPECT_EQ(go_duration(-5ms), "-5ms");
}

TEST(GoText, TimesReadAsGoWritesThem) {
  const WallTime at{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + 23h + 59min + 55s +
                    745'670'924ns};
  EXPECT_EQ(go_time(at, 4'002'269'099ns), "2026-11-20 23:59:55.745670924 +0000 UTC m=+4.002269099");
  EXPECT_EQ(go_time(WallTime{}, 0ns), "1970-01-01 00:00:00 +0000 UTC m=+0.000000000");
}

}  // namespace
}  // namespace crosspoint::relay
