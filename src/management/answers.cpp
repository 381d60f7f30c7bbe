#include "management/answers.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "access/time_text.h"
#include "base/audit.h"
#include "base/log.h"
#include "relay/connection_list.h"

namespace crosspoint::management {
namespace {

using data::Value;

// Names may hold bytes that are not UTF-8: paths and queries are where they come from. They are shown as
// U+FFFD.
std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string spelt(Value value) {
  const auto bytes = data::write_value(data::Format::json, Value(Value::Array{std::move(value)}));
  return crosspoint::to_string(Bytes(bytes));
}

std::string joined(std::span<const std::string> objects) {
  std::string text = "[[";
  for (const auto& object: objects) {
    if (text.size() > 2) text += ',';
    text += object;
  }
  return text + "]]";
}

double in_seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

std::string topics_answer(std::span<const relay::TopicReport> topics, const NamesPage& page) {
  const auto begin = page.after.empty()
                         ? topics.begin()
                         : std::ranges::upper_bound(topics, page.after, {}, &relay::TopicReport::topic);
  std::vector<std::string> objects;
  for (auto topic = begin; topic != topics.end() && objects.size() < page.limit; ++topic)
    objects.push_back(to_json(*topic));
  return joined(objects);
}

std::string clients_answer(std::vector<relay::ClientReport> clients, const ListClients& wanted,
                           relay::RateBook& rates, MonotonicTime now) {
  std::ranges::sort(clients, {}, &relay::ClientReport::id);
  std::vector<std::string> objects;
  for (const auto& client: clients) {
    const auto rate = rates.rates_of(client, now);
    const bool on_page = client.id > wanted.after && objects.size() < wanted.limit &&
                         (wanted.topic.empty() || client.topic == wanted.topic);
    if (on_page) objects.push_back(connection_object(client, relay::ListForm::management, rate, now));
  }
  rates.end_report();
  return joined(objects);
}

std::string client_answer(const relay::ClientReport& client, MonotonicTime now) {
  return "[" + connection_object(client, relay::ListForm::management, {}, now) + "]";
}

std::string names_answer(std::span<const std::string> names) {
  std::vector<std::string> texts;
  for (const auto& name: names) texts.push_back(json_text(name));
  return joined(texts);
}

std::string topic_event(std::string_view topic) { return "[{\"topic\":" + json_text(topic) + "}]"; }

std::string booking_event(std::string_view booking, WallTime until, const access::Actor& by) {
  return "[{\"booking\":" + json_text(booking) + ",\"until\":\"" + access::utc_text(until) +
         "\",\"by\":" + json_text(by.who) + ",\"from\":" + json_text(by.from) + "}]";
}

std::string left_out_event(const EventLimit::Counts& counts) {
  Value::Map map;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) map.emplace_back(topic_of(static_cast<EventKind>(i)), counts[i]);
  }
  return spelt(std::move(map));
}

std::string stats_answer(NodeNumbers numbers) {
  const auto& relay = numbers.relay;
  const auto& http = numbers.http;
  Value::Map clients{{"now", relay.clients}, {"ever", relay.clients_ever}, {"visitors", relay.visitors}};
  Value::Map topics{{"now", relay.topics}, {"refused", relay.topics_refused}};
  Value::Map received{{"messages", relay.messages_in}, {"bytes", relay.bytes_in}};
  Value::Map delivered{{"messages", relay.messages_out},
                       {"bytes", relay.bytes_out},
                       {"dropped", relay.dropped},
                       {"waiting_bytes", relay.waiting_bytes}};
  Value::Map requests{{"connections", http.connections}, {"accepted", http.accepted},
                      {"requests", http.requests},       {"refused", http.refused},
                      {"timed_out", http.timed_out},     {"dropped_waiting", http.dropped_waiting}};
  return spelt(Value::Map{{"uptime_seconds", in_seconds(numbers.uptime)},
                          {"loops", numbers.loops},
                          {"topics", std::move(topics)},
                          {"clients", std::move(clients)},
                          {"received", std::move(received)},
                          {"delivered", std::move(delivered)},
                          {"http", std::move(requests)},
                          {"wamp", std::move(numbers.wamp)},
                          {"events_left_out", numbers.events_left_out},
                          {"log_lines_dropped", log::lines_dropped()}});
}

access::Actor actor_of(const wamp::ResidentCaller& caller) {
  return {fmt::format("{} (role {}, session {})", log::quoted(caller.authid), log::quoted(caller.authrole),
                      number(caller.session)),
          caller.address};
}

}  // namespace crosspoint::management
