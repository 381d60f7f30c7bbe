#include "net/system_loop.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "net/system_loop_backend.h"

namespace crosspoint::net {

Mailbox::Mailbox(Poller& poller) : poller_(poller), bell_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  CROSSPOINT_ASSERT(bell_);
  const bool watched = poller_.watch(bell_.get(), *this, Poller::Interest::reading);
  CROSSPOINT_ASSERT(watched);
}

Mailbox::~Mailbox() {
  // What is destroyed may post again.
  while (!waiting_.empty()) {
    const auto dying = std::exchange(waiting_, {});
  }
  poller_.forget(bell_.get(), *this);
}

void Mailbox::put(Work work) {
  bool wake_it = false;
  {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back(std::move(work));
    wake_it = std::exchange(asleep_, false);
  }
  if (wake_it) wake();
}

void Mailbox::ring() {
  bool wake_it = false;
  {
    const std::scoped_lock lock(mutex_);
    rung_ = true;
    wake_it = std::exchange(asleep_, false);
  }
  if (wake_it) wake();
}

void Mailbox::wake() {
  const std::uint64_t one = 1;
  // Can only fail when the counter is full, and then it wakes all the same.
  [[maybe_unused]] const auto written = ::write(bell_.get(), &one, sizeof one);
}

bool Mailbox::may_sleep() {
  const std::scoped_lock lock(mutex_);
  asleep_ = waiting_.empty() && !std::exchange(rung_, false);
  return asleep_;
}

void Mailbox::collect() {
  const std::scoped_lock lock(mutex_);
  asleep_ = false;
  collected_.swap(waiting_);
}

void Mailbox::run_collected() {
  for (auto& work: collected_) {
    work();
    work = nullptr;  // what it held goes before the next begins
  }
  collected_.clear();
}

void Mailbox::on_ready(Readiness) {
  std::uint64_t ignored = 0;
  [[maybe_unused]] const auto read = ::read(bell_.get(), &ignored, sizeof ignored);
}

SystemLoop::SystemLoop(const Clock& clock, std::size_t read_buffer_bytes)
    : clock_(clock), read_buffer_(read_buffer_bytes), backend_(std::make_unique<Backend>()) {
  begin_turn(clock.monotonic());
}

SystemLoop::~SystemLoop() { destroy_owned(); }

void SystemLoop::run() {
  do {
    turn_once(std::nullopt);
  } while (!backend_->stopping.exchange(false));
}

void SystemLoop::stop() {
  backend_->stopping = true;
  backend_->mailbox.ring();
}

void SystemLoop::turn(Duration wait_max) { turn_once(wait_max); }

std::optional<Duration> SystemLoop::time_to_wait(std::optional<Duration> wait_max) const {
  if (backend_->poller.has_again() || turn_end_pending()) return Duration::zero();
  const auto due = timers().next_due();
  if (!due) return wait_max;
  // The clock is read again: the turn before may have taken a while.
  const auto until_due = std::max(Duration::zero(), *due - clock_.monotonic());
  return wait_max ? std::min(*wait_max, until_due) : until_due;
}

void SystemLoop::turn_once(std::optional<Duration> wait_max) {
  auto wait = time_to_wait(wait_max);
  if (wait != Duration::zero() && !backend_->mailbox.may_sleep()) wait = Duration::zero();
  backend_->poller.wait(wait);
  backend_->mailbox.collect();

  begin_turn(clock_.monotonic());
  turning_since_.store(now(), std::memory_order_relaxed);
  backend_->poller.dispatch();
  run_timers();
  backend_->mailbox.run_collected();
  end_turn();
  turning_since_.store(not_turning, std::memory_order_relaxed);
}

std::optional<MonotonicTime> SystemLoop::turning_since() const {
  const auto since = turning_since_.load(std::memory_order_relaxed);
  return since == not_turning ? std::nullopt : std::optional(since);
}

WallTime SystemLoop::wall_now() const { return clock_.wall(); }

void SystemLoop::post(std::move_only_function<void()> work) { backend_->mailbox.put(std::move(work)); }

MutableBytes SystemLoop::read_buffer() { return read_buffer_; }

}  // namespace crosspoint::net
