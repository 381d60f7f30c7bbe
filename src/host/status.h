#pragma once
// What GET /api/status says: the state of every feed, stream and destination at one moment, as values and as
// JSON. For people and for programs that watch the agent; the older agent had nothing like it.
//
//   {"feeds":{"video0":{"uploads":1,"listeners":2,"messages":250,"bytes":3000000,"last_ms_ago":12,"stalled":false,
//     "container":"mpegts","video":"mpeg1video","audio":"","width":640,"height":480,"warnings":[]}},
//    "streams":{"stream/front":{"feeds":["video0"],"listeners":1}},
//    "destinations":{"0":{"stream":"stream/front","destination":"wss://relay.example.org/in/front","state":"connected",
//      "since":"2026-11-20T23:59:55Z","attempts":1,"connections":1,"last_error":"","last_error_at":"","messages":250,"bytes":3000000,
//      "received_messages":0,"received_bytes":0,"discarded":0,"dropped":0,"queued_bytes":0}},
//    "uploads":1,"clients":1}
//
// Fields may be added at the end of objects. Addresses stand without their query, since codes travel there.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "host/rules.h"
#include "media/stream_description.h"

namespace crosspoint::host {

struct FeedReport {
  std::string name;
  std::size_t uploads = 0;
  std::size_t listeners = 0;
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::optional<Duration> since_last;  // nothing: no message ever
  bool stalled = false;                // an upload is open, and brings nothing
  media::StreamDescription content;
};

struct StreamReport {
  StreamRule rule;
  std::size_t listeners = 0;
};

struct DestinationReport {
  std::string id;
  std::string stream;
  std::string address;
  std::string state;
  WallTime since{};
  std::uint64_t attempts = 0, connections = 0;
  std::string last_error;
  WallTime last_error_at{};  // meaningless while last_error is empty
  std::uint64_t messages = 0, bytes = 0;
  std::uint64_t received_messages = 0, received_bytes = 0;
  std::uint64_t discarded = 0, dropped = 0;
  std::size_t queued_bytes = 0;
};

struct StatusReport {
  std::vector<FeedReport> feeds;
  std::vector<StreamReport> streams;
  std::vector<DestinationReport> destinations;
  std::size_t uploads = 0;
  std::size_t clients = 0;
};

std::string to_json(const StatusReport& report);

// "2026-11-20T23:59:55Z" (RFC 3339).
std::string utc_text(WallTime time);

}  // namespace crosspoint::host
