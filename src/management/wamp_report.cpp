#include "management/wamp_report.h"

#include <algorithm>
#include <utility>

namespace crosspoint::management {
namespace {

using data::Value;
using wamp::Action;
using wamp::RealmNumbers;

constexpr Duration window_min = 5s;

double per_second(std::uint64_t now, std::uint64_t then, Duration window) {
  return static_cast<double>(now - then) / std::chrono::duration<double>(window).count();
}

// Never in the middle of a character.
std::string_view shown_name(std::string_view name) {
  if (name.size() <= realm_name_bytes_max) return name;
  std::size_t end = realm_name_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0U) == 0x80U) --end;
  return name.substr(0, end);
}

Value::Map refused_by_realm(const wamp::RealmCounters& refused, Action action) {
  const auto place = static_cast<std::size_t>(action);
  return {{"not_authorized", refused.not_authorized[place]}, {"invalid_uri", refused.invalid_uri[place]}};
}

Value::Map calls_refused(const RealmNumbers& numbers) {
  auto map = refused_by_realm(numbers.refused, Action::call);
  const auto& dealer = numbers.dealer;
  map.emplace_back("no_such_procedure", dealer.no_such_procedure);
  map.emplace_back("calls_per_caller_max", dealer.calls_refused_for_caller);
  map.emplace_back("calls_per_callee_max", dealer.calls_refused_for_callee);
  map.emplace_back("queued_calls_max", dealer.calls_refused_for_concurrency);
  map.emplace_back("queued_calls_age_max", dealer.calls_refused_for_age);
  map.emplace_back("kept_bytes_max", dealer.calls_refused_for_memory);
  return map;
}

Value::Map publications_refused(const RealmNumbers& numbers) {
  auto map = refused_by_realm(numbers.refused, Action::publish);
  map.emplace_back("receiver_list_entries_max", numbers.broker.publications_refused_for_lists);
  map.emplace_back("retained_max", numbers.broker.publications_refused_for_retention);
  return map;
}

Value::Map subscriptions_refused(const RealmNumbers& numbers) {
  auto map = refused_by_realm(numbers.refused, Action::subscribe);
  map.emplace_back("subscriptions_per_session_max", numbers.broker.subscriptions_refused_for_session);
  map.emplace_back("subscriptions_max", numbers.broker.subscriptions_refused);
  return map;
}

Value::Map registrations_refused(const RealmNumbers& numbers) {
  auto map = refused_by_realm(numbers.refused, Action::register_);
  map.emplace_back("registrations_max", numbers.dealer.registrations_refused);
  return map;
}

Value::Map events_lost(const RealmNumbers& numbers) {
  return {{"too_large", numbers.broker.events_too_large},
          {"not_spellable", numbers.broker.events_not_spellable},
          {"without_pass_through", numbers.broker.events_without_pass_through}};
}

Value::Map one_realm(std::string_view name, const RealmNumbers& numbers, const RealmRates& rates) {
  Value::Map map;
  if (!name.empty()) map.emplace_back("realm", shown_name(name));
  map.emplace_back("sessions", numbers.sessions);
  map.emplace_back("subscriptions", numbers.subscriptions);
  map.emplace_back("registrations", numbers.registrations);
  map.emplace_back("calls_in_flight", numbers.calls_in_flight);
  map.emplace_back("calls", numbers.dealer.calls);
  map.emplace_back("calls_per_second", rates.calls);
  map.emplace_back("publications", numbers.broker.publications);
  map.emplace_back("publications_per_second", rates.publications);
  map.emplace_back("events", numbers.broker.events);
  map.emplace_back("events_per_second", rates.events);
  map.emplace_back("calls_timed_out", numbers.dealer.timed_out);
  map.emplace_back("logins_refused", numbers.refused.logins_refused);
  map.emplace_back("calls_refused", calls_refused(numbers));
  map.emplace_back("publications_refused", publications_refused(numbers));
  map.emplace_back("subscriptions_refused", subscriptions_refused(numbers));
  map.emplace_back("registrations_refused", registrations_refused(numbers));
  map.emplace_back("events_lost", events_lost(numbers));
  return map;
}

Value::Map ended(const wamp::SessionEndCounts& counts) {
  Value::Map map;
  for (std::size_t i = 0; i < counts.size(); ++i)
    map.emplace_back(wamp::to_string(static_cast<wamp::SessionEnd>(i)), counts[i]);
  return map;
}

}  // namespace

RealmRates RealmRateBook::rates_of(std::string_view realm, MonotonicTime created, const RealmNumbers& numbers,
                                   MonotonicTime now) {
  const Sample current{now, numbers.dealer.calls, numbers.broker.publications, numbers.broker.events};
  auto found = entries_.find(realm);
  if (found == entries_.end()) found = entries_.emplace(realm, Entry{}).first;
  Entry& entry = found->second;
  if (entry.seen == 0 || entry.created != created) {
    // All it ever did, over its life, until there is something nearer.
    entry = {.created = created, .base = {.at = created}, .recent = current};
  } else if (now - entry.recent.at >= window_min) {
    entry.base = entry.recent;
    entry.recent = current;
  }
  entry.seen = report_;
  const Sample& base = entry.base;
  const Duration window = std::max<Duration>(now - base.at, 1s);
  return {per_second(current.calls, base.calls, window),
          per_second(current.publications, base.publications, window),
          per_second(current.events, base.events, window)};
}

void RealmRateBook::end_report() {
  std::erase_if(entries_, [&](const auto& entry) { return entry.second.seen != report_; });
  ++report_;
}

Value wamp_report(const WampNumbers& numbers, RealmRateBook& rates, MonotonicTime now) {
  const auto& realms = numbers.realms;
  Value::Array by_realm;
  for (const auto& [realm, created, counts]: realms.realms)
    by_realm.emplace_back(one_realm(realm, counts, rates.rates_of(realm, created, counts, now)));
  // No realm is called that.
  const auto total = rates.rates_of("", numbers.started, realms.total, now);
  rates.end_report();
  auto lost = events_lost(realms.total);
  lost.emplace(lost.begin(), "slow_subscriber", numbers.connections.events_dropped);
  const auto& connections = numbers.connections;
  return Value::Map{
      {"sessions", numbers.router.sessions},
      {"sessions_ever", numbers.router.sessions_ever},
      {"realms", realms.realms.size() + realms.realms_left_out},
      {"realms_left_out", realms.realms_left_out},
      {"realms_refused", numbers.router.realms_refused},
      {"logins_refused", realms.total.refused.logins_refused},
      {"connections", Value::Map{{"now", connections.now}, {"refused", connections.refused}}},
      {"messages", Value::Map{{"in", connections.messages_in}, {"out", connections.messages_out}}},
      {"events_lost", std::move(lost)},
      {"sessions_ended", ended(numbers.router.sessions_ended)},
      {"total", one_realm({}, realms.total, total)},
      {"by_realm", std::move(by_realm)}};
}

std::string to_json(const Value& value) {
  const auto bytes = data::write_value(data::Format::json, value);
  return crosspoint::to_string(Bytes(bytes));
}

}  // namespace crosspoint::management
