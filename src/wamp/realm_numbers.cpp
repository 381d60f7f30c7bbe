#include "wamp/realm_numbers.h"

namespace crosspoint::wamp {

// A counter that is added to a structure is to be added here, too.
static_assert(sizeof(BrokerCounters) == 12 * sizeof(std::uint64_t));
static_assert(sizeof(DealerCounters) == 17 * sizeof(std::uint64_t));

void BrokerCounters::add(const BrokerCounters& other) {
  publications += other.publications;
  events += other.events;
  events_too_large += other.events_too_large;
  events_not_spellable += other.events_not_spellable;
  events_without_pass_through += other.events_without_pass_through;
  events_received += other.events_received;
  revoked += other.revoked;
  events_not_retained += other.events_not_retained;
  subscriptions_refused_for_session += other.subscriptions_refused_for_session;
  subscriptions_refused += other.subscriptions_refused;
  publications_refused_for_lists += other.publications_refused_for_lists;
  publications_refused_for_retention += other.publications_refused_for_retention;
}

void DealerCounters::add(const DealerCounters& other) {
  calls += other.calls;
  results += other.results;
  progressive_results += other.progressive_results;
  callee_errors += other.callee_errors;
  no_such_procedure += other.no_such_procedure;
  canceled += other.canceled;
  timed_out += other.timed_out;
  callers_left += other.callers_left;
  rerouted += other.rerouted;
  queued += other.queued;
  late_messages += other.late_messages;
  registrations_refused += other.registrations_refused;
  calls_refused_for_caller += other.calls_refused_for_caller;
  calls_refused_for_callee += other.calls_refused_for_callee;
  calls_refused_for_concurrency += other.calls_refused_for_concurrency;
  calls_refused_for_age += other.calls_refused_for_age;
  calls_refused_for_memory += other.calls_refused_for_memory;
}

void RealmCounters::add(const RealmCounters& other) {
  for (std::size_t action = 0; action < actions; ++action) {
    not_authorized[action] += other.not_authorized[action];
    invalid_uri[action] += other.invalid_uri[action];
  }
  logins_refused += other.logins_refused;
}

void RealmNumbers::add(const RealmNumbers& other) {
  sessions += other.sessions;
  subscriptions += other.subscriptions;
  registrations += other.registrations;
  calls_in_flight += other.calls_in_flight;
  sessions_ever += other.sessions_ever;
  broker.add(other.broker);
  dealer.add(other.dealer);
  refused.add(other.refused);
}

}  // namespace crosspoint::wamp
