#include "testing/manual_loop.h"

#include <utility>

#include "base/assert.h"

namespace crosspoint::testing {

ManualLoop::ManualLoop(const Clock& clock, std::size_t read_buffer_bytes)
    : clock_(clock), read_buffer_(read_buffer_bytes) {
  begin_turn(clock.monotonic());
}

ManualLoop::~ManualLoop() {
  destroy_owned();
  // What is destroyed may post again.
  while (!posted_.empty()) {
    const auto dying = std::exchange(posted_, {});
  }
}

void ManualLoop::turn() {
  CROSSPOINT_ASSERT(!turning_);
  turning_ = true;
  ++turns_;
  begin_turn(clock_.monotonic());
  // What this turn posts is the next one's.
  for (std::size_t left = posted_.size(); left > 0; --left) {
    auto work = std::move(posted_.front());
    posted_.pop_front();
    work();
  }
  run_timers();
  end_turn();
  turning_ = false;
}

bool ManualLoop::idle() const {
  const auto due = timers().next_due();
  return posted_.empty() && !turn_end_pending() && (!due || *due > clock_.monotonic());
}

}  // namespace crosspoint::testing
