#pragma once
// A load on a router of WAMP: calls, or publications. One loop, one thread. Every argument is compared byte
// for byte at each end that gets it; answers are matched with their calls, INVOCATIONs of a caller and EVENTs
// of the publisher must come in order and without a gap, and all receivers of an event are told of the same
// publication.

#include <memory>

#include "base/random.h"
#include "bench/io/load_settings.h"
#include "net/network.h"

namespace crosspoint::bench {

class WampLoad {
 public:
  // Mode::call, Mode::publish or Mode::bare_call. `done` is called once, in a turn of the loop; it may
  // destroy the WampLoad.
  WampLoad(net::Loop& loop, net::Network& network, const Clock& clock, Random& random, LoadSettings settings,
           LoadDone done);
  ~WampLoad();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace crosspoint::bench
