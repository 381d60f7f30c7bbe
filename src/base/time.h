#pragma once
// Two kinds of time that must not be mixed up (reliability row J5).
//
//   MonotonicTime  for intervals, deadlines and timers; never steps; its epoch means nothing.
//   WallTime       for what people and tokens call the time (UTC); may step.
//
// Pure rooms never read a clock: they are given `now`, and say when they next want to be called.

#include <chrono>

namespace crosspoint {

using namespace std::chrono_literals;

using Duration = std::chrono::nanoseconds;

struct MonotonicTimeline {  // names the time line; nothing reads it (see Clock)
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicTimeline>;
  static constexpr bool is_steady = true;
};
using MonotonicTime = std::chrono::time_point<MonotonicTimeline, Duration>;
using WallTime = std::chrono::sys_time<Duration>;

// Where time comes from. net/system_clock.h reads the machine's; testing/manual_clock.h is set by hand.
// Must be callable from every loop's thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual MonotonicTime monotonic() const = 0;
  virtual WallTime wall() const = 0;
};

}  // namespace crosspoint
