#pragma once
// Seeds for tests that try many random courses of events. A failure prints its seed; CROSSPOINT_SEED=N runs
// that one alone again.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace crosspoint::testing {

// Calls run(seed) for the seeds 1 … count, or only for the one that CROSSPOINT_SEED names.
template <class Run>
void for_each_seed(std::uint64_t count, Run run) {
  const char* chosen = std::getenv("CROSSPOINT_SEED");
  const std::uint64_t first = chosen != nullptr ? std::strtoull(chosen, nullptr, 10) : 1;
  const std::uint64_t last = chosen != nullptr ? first : count;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("CROSSPOINT_SEED=" + std::to_string(seed));
    run(seed);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace crosspoint::testing
