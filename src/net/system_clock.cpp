#include "net/system_clock.h"

#include <ctime>

namespace crosspoint::net {
namespace {

Duration read(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return std::chrono::seconds(time.tv_sec) + Duration(time.tv_nsec);
}

}  // namespace

MonotonicTime SystemClock::monotonic() const { return MonotonicTime(read(CLOCK_MONOTONIC)); }
WallTime SystemClock::wall() const { return WallTime(read(CLOCK_REALTIME)); }

}  // namespace crosspoint::net
