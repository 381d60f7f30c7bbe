#pragma once
// The WAMP router in numbers, as one JSON object: "wamp" of `relay.stats.get`, and of the relay's own entry
// in topic `stats` and GET /status. docs/wamp.md has every field.
//
// Rates are of the last five to ten seconds, or since a realm came into being. They are worked out from
// counters when a report is made, so that calls and events pay nothing for them.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/time.h"
#include "data/value.h"
#include "wamp/realm_numbers.h"
#include "wamp/router.h"

namespace crosspoint::management {

// How many realms a report names: those with the most sessions. Of the others it says how many there are.
inline constexpr std::size_t realms_named_max = 50;
// Names are cut there: where realms come into being when they are joined, strangers choose them.
inline constexpr std::size_t realm_name_bytes_max = 200;

// The connections of all realms together; which realm a client is for is not known at that height.
struct WampConnections {
  std::uint64_t now = 0, refused = 0;
  std::uint64_t messages_in = 0, messages_out = 0;
  std::uint64_t events_dropped = 0;  // for clients too slow to take them (slow-subscriber "drop")
};

struct WampNumbers {
  wamp::RouterCounters router;
  wamp::RouterNumbers realms;
  WampConnections connections;
  MonotonicTime started{};  // the router
};

struct RealmRates {
  double calls = 0, publications = 0, events = 0;  // a second
};

class RealmRateBook {
 public:
  // Of a realm as it is now; each name at most once between two calls of end_report().
  RealmRates rates_of(std::string_view realm, MonotonicTime created, const wamp::RealmNumbers& numbers,
                      MonotonicTime now);
  // Who was not asked about is forgotten.
  void end_report();
  std::size_t size() const { return entries_.size(); }

 private:
  struct Sample {
    MonotonicTime at{};
    std::uint64_t calls = 0, publications = 0, events = 0;
  };
  struct Entry {
    MonotonicTime created{};
    Sample base;    // what rates are measured from
    Sample recent;  // what they will be measured from next
    std::uint64_t seen = 0;
  };
  std::map<std::string, Entry, std::less<>> entries_;
  std::uint64_t report_ = 1;
};

data::Value wamp_report(const WampNumbers& numbers, RealmRateBook& rates, MonotonicTime now);
// As text.
std::string to_json(const data::Value& value);

}  // namespace crosspoint::management
