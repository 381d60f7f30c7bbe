#include "wamp/auth/read_limits.h"

#include "wamp/auth/limit_rows.h"

namespace crosspoint::wamp::auth {

void read_limits(config::TableReader& reader, RealmSettings& realm) {
  const auto count = [&](const config::Option& row) { return static_cast<std::size_t>(reader.integer(row)); };

  BrokerSettings& broker = realm.broker;
  broker.subscriptions_per_session_max = count(rows::subscriptions_per_session_max);
  broker.subscriptions_max = count(rows::subscriptions_max);
  broker.receiver_list_entries_max = count(rows::receiver_list_entries_max);
  broker.retained_topics_max = count(rows::retained_topics_max);
  broker.retained_bytes_max = reader.bytes(rows::retained_bytes_max);

  DealerSettings& dealer = realm.dealer;
  dealer.registrations_per_session_max = count(rows::registrations_per_session_max);
  dealer.registrations_max = count(rows::registrations_max);
  dealer.calls_per_caller_max = count(rows::calls_per_caller_max);
  dealer.calls_per_callee_max = count(rows::calls_per_callee_max);
  dealer.queued_calls_max = count(rows::queued_calls_max);
  dealer.queued_calls_age_max = reader.duration(rows::queued_calls_age_max);
  dealer.kept_bytes_per_caller_max = reader.bytes(rows::kept_bytes_per_caller_max);
  dealer.kept_bytes_max = reader.bytes(rows::kept_bytes_max);

  realm.testaments.testaments_per_session_max = count(rows::testaments_per_session_max);
  realm.testaments.testament_bytes_per_session_max = reader.bytes(rows::testament_bytes_per_session_max);
}

}  // namespace crosspoint::wamp::auth
