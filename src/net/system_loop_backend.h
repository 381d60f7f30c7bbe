#pragma once
// What a SystemLoop consists of, for the streams, listeners and connections of net/*.cpp.

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

#include "net/descriptor.h"
#include "net/poller.h"
#include "net/system_loop.h"

namespace crosspoint::net {

// Work that other threads leave for a loop. Waking a sleeping thread costs as much as several sends, so the
// bell is rung only when the loop has said that it is about to sleep.
class Mailbox final : private Watcher {
 public:
  using Work = std::move_only_function<void()>;

  explicit Mailbox(Poller& poller);
  ~Mailbox();

  void put(Work work);
  void ring();

  // The loop's own thread. False: there is work, do not sleep.
  bool may_sleep();
  // Awake again: what was put in until now is this turn's.
  void collect();
  void run_collected();

 private:
  void on_ready(Readiness) override;
  void wake();

  Poller& poller_;
  Descriptor bell_;
  std::mutex mutex_;
  std::vector<Work> waiting_;
  bool asleep_ = false;
  bool rung_ = false;
  std::vector<Work> collected_;
};

struct SystemLoop::Backend {
  Poller poller;
  Mailbox mailbox{poller};
  std::atomic<bool> stopping = false;
};

}  // namespace crosspoint::net
