#pragma once
// A loop without a thread: the test takes each of its turns. Everything happens in the order it was posted,
// so a test that passes once passes always. World (world.h) moves several of them and their clock together.

#include <deque>
#include <functional>
#include <utility>

#include "base/time.h"
#include "net/loop.h"

namespace crosspoint::testing {

class ManualLoop final : public net::Loop {
 public:
  // `clock` outlives the loop.
  explicit ManualLoop(const Clock& clock, std::size_t read_buffer_bytes = 64 * 1024);
  ~ManualLoop() override;

  // One turn: what was posted before it, the due timers, the end of the turn. Does nothing but tell the time
  // when idle.
  void turn();
  // Would a turn do nothing now?
  bool idle() const;
  std::uint64_t turns() const { return turns_; }

  WallTime wall_now() const override { return clock_.wall(); }
  void post(std::move_only_function<void()> work) override { posted_.push_back(std::move(work)); }
  MutableBytes read_buffer() override { return read_buffer_; }

 private:
  const Clock& clock_;
  ByteVector read_buffer_;
  std::deque<std::move_only_function<void()>> posted_;
  std::uint64_t turns_ = 0;
  bool turning_ = false;
};

}  // namespace crosspoint::testing
