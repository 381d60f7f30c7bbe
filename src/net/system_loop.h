#pragma once
// The real event loop: Asio on epoll, used try-first (system_stream.cpp). One thread calls run().

#include <memory>

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
  // From any thread: run() returns after the current turn.
  void stop();

  WallTime wall_now() const override;
  void post(std::move_only_function<void()> work) override;
  MutableBytes read_buffer() override;

  struct Backend;  // Asio; only net/*.cpp knows what it is
  Backend& backend() { return *backend_; }

 private:
  const Clock& clock_;
  ByteVector read_buffer_;
  std::unique_ptr<Backend> backend_;
};

}  // namespace crosspoint::net
