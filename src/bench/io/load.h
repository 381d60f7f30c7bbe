#pragma once
// A load on a running node's topics: connects as many clients, sends, receives, checks, and reports. One
// loop, one thread.

#include <memory>

#include "base/random.h"
#include "bench/io/load_settings.h"
#include "net/network.h"

namespace crosspoint::bench {

class Load {
 public:
  // Mode::fanout or Mode::pingpong. `done` is called once, in a turn of the loop; it may destroy the Load.
  Load(net::Loop& loop, net::Network& network, const Clock& clock, Random& random, LoadSettings settings,
       LoadDone done);
  ~Load();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace crosspoint::bench
