#pragma once
// A load on a running node: connects as many clients, sends, receives, checks, and reports. One loop, one
// thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "bench/histogram.h"
#include "bench/probe.h"
#include "http/url.h"
#include "net/network.h"
#include "net/tls.h"

namespace crosspoint::bench {

enum class Mode { fanout, pingpong };

struct LoadSettings {
  Mode mode = Mode::fanout;
  http::Url url;  // fanout: the topic; /in and /out are put before its path. pingpong: the path as it is
  std::size_t subscribers = 100;  // pingpong: pairs, each on a path of its own
  std::size_t message_bytes = 1316;
  std::size_t window = 1;  // messages published and not yet received by every subscriber
  std::uint64_t rate = 0;  // messages a second; 0: as fast as the window lets it
  Duration warm_up = 500ms;
  Duration duration = 10s;
  bool verify_bodies = true;
  bool spin = false;  // never sleep: a client that must be woken makes the server's writes dearer
  const net::TlsContext* tls = nullptr;  // what a wss address needs; outlives the Load
  int server_pid = 0;                    // whose processor time to read; 0: none
};

struct LoadReport {
  std::string failure;  // why it could not be run or was cut short; empty: it ran
  std::size_t connections = 0;
  std::uint64_t published = 0;
  std::uint64_t received = 0;  // fanout: by all subscribers; pingpong: round trips
  std::uint64_t lost = 0, corrupt = 0, out_of_order = 0, closed = 0;
  Duration elapsed{};
  Histogram latency;  // fanout: due to received; pingpong: round trip
  double server_cpu_seconds = 0;
  bool clean() const { return failure.empty() && lost + corrupt + out_of_order + closed == 0; }
};

// What the process `pid` has run so far, all threads together, in seconds; 0 when it cannot be read.
double processor_seconds(int pid);

class Load {
 public:
  // `done` is called once, in a turn of the loop; it may destroy the Load.
  Load(net::Loop& loop, net::Network& network, const Clock& clock, Random& random, LoadSettings settings,
       std::function<void(LoadReport)> done);
  ~Load();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace crosspoint::bench
