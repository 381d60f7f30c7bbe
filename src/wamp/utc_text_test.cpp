#include "wamp/utc_text.h"

#include <gtest/gtest.h>

namespace crosspoint::wamp {
namespace {

std::string again(std::string_view text) {
  const auto time = parse_utc_text(text);
  return time ? utc_text(*time) : "none";
}

TEST(UtcText, IsReadAsRfc3339WritesIt) {
  EXPECT_EQ(again("2026-01-02T03:04:05.678Z"), "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(again("2026-01-02t03:04:05z"), "2026-01-02T03:04:05.000Z");
  EXPECT_EQ(again("2026-01-02 03:04:05.123456789123Z"), "2026-01-02T03:04:05.123Z");
  EXPECT_EQ(again("2026-01-02T01:34:05+02:00"), "2026-01-01T23:34:05.000Z");
  EXPECT_EQ(again("2026-01-01T22:04:05-05:30"), "2026-01-02T03:34:05.000Z");
  EXPECT_EQ(again("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00.000Z");
  EXPECT_EQ(again("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00.000Z");
  EXPECT_EQ(again("1969-12-31T23:59:59.999Z"), "1969-12-31T23:59:59.999Z");
}

TEST(UtcText, WhatIsNoneOrNeverWasIsRefused) {
  for (const char* text:
       {"", "2026", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05Zx",
        "2026-13-02T03:04:05Z", "2026-02-30T03:04:05Z", "2023-02-29T03:04:05Z", "2026-01-02T24:04:05Z",
        "2026-01-02T03:60:05Z", "2026-01-02T03:04:61Z", "2026-01-02T03:04:05+0200",
        "2026-01-02T03:04:05+24:00", "26-01-02T03:04:05Z", "2026/01/02T03:04:05Z", " 2026-01-02T03:04:05Z",
        "9999-01-02T03:04:05Z", "now"}) {
    EXPECT_EQ(again(text), "none") << text;
  }
}

TEST(UtcText, CutAnywhereItIsNone) {
  const std::string whole = "2026-01-02T03:04:05.678+01:30";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) EXPECT_EQ(again(whole.substr(0, cut)), "none") << cut;
}

}  // namespace
}  // namespace crosspoint::wamp
