#include "client/wamp_numbers.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace crosspoint::client {
namespace {

using NumbersJson = nlohmann::json;

const NumbersJson* member(const NumbersJson& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::uint64_t whole(const NumbersJson& object, const char* name) {
  const auto* found = member(object, name);
  return found != nullptr && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

double real(const NumbersJson& object, const char* name) {
  const auto* found = member(object, name);
  const double value = found != nullptr && found->is_number() ? found->get<double>() : 0;
  return std::isfinite(value) && value > 0 ? value : 0;
}

WampReport::Counts counts(const NumbersJson& object, const char* name) {
  WampReport::Counts all;
  const auto* found = member(object, name);
  if (found == nullptr || !found->is_object()) return all;
  for (const auto& [cause, count]: found->items()) {
    if (all.size() == causes_max) break;
    if (count.is_number_unsigned() && count.get<std::uint64_t>() > 0)
      all.emplace_back(cause, count.get<std::uint64_t>());
  }
  return all;
}

std::uint64_t sum(const NumbersJson& object, const char* name) {
  std::uint64_t all = 0;
  for (const auto& [cause, count]: counts(object, name)) all += count;
  return all;
}

RealmReport read_realm(const NumbersJson& object) {
  RealmReport report;
  if (const auto* name = member(object, "realm"); name != nullptr && name->is_string())
    report.realm = name->get<std::string>();
  report.sessions = whole(object, "sessions");
  report.subscriptions = whole(object, "subscriptions");
  report.registrations = whole(object, "registrations");
  report.calls_in_flight = whole(object, "calls_in_flight");
  report.calls_per_second = real(object, "calls_per_second");
  report.publications_per_second = real(object, "publications_per_second");
  report.events_per_second = real(object, "events_per_second");
  for (const char* kind:
       {"calls_refused", "publications_refused", "subscriptions_refused", "registrations_refused"}) {
    report.refused += sum(object, kind);
  }
  report.events_lost = sum(object, "events_lost");
  return report;
}

}  // namespace

WampReport read_wamp_report(std::string_view json) {
  WampReport report;
  const auto object = NumbersJson::parse(json, nullptr, false);
  if (!object.is_object()) return report;
  report.sessions = whole(object, "sessions");
  report.realms = whole(object, "realms");
  report.realms_left_out = whole(object, "realms_left_out");
  report.events_lost = counts(object, "events_lost");
  report.sessions_ended = counts(object, "sessions_ended");
  const auto* realms = member(object, "by_realm");
  if (realms == nullptr || !realms->is_array()) return report;
  for (const auto& realm: *realms) {
    if (report.by_realm.size() == realms_shown_max) break;
    if (realm.is_object()) report.by_realm.push_back(read_realm(realm));
  }
  return report;
}

}  // namespace crosspoint::client
