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
  Json json{
      {"id", rule.id}, {"stream", rule.stream}, {"destination", client::mask_secrets(rule.destination)}};
  if (!rule.wants_token()) return json;
  json["token"] = rule.token.empty() ? "" : client::masked_secret;
  json["file"] = "";
  if (!rule.token_file.empty()) json["token_file"] = rule.token_file;
  return json;
}

// A whole number is taken for its digits: ids are often numbers, and shells write them as such.
Result<std::string, std::string> take_id(const Json& object, const RuleLimits& limits) {
  const auto* field = find_field(object, "id");
  auto id = field != nullptr && field->is_number_integer() ? dump(*field) : take_string(object, "id");
  if (!id) return id;
  if (id->empty()) return fail(std::string("\"id\" is missing or empty"));
  if (id->size() > limits.name_bytes_max)
    return fail(fmt::format("\"id\" is longer than {} bytes", limits.name_bytes_max));
  if (is_reserved(*id)) return fail(fmt::format("\"{}\" is reserved and cannot be an id", *id));
  return id;
}

// Is there a token, with which an access service would give an address?
enum class Access { possible, impossible };

Result<std::string, std::string> take_address(const Json& object, Access access, const RuleLimits& limits) {
  auto address = take_string(object, "destination");
  if (!address) return address;
  if (address->size() > limits.url_bytes_max)
    return fail(fmt::format("\"destination\" is longer than {} bytes", limits.url_bytes_max));
  const auto url = http::parse_url(*address);
  if (!url) return fail(fmt::format("\"destination\": {}", url.error()));
  if (client::has_masked_secret(*address))
    return fail(std::string(
        "\"destination\" holds ***, which stands for what is not shown; post the token or the code"));
  if (access == Access::impossible && url->scheme != "ws" && url->scheme != "wss")
    return fail(std::string("\"destination\" must begin with ws:// or wss://, unless there is a token"));
  return address;
}

// The error never repeats it.
Result<std::string, std::string> take_token(const Json& object, const RuleLimits& limits) {
  auto token = take_string(object, "token");
  if (!token || token->empty()) return token;
  if (*token == client::masked_secret)
    return fail(std::string("\"token\" is ***, which stands for a token that is not shown; post the token"));
  if (token->size() > limits.token_bytes_max)
    return fail(fmt::format("\"token\" is longer than {} bytes", limits.token_bytes_max));
  if (const auto checked = client::check_token(*token); !checked) return fail("\"token\" " + checked.error());
  return token;
}

// The name of a file in a directory that the operator chose, and of nothing else: whoever can reach this
// interface could otherwise have any file of the machine sent to an address of theirs.
Result<std::string, std::string> take_token_file(const Json& object) {
  constexpr std::size_t bytes_max = 255;
  auto name = take_string(object, "token_file");
  if (!name || name->empty()) return name;
  const bool plain = name->size() <= bytes_max && !name->starts_with('.') &&
                     std::ranges::all_of(*name, [](char c) { return c > 0x20 && c < 0x7f && c != '/'; });
  if (!plain)
    return fail(
        std::string("\"token_file\" must be the name of a file in the token directory, without a path"));
  return name;
}

Result<void, std::string> refuse_recording(const Json& object) {
  const auto file = take_string(object, "file");
  if (!file) return Refused(file.error());
  if (!file->empty())
    return fail(std::string("\"file\" asks for a recording, which this agent cannot make yet"));
  return {};
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
  auto id = take_id(*json, limits);
  if (!id) return Refused(id.error());
  auto stream = take_name(*json, "stream", limits.name_bytes_max);
  if (!stream) return Refused(stream.error());
  auto token = take_token(*json, limits);
  if (!token) return Refused(token.error());
  auto token_file = take_token_file(*json);
  if (!token_file) return Refused(token_file.error());
  if (!token->empty() && !token_file->empty())
    return fail(std::string("\"token\" and \"token_file\" exclude each other"));
  const bool has_token = !token->empty() || !token_file->empty();
  auto destination = take_address(*json, has_token ? Access::possible : Access::impossible, limits);
  if (!destination) return Refused(destination.error());
  if (const auto recording = refuse_recording(*json); !recording) return Refused(recording.error());
  return DestinationRule{std::move(*id), std::move(*stream), std::move(*destination), std::move(*token),
                         std::move(*token_file)};
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
