#pragma once
// What a node's report says of its WAMP router: "wamp" of the relay's own entry (docs/wamp.md), as values.
// A report comes over the network: what is missing or of another type counts as 0.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace crosspoint::client {

struct RealmReport {
  std::string realm;
  std::uint64_t sessions = 0, subscriptions = 0, registrations = 0, calls_in_flight = 0;
  double calls_per_second = 0, publications_per_second = 0, events_per_second = 0;
  // Logins, calls, publications, subscriptions and registrations, for any cause.
  std::uint64_t refused = 0;
  std::uint64_t events_lost = 0;  // of this realm's; those dropped for slow clients count for all together

  bool operator==(const RealmReport&) const = default;
};

struct WampReport {
  using Counts = std::vector<std::pair<std::string, std::uint64_t>>;  // that are not 0, by cause
  std::uint64_t sessions = 0, realms = 0, realms_left_out = 0;
  std::uint64_t logins_refused = 0;  // also in realms that are not there
  Counts events_lost, sessions_ended;
  std::vector<RealmReport> by_realm;

  bool operator==(const WampReport&) const = default;
};

// More are left out.
inline constexpr std::size_t realms_shown_max = 1000;
inline constexpr std::size_t causes_max = 32;

}  // namespace crosspoint::client
