#include "testing/world.h"

#include <algorithm>

#include "base/assert.h"

namespace crosspoint::testing {
namespace {

// A loop that always has more to do would never let the test go on: better to end it.
constexpr std::size_t turns_at_one_time_max = 10'000'000;

}  // namespace

ManualLoop& MemoryWorld::loop(std::size_t number) {
  while (loops_.size() <= number) loops_.push_back(std::make_unique<ManualLoop>(clock_));
  return *loops_[number];
}

bool MemoryWorld::turn_all() {
  bool turned = false;
  // By number: a turn may ask for one more loop.
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    if (loops_[i]->idle()) continue;
    loops_[i]->turn();
    turned = true;
  }
  return turned;
}

void MemoryWorld::run_until_idle() {
  std::size_t rounds = 0;
  while (turn_all()) CROSSPOINT_ASSERT(++rounds < turns_at_one_time_max);
}

std::optional<MonotonicTime> MemoryWorld::next_due() const {
  std::optional<MonotonicTime> next;
  for (const auto& loop: loops_) {
    const auto due = loop->timers().next_due();
    if (due && (!next || *due < *next)) next = due;
  }
  return next;
}

void MemoryWorld::advance(Duration by) {
  const auto end = clock_.monotonic() + by;
  run_until_idle();
  for (auto due = next_due(); due && *due <= end; due = next_due()) {
    clock_.advance(*due - clock_.monotonic());
    run_until_idle();
  }
  clock_.advance(end - clock_.monotonic());
  // Every loop learns the new time, those with nothing to do as well.
  for (const auto& loop: loops_) loop->turn();
  run_until_idle();
}

bool MemoryWorld::run_until(const std::function<bool()>& condition, Duration limit) {
  const auto end = clock_.monotonic() + limit;
  while (!condition()) {
    if (turn_all()) continue;
    const auto due = next_due();
    if (!due || *due > end) return false;
    clock_.advance(*due - clock_.monotonic());
  }
  return true;
}

}  // namespace crosspoint::testing
