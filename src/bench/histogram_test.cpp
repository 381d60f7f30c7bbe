#include "bench/histogram.h"

#include <gtest/gtest.h>

namespace crosspoint::bench {
namespace {

TEST(Histogram, PercentilesAreKnownToOnePartInThirtyTwo) {
  Histogram histogram;
  for (int i = 1; i <= 10'000; ++i) histogram.record(std::chrono::microseconds(i));

  for (const double share: {0.01, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = share * 10'000e3;
    EXPECT_NEAR(static_cast<double>(histogram.percentile(share).count()), exact, exact / 32) << share;
  }
  EXPECT_EQ(histogram.percentile(1), 10ms);
  EXPECT_EQ(histogram.longest(), 10ms);
  EXPECT_EQ(histogram.count(), 10'000u);
}

TEST(Histogram, TakesTheSmallestAndTheLargestValues) {
  Histogram histogram;
  histogram.record(0ns);
  histogram.record(-5ns);
  histogram.record(1ns);
  histogram.record(Duration::max());

  EXPECT_EQ(histogram.percentile(0.25), 0ns);
  EXPECT_EQ(histogram.percentile(0.75), 1ns);
  EXPECT_GT(histogram.percentile(1), 24h * 365);
}

TEST(Histogram, SaysNothingOfNothing) {
  EXPECT_EQ(Histogram().percentile(0.5), 0ns);
  EXPECT_EQ(Histogram().mean(), 0ns);
}

}  // namespace
}  // namespace crosspoint::bench
