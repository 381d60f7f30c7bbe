#pragma once
// Which events a subscriber that is too slow for them may miss, by their topics: of a realm, and of topics
// and patterns in it that the configuration names. What is no EVENT (results, errors, invocations) is never
// missed, nor is an event of a topic that says `close`: whoever does not take those in time is closed.
//
// For a topic one rule speaks: the one for this very URI, else the longest prefix, else the best wildcard, as
// with permissions (pattern_index.h).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wamp/options.h"
#include "wamp/pattern_index.h"

namespace crosspoint::wamp {

enum class SlowSubscriber : std::uint8_t {
  close,  // misses nothing, and is closed
  drop,   // misses the oldest events that wait for it, and stays
};

struct DeliveryRule {
  std::string uri = {};
  Match match = Match::exact;
  SlowSubscriber slow_subscriber = SlowSubscriber::close;

  bool operator==(const DeliveryRule&) const = default;
};

struct DeliverySettings {
  SlowSubscriber slow_subscriber = SlowSubscriber::close;  // where no rule speaks
  std::vector<DeliveryRule> rules = {};                    // no pattern twice

  bool operator==(const DeliverySettings&) const = default;
};

// Immutable, but for being replaced as a whole.
class DeliveryPolicy {
 public:
  explicit DeliveryPolicy(const DeliverySettings& settings) : settings_(settings) {
    for (const DeliveryRule& rule: settings_.rules) index_.add(rule.match, rule.uri, rule);
  }
  DeliveryPolicy(const DeliveryPolicy&) = delete;
  DeliveryPolicy& operator=(const DeliveryPolicy&) = delete;

  bool may_be_missed(std::string_view topic) const {
    const DeliveryRule* const rule = settings_.rules.empty() ? nullptr : index_.best(topic);
    return (rule == nullptr ? settings_.slow_subscriber : rule->slow_subscriber) == SlowSubscriber::drop;
  }

 private:
  const DeliverySettings settings_;  // index_ points into it
  PatternIndex<const DeliveryRule> index_;
};

}  // namespace crosspoint::wamp
