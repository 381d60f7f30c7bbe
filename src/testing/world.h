#pragma once
// Where a test of the product takes place: loops, a network, files, a clock. MemoryWorld is made up,
// deterministic and as fast as the processor; SystemWorld (system_world.h) is this machine with loopback
// sockets. A test that keeps to World runs on both.

#include <functional>
#include <memory>
#include <vector>

#include "net/network.h"
#include "testing/manual_clock.h"
#include "testing/manual_loop.h"
#include "testing/memory_files.h"
#include "testing/memory_network.h"

namespace crosspoint::testing {

class World {
 public:
  virtual ~World() = default;

  virtual const Clock& clock() const = 0;
  virtual net::Network& network() = 0;
  virtual Files& files() = 0;
  // Made when first asked for. All loops turn in the test's own thread.
  virtual net::Loop& loop(std::size_t number) = 0;
  net::Loop& loop() { return loop(0); }

  // Lets things happen until `condition` holds; false if it does not within `limit` of the world's time.
  virtual bool run_until(const std::function<bool()>& condition, Duration limit) = 0;
  bool run_until(const std::function<bool()>& condition) { return run_until(condition, 10s); }
};

class MemoryWorld final : public World {
 public:
  const ManualClock& clock() const override { return clock_; }
  ManualClock& clock() { return clock_; }
  MemoryNetwork& network() override { return network_; }
  MemoryFiles& files() override { return files_; }
  ManualLoop& loop(std::size_t number) override;
  ManualLoop& loop() { return loop(0); }

  // Turns all loops, each in its turn, until none has anything to do at this time.
  void run_until_idle();
  // Lets `by` pass, stopping at every timer on the way: all loops' timers fire in the order of their times.
  void advance(Duration by);
  bool run_until(const std::function<bool()>& condition, Duration limit) override;
  using World::run_until;

 private:
  bool turn_all();
  std::optional<MonotonicTime> next_due() const;

  ManualClock clock_;
  MemoryNetwork network_{clock_};
  MemoryFiles files_{clock_};
  std::vector<std::unique_ptr<ManualLoop>> loops_;
};

}  // namespace crosspoint::testing
