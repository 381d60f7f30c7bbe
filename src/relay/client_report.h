#pragma once
// One connected client in the words of the old relay's stats (a JSON object per client, on the WebSocket
// `/ws`): names, order, types and units as pages and scripts in the field expect them, and fields of our own
// after them.

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace crosspoint::relay {

struct Traffic {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;  // payload
  MonotonicTime last{};     // meaningless while messages is 0
};

struct ClientReport {
  std::string topic;
  bool broadcaster = false;  // may send
  bool receives = true;
  bool came_with_code = false;      // a token's topic; then:
  std::vector<std::string> scopes;  // as the token has them
  WallTime expires{};
  WallTime connected_wall{};
  MonotonicTime connected{};
  std::string remote_address;  // X-Forwarded-For as it came, else the socket's address
  std::string user_agent;
  Traffic sent;         // what the client sent into the relay; "tx"
  Traffic delivered;    // what the relay delivered to it; "rx"
  std::string booking;  // of the token; empty: none
  // Ours.
  std::uint64_t id = 0;
  std::uint64_t dropped = 0;        // messages that it was too slow for
  std::uint64_t waiting_bytes = 0;  // in its outbox
  std::string media;  // what the topic carries: "mpeg1video 640x480 25 fps + mp2 44100 Hz", or empty
};

// `started` is when the process began, on the clock that `now` is read from.
std::string to_json(const ClientReport& report, MonotonicTime now, MonotonicTime started);

}  // namespace crosspoint::relay
