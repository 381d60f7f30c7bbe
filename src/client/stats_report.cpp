#include "client/stats_report.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <nlohmann/json.hpp>

#include "http/message.h"

namespace crosspoint::client {
namespace {

using Json = nlohmann::json;

// The first of these names that the object has.
const Json* find(const Json& object, std::initializer_list<const char*> names) {
  for (const auto* name: names) {
    if (const auto found = object.find(name); found != object.end()) return &*found;
  }
  return nullptr;
}

std::string text(const Json& object, std::initializer_list<const char*> names) {
  const auto* found = find(object, names);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

bool flag(const Json& object, std::initializer_list<const char*> names) {
  const auto* found = find(object, names);
  return found != nullptr && found->is_boolean() && found->get<bool>();
}

std::optional<std::uint64_t> count(const Json& object, std::initializer_list<const char*> names) {
  const auto* found = find(object, names);
  if (found == nullptr || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::uint64_t>();
}

// Never negative, never infinite.
std::optional<double> rate(const Json& object, std::initializer_list<const char*> names) {
  const auto* found = find(object, names);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  const auto value = found->get<double>();
  return std::isfinite(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

// A Go duration, a number of nanoseconds, or "never" in whatever letters; empty and missing are never.
void read_last(const Json& direction, DirectionReport& out) {
  using Last = DirectionReport::Last;
  out.last = Last::never;
  const auto* last = find(direction, {"last"});
  if (last == nullptr) return;
  std::optional<Duration> ago;
  if (last->is_string()) {
    const auto& words = last->get_ref<const std::string&>();
    if (words.empty() || http::equal_ignoring_case(words, "never")) return;
    ago = parse_go_duration(words);
  } else if (last->is_number_integer() &&
             (!last->is_number_unsigned() || last->get<std::uint64_t>() <= INT64_MAX)) {
    ago = Duration(last->get<std::int64_t>());
  }
  out.last = ago ? Last::ago : Last::unknown;
  out.last_ago = ago.value_or(Duration::zero());
}

void read_stats(const Json& stats, const char* name, DirectionReport& out) {
  const auto* direction = find(stats, {name});
  if (direction == nullptr || !direction->is_object()) return;
  read_last(*direction, out);
  out.mean_bytes = rate(*direction, {"size"}).value_or(0);
  out.mean_rate = rate(*direction, {"fps"}).value_or(0);
}

void read_traffic(const Json& traffic, const char* name, DirectionReport& out) {
  const auto* direction = find(traffic, {name});
  if (direction == nullptr || !direction->is_object()) return;
  out.messages = count(*direction, {"messages"});
  out.bytes = count(*direction, {"bytes"});
  out.messages_per_second = rate(*direction, {"messagesPerSecond", "messages_per_second"});
  out.bytes_per_second = rate(*direction, {"bytesPerSecond", "bytes_per_second"});
}

std::vector<std::string> read_scopes(const Json& object, std::size_t scopes_max) {
  std::vector<std::string> scopes;
  const auto* found = find(object, {"scopes"});
  if (found == nullptr || !found->is_array()) return scopes;
  for (const auto& scope: *found) {
    if (scopes.size() == scopes_max) break;
    if (scope.is_string()) scopes.push_back(scope.get<std::string>());
  }
  return scopes;
}

ConnectionReport read_connection(const Json& object, const StatsLimits& limits) {
  ConnectionReport report;
  report.topic = text(object, {"topic"});
  report.can_read = flag(object, {"canRead", "can_read"});
  report.can_write = flag(object, {"canWrite", "can_write"});
  report.connected = text(object, {"connected", "connected_at", "connectedAt"});
  report.expires = text(object, {"expiresAt", "expires_at"});
  report.remote_address = text(object, {"remoteAddr", "remote_addr"});
  report.user_agent = text(object, {"userAgent", "user_agent"});
  report.media = text(object, {"media"});
  report.scopes = read_scopes(object, limits.scopes_max);
  report.dropped = count(object, {"dropped"}).value_or(0);
  report.waiting_bytes = count(object, {"waitingBytes", "waiting_bytes"}).value_or(0);
  if (const auto* stats = find(object, {"stats"}); stats != nullptr && stats->is_object()) {
    read_stats(*stats, "tx", report.sent);
    read_stats(*stats, "rx", report.delivered);
  }
  if (const auto* traffic = find(object, {"traffic"}); traffic != nullptr && traffic->is_object()) {
    read_traffic(*traffic, "tx", report.sent);
    read_traffic(*traffic, "rx", report.delivered);
  }
  return report;
}

// Numbers by cause: those that are not 0.
WampReport::Counts read_causes(const Json& object, const char* name) {
  WampReport::Counts causes;
  const auto* found = find(object, {name});
  if (found == nullptr || !found->is_object()) return causes;
  for (const auto& [cause, value]: found->items()) {
    if (causes.size() == causes_max) break;
    const auto number = count(*found, {cause.c_str()}).value_or(0);
    if (number > 0) causes.emplace_back(cause, number);
  }
  return causes;
}

std::uint64_t sum_of_causes(const Json& object, const char* name) {
  std::uint64_t sum = 0;
  for (const auto& [cause, number]: read_causes(object, name)) sum += number;
  return sum;
}

RealmReport read_realm(const Json& object) {
  RealmReport report;
  report.realm = text(object, {"realm"});
  report.sessions = count(object, {"sessions"}).value_or(0);
  report.subscriptions = count(object, {"subscriptions"}).value_or(0);
  report.registrations = count(object, {"registrations"}).value_or(0);
  report.calls_in_flight = count(object, {"calls_in_flight"}).value_or(0);
  report.calls_per_second = rate(object, {"calls_per_second"}).value_or(0);
  report.publications_per_second = rate(object, {"publications_per_second"}).value_or(0);
  report.events_per_second = rate(object, {"events_per_second"}).value_or(0);
  report.refused = count(object, {"logins_refused"}).value_or(0);
  for (const char* kind:
       {"calls_refused", "publications_refused", "subscriptions_refused", "registrations_refused"}) {
    report.refused += sum_of_causes(object, kind);
  }
  report.events_lost = sum_of_causes(object, "events_lost");
  return report;
}

WampReport read_wamp(const Json& object) {
  WampReport report;
  report.sessions = count(object, {"sessions"}).value_or(0);
  report.realms = count(object, {"realms"}).value_or(0);
  report.realms_left_out = count(object, {"realms_left_out"}).value_or(0);
  report.logins_refused = count(object, {"logins_refused"}).value_or(0);
  report.events_lost = read_causes(object, "events_lost");
  report.sessions_ended = read_causes(object, "sessions_ended");
  const auto* realms = find(object, {"by_realm"});
  if (realms == nullptr || !realms->is_array()) return report;
  for (const auto& realm: *realms) {
    if (report.by_realm.size() == realms_shown_max) break;
    if (realm.is_object()) report.by_realm.push_back(read_realm(realm));
  }
  return report;
}

// A number of nanoseconds for each unit of Go's.
std::optional<double> take_unit(std::string_view& text) {
  struct Unit {
    std::string_view name;
    double nanoseconds;
  };
  // Those that begin with another one's name stand before it.
  static constexpr std::array<Unit, 8> units{{{"ns", 1},
                                              {"us", 1e3},
                                              {"\xc2\xb5s", 1e3},  // micro sign
                                              {"\xce\xbcs", 1e3},  // Greek mu
                                              {"ms", 1e6},
                                              {"s", 1e9},
                                              {"m", 60e9},
                                              {"h", 3600e9}}};
  for (const auto& unit: units) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return unit.nanoseconds;
  }
  return std::nullopt;
}

// Digits with at most one point, no sign and no exponent.
std::optional<double> take_decimal(std::string_view& text) {
  const auto end = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto digits = text.substr(0, end);
  double value = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || rest != digits.data() + digits.size()) return std::nullopt;
  text.remove_prefix(end);
  return value;
}

// Exactly `digits` digits, then `behind` unless that is 0.
std::optional<int> take_number(std::string_view& text, std::size_t digits, char behind = 0) {
  int value = 0;
  if (text.size() < digits + (behind != 0 ? 1 : 0)) return std::nullopt;
  for (const char c: text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  if (behind != 0 && text[digits] != behind) return std::nullopt;
  text.remove_prefix(digits + (behind != 0 ? 1 : 0));
  return value;
}

// ".25": further digits than nanoseconds have are left out.
std::optional<Duration> take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return Duration::zero();
  text.remove_prefix(1);
  std::int64_t nanoseconds = 0, worth = 100'000'000;
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  if (end == 0) return std::nullopt;
  for (const char c: text.substr(0, end)) {
    nanoseconds += (c - '0') * worth;
    worth /= 10;
  }
  text.remove_prefix(end);
  return Duration(nanoseconds);
}

// "Z", "+01:00"; what is to be taken from the local time.
std::optional<Duration> take_offset(std::string_view text) {
  if (text == "Z" || text == "z") return Duration::zero();
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int sign = text[0] == '+' ? 1 : -1;
  text.remove_prefix(1);
  const auto hours = take_number(text, 2, ':');
  const auto minutes = hours ? take_number(text, 2) : std::nullopt;
  if (!minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (std::chrono::hours(*hours) + std::chrono::minutes(*minutes));
}

}  // namespace

Result<StatsReport, std::string> parse_stats_report(std::string_view json, const StatsLimits& limits) {
  if (json.size() > limits.bytes_max)
    return fail(fmt::format("the report is longer than {} bytes", limits.bytes_max));
  const auto array = Json::parse(json, nullptr, false);
  if (array.is_discarded()) return fail(std::string("the report is not JSON"));
  if (!array.is_array()) return fail(std::string("the report is not a list of connections"));
  if (array.size() > limits.connections_max)
    return fail(fmt::format("the report lists more than {} connections", limits.connections_max));
  StatsReport report;
  report.connections.reserve(array.size());
  for (const auto& object: array) {
    if (!object.is_object()) return fail(std::string("the report lists something that is no connection"));
    report.connections.push_back(read_connection(object, limits));
    const auto* wamp = find(object, {"wamp"});
    if (wamp != nullptr && wamp->is_object() && !report.wamp) report.wamp = read_wamp(*wamp);
  }
  return report;
}

std::optional<Duration> parse_go_duration(std::string_view text) {
  constexpr double most = 9.2e18;  // nanoseconds: 292 years
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return Duration::zero();
  if (text.empty()) return std::nullopt;
  double nanoseconds = 0;
  while (!text.empty()) {
    const auto number = take_decimal(text);
    const auto unit = number ? take_unit(text) : std::nullopt;
    if (!unit) return std::nullopt;
    nanoseconds += *number * *unit;
    if (!(nanoseconds < most)) return std::nullopt;
  }
  return Duration(std::llround(negative ? -nanoseconds : nanoseconds));
}

std::optional<WallTime> parse_time(std::string_view text) {
  const auto year = take_number(text, 4, '-');
  const auto month = year ? take_number(text, 2, '-') : std::nullopt;
  const auto day = month ? take_number(text, 2) : std::nullopt;
  if (!day || text.empty() || (text[0] != 'T' && text[0] != 't' && text[0] != ' ')) return std::nullopt;
  text.remove_prefix(1);
  const auto hour = take_number(text, 2, ':');
  const auto minute = hour ? take_number(text, 2, ':') : std::nullopt;
  const auto second = minute ? take_number(text, 2) : std::nullopt;
  const auto fraction = second ? take_fraction(text) : std::nullopt;
  const auto offset = fraction ? take_offset(text) : std::nullopt;
  if (!offset || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  // What 64 bits of nanoseconds can say.
  if (!date.ok() || *year < 1678 || *year > 2261) return std::nullopt;
  return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second) + *fraction - *offset;
}

}  // namespace crosspoint::client
