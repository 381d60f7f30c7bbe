#include "config/units.h"

#include <gtest/gtest.h>

#include <limits>

namespace crosspoint::config {
namespace {

constexpr std::uint64_t ki = 1024;

TEST(ByteSize, HasAUnitOrIsBytes) {
  EXPECT_EQ(parse_byte_size("1316"), 1316u);
  EXPECT_EQ(parse_byte_size("1316 B"), 1316u);
  EXPECT_EQ(parse_byte_size("4 MiB"), 4 * ki * ki);
  EXPECT_EQ(parse_byte_size("4MiB"), 4 * ki * ki);
  EXPECT_EQ(parse_byte_size(" 4 mib "), 4 * ki * ki);
  EXPECT_EQ(parse_byte_size("64 kB"), 64000u);
  EXPECT_EQ(parse_byte_size("1.5 KiB"), 1536u);
  EXPECT_EQ(parse_byte_size("2.50 GB"), 2500000000u);
  EXPECT_EQ(parse_byte_size("0"), 0u);
  EXPECT_EQ(parse_byte_size("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
}

TEST(ByteSize, RefusesWhatIsNotOne) {
  for (const char* text: {"", " ", "MiB", "4 M", "4 K", "4 MiB 2 KiB", "4.MiB", ".5 KiB", "4 Mi B", "0x10",
                          "4,5 MiB", "+4", "1e3", "4 MiBs", "4\tMiB"}) {
    EXPECT_EQ(parse_byte_size(text), fail(UnitsError::malformed)) << text;
  }
  EXPECT_EQ(parse_byte_size("-1"), fail(UnitsError::negative));
  EXPECT_EQ(parse_byte_size("0.3 KiB"), fail(UnitsError::not_whole));
  EXPECT_EQ(parse_byte_size("0.5"), fail(UnitsError::not_whole));
  EXPECT_EQ(parse_byte_size("0.0000000000000000000000001 TiB"), fail(UnitsError::not_whole));
  EXPECT_EQ(parse_byte_size("18446744073709551616"), fail(UnitsError::too_large));
  EXPECT_EQ(parse_byte_size("16777216 TiB"), fail(UnitsError::too_large));
  EXPECT_EQ(parse_byte_size("18446744073709551.615999 kB").error(), UnitsError::not_whole);
  EXPECT_EQ(parse_byte_size("18446744073709551.616 kB"), fail(UnitsError::too_large));
}

TEST(ByteSize, IsPrintedInTheLargestUnitThatFits) {
  EXPECT_EQ(print_byte_size(0), "0");
  EXPECT_EQ(print_byte_size(1316), "1316 B");
  EXPECT_EQ(print_byte_size(1024000), "1000 KiB");
  EXPECT_EQ(print_byte_size(10 * ki * ki), "10 MiB");
  EXPECT_EQ(print_byte_size(ki * ki * ki * ki * ki), "1024 TiB");
}

TEST(DurationText, HasUnitsThatMayFollowEachOther) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("54s"), 54s);
  EXPECT_EQ(parse_duration("54 s"), 54s);
  EXPECT_EQ(parse_duration("1m30s"), 90s);
  EXPECT_EQ(parse_duration("1h 2m 3s"), 3723s);
  EXPECT_EQ(parse_duration("1.5h"), 90min);
  EXPECT_EQ(parse_duration("2d"), 48h);
  EXPECT_EQ(parse_duration("3us"), 3us);
  EXPECT_EQ(parse_duration("0"), 0s);
  EXPECT_EQ(parse_duration("0s"), 0s);
}

TEST(DurationText, RefusesWhatIsNotOne) {
  for (const char* text: {"", "s", "5 parsecs", "5S", "1m30", "5s,", "5s-3s", ".5s", "5.s", "five"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
  EXPECT_EQ(parse_duration("5"), fail(UnitsError::no_unit));
  EXPECT_EQ(parse_duration("1m30"), fail(UnitsError::no_unit));
  EXPECT_EQ(parse_duration("-5s"), fail(UnitsError::negative));
  EXPECT_EQ(parse_duration("0.5ns"), fail(UnitsError::not_whole));
  EXPECT_EQ(parse_duration("106752d"), fail(UnitsError::too_large));
  EXPECT_EQ(parse_duration("9223372036854775807ns"), Duration::max());
  EXPECT_EQ(parse_duration("9223372036854775807ns1ns"), fail(UnitsError::too_large));
}

TEST(DurationText, IsPrintedAsPeopleWriteIt) {
  EXPECT_EQ(print_duration(0s), "0");
  EXPECT_EQ(print_duration(500ms), "500ms");
  EXPECT_EQ(print_duration(54s), "54s");
  EXPECT_EQ(print_duration(60s), "60s");
  EXPECT_EQ(print_duration(5min), "5m");
  EXPECT_EQ(print_duration(3661500ms), "1h1m1s500ms");
  EXPECT_EQ(print_duration(Duration::max()), "106751d23h47m16s854ms775us807ns");
}

TEST(Units, WhatIsPrintedReadsBackAsTheSame) {
  for (std::uint64_t n = 1; n != 0; n <<= 1) {
    for (const std::uint64_t bytes: {n - 1, n, n + 1, n * 1000}) {
      EXPECT_EQ(parse_byte_size(print_byte_size(bytes)), bytes);
      const Duration duration(static_cast<std::int64_t>(bytes & 0x7fffffffffffffff));
      EXPECT_EQ(parse_duration(print_duration(duration)), duration);
    }
  }
}

TEST(Integer, IsDigitsOnly) {
  EXPECT_EQ(parse_integer("8"), 8);
  EXPECT_EQ(parse_integer(" -1 "), -1);
  EXPECT_EQ(parse_integer("9223372036854775808"), fail(UnitsError::too_large));
  for (const char* text: {"", "8s", "8.0", "+8", "0x8", "eight", "8 8"}) {
    EXPECT_EQ(parse_integer(text), fail(UnitsError::malformed)) << text;
  }
}

}  // namespace
}  // namespace crosspoint::config
