#pragma once
// This machine as a World: real loops, real sockets, real time. Keep to loopback and to port 0. Its loops
// turn one after the other in the test's own thread, so tests still need no locks.

#include <memory>
#include <vector>

#include "net/system_clock.h"
#include "net/system_files.h"
#include "net/system_loop.h"
#include "net/system_network.h"
#include "testing/world.h"

namespace crosspoint::testing {

class SystemWorld final : public World {
 public:
  const Clock& clock() const override { return clock_; }
  net::Network& network() override { return network_; }
  net::SystemFiles& files() override { return files_; }
  net::SystemLoop& loop(std::size_t number) override;
  net::SystemLoop& loop() { return loop(0); }

  bool run_until(const std::function<bool()>& condition, Duration limit) override;
  using World::run_until;

 private:
  net::SystemClock clock_;
  std::vector<std::unique_ptr<net::SystemLoop>> loops_;
  net::SystemNetwork network_;
  net::SystemFiles files_;
};

}  // namespace crosspoint::testing
