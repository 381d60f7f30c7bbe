#pragma once
// Realms in numbers, for those who run a node. What there is now, and what has happened since the realm came
// into being; of a node, also in realms that are gone.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "wamp/broker_settings.h"
#include "wamp/dealer_settings.h"
#include "wamp/gate.h"

namespace crosspoint::wamp {

inline constexpr std::size_t actions = 4;

// What the realm itself refused, by Action; and who was not let in.
struct RealmCounters {
  std::array<std::uint64_t, actions> not_authorized{};  // or whether it is could not be found out
  std::array<std::uint64_t, actions> invalid_uri{};     // no URI, or the router's own
  std::uint64_t logins_refused = 0;                     // of a node, also in realms that were never there

  std::uint64_t& of(std::array<std::uint64_t, actions>& counts, Action action) {
    return counts[static_cast<std::size_t>(action)];
  }
  void add(const RealmCounters& other);
};

struct RealmNumbers {
  std::size_t sessions = 0, subscriptions = 0, registrations = 0, calls_in_flight = 0;  // now
  std::uint64_t sessions_ever = 0;
  BrokerCounters broker;  // the router's own publications, its news, are among them
  DealerCounters dealer;
  RealmCounters refused;

  void add(const RealmNumbers& other);
};

// Realms come into being by the thousand, if the configuration lets them: of a few each, of the others how
// many.
struct RouterNumbers {
  struct Named {
    std::string realm;
    MonotonicTime created;
    RealmNumbers numbers;
  };
  RealmNumbers total;
  std::vector<Named> realms;  // those with the most sessions, in the order of their names
  std::size_t realms_left_out = 0;
};

}  // namespace crosspoint::wamp
