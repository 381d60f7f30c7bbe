#include "host/rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "host/name.h"
#include "http/message.h"

namespace crosspoint::host {
namespace {

using Json = nlohmann::ordered_json;
using Refused = std::unexpected<std::string>;

// Their place in a path is taken by the commands that concern every rule.
bool is_reserved(std::string_view name) { return name == "all" || name == "deleteAll"; }

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Result<Json, std::string> parse_object(std::string_view text) {
  auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return fail(std::string("the body is not JSON"));
  if (!json.is_object()) return fail(std::string("the body is not a JSON object"));
  return json;
}

// The last field of that name, in whatever case it was written. Null counts as absent.
const Json* find_field(const Json& object, std::string_view name) {
  const Json* found = nullptr;
  for (const auto& [key, value]: object.items())
    if (http::equal_ignoring_case(key, name)) found = value.is_null() ? nullptr : &value;
  return found;
}

Result<std::string, std::string> take_string(const Json& object, std::string_view name) {
  const auto* field = find_field(object, name);
  if (field == nullptr) return std::string();
  if (!field->is_string()) return fail(fmt::format("\"{}\" must be a string", name));
  return field->get<std::string>();
}

// A string that must be there, stay within `bytes_max`, and not be one of the reserved words.
Result<std::string, std::string> take_name(const Json& object, std::string_view name, std::size_t bytes_max) {
  auto text = take_string(object, name);
  if (!text) return text;
  if (text->empty() || *text == "/") return fail(fmt::format("\"{}\" is missing or empty", name));
  if (text->size() > bytes_max) return fail(fmt::format("\"{}\" is longer than {} bytes", name, bytes_max));
  return std::string(without_leading_slash(*text));
}

Result<std::optional<std::vector<std::string>>, std::string> take_feeds(const Json& object,
                                                                        const RuleLimits& limits) {
  const auto* field = find_field(object, "feeds");
  if (field == nullptr) return std::nullopt;
  if (!field->is_array()) return fail(std::string("\"feeds\" must be an array of strings"));
  if (field->size() > limits.feeds_max)
    return fail(fmt::format("\"feeds\" lists more than {} feeds", limits.feeds_max));
  std::vector<std::string> feeds;
  for (const auto& element: *field) {
    if (!element.is_string()) return fail(std::string("\"feeds\" must be an array of strings"));
    const auto& text = element.get_ref<const std::string&>();
    if (text.size() > limits.name_bytes_max)
      return fail(fmt::format("a feed's name is longer than {} bytes", limits.name_bytes_max));
    std::string feed(without_leading_slash(text));
    if (std::ranges::find(feeds, feed) == feeds.end()) feeds.push_back(std::move(feed));
  }
  return feeds;
}

Json json_of(const std::optional<std::vector<std::string>>& feeds) {
  return feeds ? Json(*feeds) : Json(nullptr);
}

Json json_of(const DestinationRule& rule) {
  return {{"id", rule.id}, {"stream", rule.stream}, {"destination", rule.destination}};
}

template <class Rule>
bool put_into(Rules::Table<Rule>& table, std::string key, Rule rule, std::size_t rules_max) {
  if (table.size() >= rules_max && !table.contains(key)) return false;
  table.insert_or_assign(std::move(key), std::move(rule));
  return true;
}

}  // namespace

Result<StreamRule, std::string> parse_stream_rule(std::string_view text, const RuleLimits& limits) {
  const auto json = parse_object(text);
  if (!json) return Refused(json.error());
  auto stream = take_name(*json, "stream", limits.name_bytes_max);
  if (!stream) return Refused(stream.error());
  if (is_reserved(*stream)) return fail(fmt::format("\"{}\" is reserved and cannot name a stream", *stream));
  auto feeds = take_feeds(*json, limits);
  if (!feeds) return Refused(feeds.error());
  return StreamRule{std::move(*stream), std::move(*feeds)};
}

Result<DestinationRule, std::string> parse_destination_rule(std::string_view text, const RuleLimits& limits) {
  const auto json = parse_object(text);
  if (!json) return Refused(json.error());
  auto id = take_string(*json, "id");
  if (!id) return Refused(id.error());
  if (id->empty()) return fail(std::string("\"id\" is missing or empty"));
  if (id->size() > limits.name_bytes_max)
    return fail(fmt::format("\"id\" is longer than {} bytes", limits.name_bytes_max));
  if (is_reserved(*id)) return fail(fmt::format("\"{}\" is reserved and cannot be an id", *id));
  auto stream = take_name(*json, "stream", limits.name_bytes_max);
  if (!stream) return Refused(stream.error());
  auto destination = take_string(*json, "destination");
  if (!destination) return Refused(destination.error());
  if (destination->size() > limits.url_bytes_max)
    return fail(fmt::format("\"destination\" is longer than {} bytes", limits.url_bytes_max));
  const auto url = http::parse_url(*destination);
  if (!url) return fail(fmt::format("\"destination\": {}", url.error()));
  if (url->scheme != "ws" && url->scheme != "wss")
    return fail(std::string("\"destination\" must begin with ws:// or wss://"));
  const auto token = take_string(*json, "token");
  if (!token) return Refused(token.error());
  if (!token->empty()) return fail(std::string("this agent cannot present a token to a relay"));
  return DestinationRule{std::move(*id), std::move(*stream), std::move(*destination)};
}

std::string to_json(const StreamRule& rule) {
  return dump({{"stream", rule.stream}, {"feeds", json_of(rule.feeds)}});
}
std::string to_json(const DestinationRule& rule) { return dump(json_of(rule)); }
std::string to_json(std::string_view text) { return dump(Json(text)); }
std::string to_json(const std::optional<std::vector<std::string>>& feeds) { return dump(json_of(feeds)); }

bool Rules::put(StreamRule rule) {
  auto key = rule.stream;
  return put_into(streams_, std::move(key), std::move(rule), limits_.rules_max);
}

bool Rules::put(DestinationRule rule) {
  auto key = rule.id;
  return put_into(destinations_, std::move(key), std::move(rule), limits_.rules_max);
}

std::string Rules::streams_json() const {
  auto all = Json::object();
  for (const auto& [name, rule]: streams_) all[name] = json_of(rule.feeds);
  return dump(all);
}

std::string Rules::destinations_json() const {
  auto all = Json::object();
  for (const auto& [id, rule]: destinations_) all[id] = json_of(rule);
  return dump(all);
}

}  // namespace crosspoint::host
