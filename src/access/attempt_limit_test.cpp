#include "access/attempt_limit.h"

#include <gtest/gtest.h>

namespace crosspoint::access {
namespace {

constexpr MonotonicTime start{1h};

TEST(AttemptLimit, C10_TheEleventhFailureOfAMinuteIsOneTooMany) {
  AttemptLimit limit({});
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(limit.allows_failure("192.0.2.1", start + i * 1s));

  EXPECT_FALSE(limit.allows_failure("192.0.2.1", start + 59s));
  EXPECT_TRUE(limit.allows_failure("192.0.2.2", start + 59s)) << "another address is another matter";
  EXPECT_TRUE(limit.allows_failure("192.0.2.1", start + 60s));
}

TEST(AttemptLimit, ZeroIsNoLimit) {
  AttemptLimit limit({.failures_max = 0});
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limit.allows_failure("192.0.2.1", start));
  EXPECT_EQ(limit.addresses(), 0u);
}

TEST(AttemptLimit, AFloodOfAddressesDoesNotGrowWithoutEnd) {
  AttemptLimit limit({.addresses_max = 100});
  for (int i = 0; i < 10'000; ++i) limit.allows_failure("address " + std::to_string(i), start);

  EXPECT_LE(limit.addresses(), 100u);
}

TEST(AttemptLimit, AddressesThatAreQuietAreForgottenFirst) {
  AttemptLimit limit({.failures_max = 1, .addresses_max = 2});
  limit.allows_failure("quiet", start);
  limit.allows_failure("busy", start + 50s);

  limit.allows_failure("new", start + 61s);

  EXPECT_FALSE(limit.allows_failure("busy", start + 62s));
}

}  // namespace
}  // namespace crosspoint::access
