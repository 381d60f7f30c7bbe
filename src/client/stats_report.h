#pragma once
// The reports of who is connected to a relay, as values: what topic `stats` says every few seconds, and what
// GET /status answers. Pure. One reader for all spellings that are in use:
//   - camelCase (`stats`) and snake_case (`/status`); `connected` and `connected_at`;
//   - with "stats":{"tx":{"last","size","fps"},"rx":{…}}, as older relays had, or without;
//   - with "traffic", "dropped", "waitingBytes" and "media", which this project's node adds;
//   - with "wamp" in the relay's own entry, which it adds where it routes WAMP.
//
// `sent` is what the client sent into the relay ("tx"), `delivered` what the relay gave it ("rx").
//
// A report comes over the network: it is bounded, what is missing or of another type counts as absent, and
// texts are kept as they came. Who shows them to a terminal makes them fit (stats_view.h).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "client/wamp_numbers.h"

namespace crosspoint::client {

struct StatsLimits {
  std::size_t bytes_max = 10 * 1024 * 1024;  // as one message
  std::size_t connections_max = 100'000;
  std::size_t scopes_max = 64;  // of one connection; further ones are left out
};

struct DirectionReport {
  // When the latest message was: unknown, never, or so long ago.
  enum class Last : std::uint8_t { unknown, never, ago };
  Last last = Last::unknown;
  Duration last_ago{};
  double mean_bytes = 0;  // of a message, over the connection's life
  double mean_rate = 0;   // messages a second, over the same
  // Only from nodes that report "traffic".
  std::optional<std::uint64_t> messages, bytes;
  std::optional<double> messages_per_second, bytes_per_second;  // now

  // The best that is known: now, or over the connection's life.
  double messages_rate() const { return messages_per_second.value_or(mean_rate); }
  double bytes_rate() const { return bytes_per_second.value_or(mean_rate * mean_bytes); }

  bool operator==(const DirectionReport&) const = default;
};

struct ConnectionReport {
  std::string topic;
  bool can_read = false, can_write = false;
  std::string connected, expires;  // RFC 3339 as it came; parse_time()
  std::string remote_address, user_agent, media;
  std::vector<std::string> scopes;
  DirectionReport sent, delivered;
  std::uint64_t dropped = 0, waiting_bytes = 0;

  bool operator==(const ConnectionReport&) const = default;
};

struct StatsReport {
  std::vector<ConnectionReport> connections;
  std::optional<WampReport> wamp;  // from nodes that route WAMP
};

// One JSON array of objects; anything else is refused with a sentence.
Result<StatsReport, std::string> parse_stats_report(std::string_view json, const StatsLimits& limits = {});

// "1h2m3.5s", "250ms", "1.5µs", "-2s", "0": Go's spelling of a duration. Nothing for any other text, and for
// what does not fit.
std::optional<Duration> parse_go_duration(std::string_view text);
// "2026-11-21T00:01:40.25Z", "…+01:00" (RFC 3339). Nothing for any other text.
std::optional<WallTime> parse_time(std::string_view text);

}  // namespace crosspoint::client
