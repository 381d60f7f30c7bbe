#pragma once
// The loops of one process and the threads that turn them. The first loop is turned by whoever calls run().
// One more thread looks on: a loop that stands still gets a line in the log, which nobody on it could write.

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <thread>
#include <vector>

#include "net/system_clock.h"
#include "net/system_loop.h"

namespace crosspoint::cli {

class LoopThreads {
 public:
  // `count` of 0: one for each core.
  explicit LoopThreads(std::size_t count);
  ~LoopThreads();

  const net::SystemClock& clock() const { return clock_; }
  net::SystemLoop& first() { return *loops_.front(); }
  net::SystemLoop& at(std::size_t index) { return *loops_[index]; }
  std::span<net::Loop* const> all() const { return pointers_; }

  // Turns all loops until stop(), which any of their callbacks may call.
  void run();
  void stop();

 private:
  void watch(const std::stop_token& stopped) const;

  net::SystemClock clock_;
  std::vector<std::unique_ptr<net::SystemLoop>> loops_;
  std::vector<net::Loop*> pointers_;
};

}  // namespace crosspoint::cli
