#include "access/request.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "access/answers.h"
#include "access/session_address.h"
#include "http/url.h"

namespace crosspoint::access {
namespace {

struct Path {
  std::string_view path;
  std::string_view allowed;  // its methods, as the Allow field names them
  std::optional<Operation> on_post;
  std::optional<Operation> on_get;
};

constexpr Path path_table[] = {
    {"/bids/deny", "POST,GET", Operation::deny, Operation::list_denied},
    {"/bids/allow", "POST,GET", Operation::allow, Operation::list_allowed},
    {"/status", "GET", std::nullopt, Operation::status},
    {"/docs", "GET", std::nullopt, Operation::docs},
    {"/swagger.json", "GET", std::nullopt, Operation::document},
    {"/healthz", "GET", std::nullopt, Operation::health},
};

std::optional<Operation> session_operation(const AccessTarget& target) {
  if (target.action.empty()) return Operation::open_session;
  if (target.action == "refresh") return Operation::refresh_session;
  return std::nullopt;
}

bool is_json(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return http::equal_ignoring_case(type, "application/json");
}

bool accepts_json(const http::Fields& fields) {
  if (fields.count("Accept") == 0) return true;
  const auto ranges = fields.elements("Accept");
  return std::any_of(ranges.begin(), ranges.end(), [](std::string_view range) {
    const auto type = range.substr(0, range.find(';'));
    return is_json(type) || type == "*/*" || http::equal_ignoring_case(type, "application/*");
  });
}

// The last value of that name: the old relay's framework took that one.
std::optional<std::string> last_query_value(std::string_view query, std::string_view name) {
  std::optional<std::string> last;
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    if (const auto value = http::query_value(pair, name)) last = value;
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
  }
  return last;
}

}  // namespace

Result<AccessRequest, http::Response> route_request(std::string_view method, std::string_view target,
                                                    std::string_view path) {
  if (const auto session = parse_access_target(target)) {
    const auto operation = session_operation(*session);
    if (!operation) return fail(path_not_found(path));
    if (method != "POST") return fail(access::method_not_allowed(method, "POST"));
    return AccessRequest{*operation, session->topic};
  }
  auto wanted = target.substr(0, target.find('?'));
  if (wanted.size() > 1 && wanted.ends_with('/')) wanted.remove_suffix(1);
  const auto* row = std::find_if(std::begin(path_table), std::end(path_table),
                                 [&](const Path& known) { return known.path == wanted; });
  if (row == std::end(path_table)) return fail(path_not_found(path));
  const auto operation = method == "POST" ? row->on_post : method == "GET" ? row->on_get : std::nullopt;
  if (!operation) return fail(access::method_not_allowed(method, row->allowed));
  return AccessRequest{*operation, {}};
}

std::optional<std::string_view> presented_token(const http::Fields& fields) {
  auto token = fields.find("Authorization").value_or("");
  constexpr std::string_view scheme = "Bearer ";
  if (http::equal_ignoring_case(token.substr(0, scheme.size()), scheme)) token.remove_prefix(scheme.size());
  if (token.empty()) return std::nullopt;
  return token;
}

Result<void, http::Response> check_media_types(const http::Fields& fields, bool has_body) {
  if (has_body) {
    const auto type = fields.find("Content-Type").value_or("application/octet-stream");
    if (!is_json(type)) return fail(unsupported_media_type(type));
  }
  if (!accepts_json(fields)) return fail(not_acceptable());
  return {};
}

Result<BookingParameters, http::Response> parse_booking_parameters(std::string_view query) {
  const auto booking = last_query_value(query, "bid");
  if (!booking || booking->empty()) return fail(parameter_required("bid"));
  const auto text = last_query_value(query, "exp");
  if (!text || text->empty()) return fail(parameter_required("exp"));

  BookingParameters parameters{.booking = *booking};
  const char* begin = text->data() + (text->starts_with('+') ? 1 : 0);
  const char* end = text->data() + text->size();
  const auto [stopped, error] = std::from_chars(begin, end, parameters.seconds);
  if (error != std::errc() || stopped != end) return fail(parameter_not_integer("exp", *text));
  parameters.until = booking_end(parameters.seconds);
  return parameters;
}

WallTime booking_end(std::int64_t seconds) {
  constexpr std::int64_t furthest = 9'000'000'000;  // the year 2255; Duration counts nanoseconds in 64 bits
  return WallTime(std::chrono::seconds(std::clamp<std::int64_t>(seconds, -furthest, furthest)));
}

bool is_over(WallTime booking_end, WallTime now) {
  return booking_end < std::chrono::floor<std::chrono::seconds>(now);
}

Result<std::string, std::string> parse_refresh_body(std::string_view body) {
  if (body.empty()) return std::string();
  const auto parsed = nlohmann::json::parse(body, nullptr, false);
  if (!parsed.is_object()) return fail(std::string("the body must be a JSON object, or empty"));
  const auto connection = parsed.find("connection");
  if (connection == parsed.end()) return std::string();
  if (!connection->is_string()) {
    return fail(std::string("\"connection\" must be the code that opened the connection"));
  }
  return connection->get<std::string>();
}

}  // namespace crosspoint::access
