#pragma once
// One thread for computations that would hold a loop up: comparing a password that is stored as argon2id or
// PBKDF2 takes a tenth of a second. Jobs are done in their order; results come back to the loop.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "net/loop.h"

namespace crosspoint::wamp {

class Workshop {
 public:
  // The loop outlives it. At most `jobs_max` wait.
  Workshop(net::Loop& loop, std::size_t jobs_max);
  // Waits for the job that is being done; those that wait are forgotten, and their `done` is not called.
  ~Workshop();
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  // `job` runs on the thread, `done` on the loop, later. False: too many are waiting, and neither is called.
  bool run(std::function<bool()> job, std::function<void(bool)> done);

 private:
  struct Order {
    std::function<bool()> job;
    std::function<void(bool)> done;
  };
  void work();

  net::Loop& loop_;
  const std::size_t jobs_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Order> orders_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace crosspoint::wamp
