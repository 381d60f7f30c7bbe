#pragma once
// The real event loop, on epoll. One thread calls run().

#include <atomic>
#include <memory>
#include <optional>

#include "base/time.h"
#include "net/loop.h"

namespace crosspoint::net {

class SystemLoop final : public Loop {
 public:
  // `clock` outlives the loop. `read_buffer_bytes` is shared by all its streams.
  explicit SystemLoop(const Clock& clock, std::size_t read_buffer_bytes = 256 * 1024);
  ~SystemLoop() override;

  // Turns until stop(). What is ready is handled in turns of bounded length.
  void run();
  // From any thread: run() returns after the current turn; called before run(), that is the first.
  void stop();
  // One turn, for callers with a loop of their own: waits at most so long for something to happen.
  void turn(Duration wait_max);

  // When the turn began that it is in; nothing while it waits. From any thread: for whoever watches that it
  // goes on (stall_watch.h).
  std::optional<MonotonicTime> turning_since() const;

  WallTime wall_now() const override;
  void post(std::move_only_function<void()> work) override;
  MutableBytes read_buffer() override;

  struct Backend;  // only net/*.cpp knows what it is
  Backend& backend() { return *backend_; }

 private:
  static constexpr MonotonicTime not_turning = MonotonicTime::min();
  void turn_once(std::optional<Duration> wait_max);
  std::optional<Duration> time_to_wait(std::optional<Duration> wait_max) const;

  const Clock& clock_;
  ByteVector read_buffer_;
  std::unique_ptr<Backend> backend_;
  std::atomic<MonotonicTime> turning_since_{not_turning};
};

}  // namespace crosspoint::net
