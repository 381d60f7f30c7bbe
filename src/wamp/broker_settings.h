#pragma once
// How much the sessions of a realm may have a broker remember, and how often each of these limits was met.

#include <cstddef>
#include <cstdint>

namespace crosspoint::wamp {

struct BrokerSettings {
  // A session's stay at one subscription counts as one. Past either, SUBSCRIBE gets `wamp.error.unavailable`.
  std::size_t subscriptions_per_session_max = 1000;
  std::size_t subscriptions_max = 1'000'000;

  // In the six lists of a PUBLISH together; past it, the PUBLISH gets `wamp.error.invalid_argument`.
  std::size_t receiver_list_entries_max = 10'000;

  // Events kept for who subscribes later. Past either, a PUBLISH with `retain` reaches nobody and gets
  // `wamp.error.unavailable`. No topics at all: `retain` is an option that is not allowed.
  std::size_t retained_topics_max = 10'000;
  std::size_t retained_bytes_max = 64 * 1024 * 1024;
  // Of one topic, beside the newest that everybody may see; past it the oldest of them is forgotten.
  std::size_t restricted_retained_events_max = 16;

  bool operator==(const BrokerSettings&) const = default;
};

struct BrokerCounters {
  std::uint64_t publications = 0;          // PUBLISHes that were carried out
  std::uint64_t events = 0;                // sent, retained ones included
  std::uint64_t events_too_large = 0;      // not sent: longer than the subscriber takes
  std::uint64_t events_not_spellable = 0;  // not sent: they mean nothing in the subscriber's format
  std::uint64_t events_without_pass_through =
      0;                                  // not sent: the subscriber cannot read passed-through payloads
  std::uint64_t events_received = 0;      // acknowledged by their subscribers
  std::uint64_t revoked = 0;              // subscribers removed by others
  std::uint64_t events_not_retained = 0;  // of topics that retain all: there was no room (retained_…_max)
  // Refused at a limit.
  std::uint64_t subscriptions_refused_for_session = 0;   // subscriptions_per_session_max
  std::uint64_t subscriptions_refused = 0;               // subscriptions_max
  std::uint64_t publications_refused_for_lists = 0;      // receiver_list_entries_max
  std::uint64_t publications_refused_for_retention = 0;  // retained_…_max

  void add(const BrokerCounters& other);
};

}  // namespace crosspoint::wamp
