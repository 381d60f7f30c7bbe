#pragma once
// Time that moves only when the test says so. Monotonic and wall time advance together; the wall clock can
// also be stepped alone, as an administrator or NTP does it (row J5).

#include "base/assert.h"
#include "base/time.h"

namespace crosspoint::testing {

class ManualClock final : public Clock {
 public:
  MonotonicTime monotonic() const override { return monotonic_; }
  WallTime wall() const override { return wall_; }

  void advance(Duration by) {
    CROSSPOINT_ASSERT(by >= Duration::zero());
    monotonic_ += by;
    wall_ += by;
  }
  void step_wall(Duration by) { wall_ += by; }
  void set_wall(WallTime wall) { wall_ = wall; }

 private:
  // Not zero, so that a forgotten time is seen; the wall begins on 2025-01-01T00:00:00Z.
  MonotonicTime monotonic_{std::chrono::hours(1000)};
  WallTime wall_{std::chrono::seconds(1'735'689'600)};
};

}  // namespace crosspoint::testing
