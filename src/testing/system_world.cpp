#include "testing/system_world.h"

namespace crosspoint::testing {

net::SystemLoop& SystemWorld::loop(std::size_t number) {
  while (loops_.size() <= number) loops_.push_back(std::make_unique<net::SystemLoop>(clock_));
  return *loops_[number];
}

bool SystemWorld::run_until(const std::function<bool()>& condition, Duration limit) {
  const auto end = clock_.monotonic() + limit;
  while (!condition()) {
    if (clock_.monotonic() >= end) return false;
    // With several loops none may wait long for itself alone.
    const Duration wait = loops_.size() == 1 ? 10ms : 100us;
    for (std::size_t i = 0; i < loops_.size(); ++i) loops_[i]->turn(wait);
  }
  return true;
}

}  // namespace crosspoint::testing
