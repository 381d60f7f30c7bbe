#pragma once
// What a load consists of, and what came of it.

#include <cstdint>
#include <functional>
#include <string>

#include "bench/histogram.h"
#include "data/format.h"
#include "http/url.h"
#include "net/tls.h"
#include "wamp/client/io/transport.h"

namespace crosspoint::bench {

enum class Mode {
  fanout,    // a topic of the relay: one client sends, all others receive
  pingpong,  // pairs on a topic each, who answer each other
  call,      // WAMP: callers, and one callee that returns what it is given
  publish,   // WAMP: one publisher, many subscribers
  bare_call  // what `call` says, without sessions: to bench/raw_call.cpp
};

struct LoadSettings {
  Mode mode = Mode::fanout;
  http::Url url;  // fanout: the topic; /in and /out are put before its path. pingpong: the path as it is
  wamp::client::Place router;    // of the modes of WAMP
  std::string realm = "realm1";  // which anybody may enter
  data::Format serializer = data::Format::json;
  std::size_t callers = 1;
  std::size_t subscribers = 100;  // pingpong: pairs, each on a path of its own
  std::size_t message_bytes = 1316;
  std::size_t window =
      1;  // messages published and not yet received by every subscriber; calls of each caller
  std::uint64_t rate = 0;  // messages, or calls, a second; 0: as fast as the window lets it
  Duration warm_up = 500ms;
  Duration duration = 10s;
  bool verify_bodies = true;
  bool spin = false;  // never sleep: a client that must be woken makes the server's writes dearer
  const net::TlsContext* tls = nullptr;  // what a wss address needs; outlives the load
  int server_pid = 0;                    // whose processor time to read; 0: none
};

struct LoadReport {
  std::string failure;  // why it could not be run or was cut short; empty: it ran
  std::size_t connections = 0;
  std::uint64_t published = 0;  // or called
  std::uint64_t received = 0;   // by all subscribers; pingpong: round trips; call: answers
  std::uint64_t lost = 0, corrupt = 0, out_of_order = 0, closed = 0;
  std::uint64_t refused = 0;   // WAMP: answered with an ERROR
  std::uint64_t mistaken = 0;  // WAMP: an id that is not the one it must be
  std::size_t wire_bytes = 0;  // WAMP: of the last EVENT or RESULT, without its frame
  std::uint64_t measured = 0;  // of those received, in the time that was measured
  Duration elapsed{};
  Histogram latency;  // due to received; pingpong, call: round trip
  double server_cpu_seconds = 0;
  bool clean() const {
    return failure.empty() && lost + corrupt + out_of_order + closed + refused + mistaken == 0;
  }
};

using LoadDone = std::function<void(LoadReport)>;

}  // namespace crosspoint::bench
