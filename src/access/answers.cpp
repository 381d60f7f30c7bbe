#include "access/answers.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "access/time_text.h"

namespace crosspoint::access {
namespace {

using nlohmann::ordered_json;

// What a stranger sent may hold bytes that are not UTF-8; they are shown as U+FFFD.
std::string dumped(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

http::Response from_framework(int status, int code, std::string_view message) {
  return http::json_response(status, dumped({{"code", code}, {"message", message}}));
}

http::Response as_bare_text(std::string_view text) { return http::json_response(401, dumped(text) + "\n"); }

}  // namespace

http::Response path_not_found(std::string_view path) {
  return from_framework(404, 404, fmt::format("path {} was not found", path));
}

http::Response method_not_allowed(std::string_view method, std::string_view allowed) {
  auto response =
      from_framework(405, 405, fmt::format("method {} is not allowed, but [{}] are", method, allowed));
  response.fields.add("Allow", allowed);
  return response;
}

http::Response no_credentials() {
  return from_framework(401, 401, "unauthenticated for invalid credentials");
}

http::Response token_refused(token::Refusal refusal, BadTokenStatus status) {
  if (status == BadTokenStatus::internal_error_500) return from_framework(500, 500, "token invalid");
  return operation_failed(401, fmt::format("token invalid: {}", token::to_sentence(refusal)));
}

http::Response wrong_audience(std::string_view audience, std::string_view own, BadTokenStatus status) {
  const auto message = fmt::format("aud [{}] does not match this host {}", audience, own);
  if (status == BadTokenStatus::internal_error_500) return from_framework(500, 500, message);
  return operation_failed(401, message);
}

http::Response unsupported_media_type(std::string_view type) {
  return from_framework(
      415, 415, fmt::format("unsupported media type \"{}\", only [application/json] are allowed", type));
}

http::Response not_acceptable() {
  return from_framework(406, 406, "unsupported media type requested, only [application/json] are available");
}

http::Response parameter_required(std::string_view name) {
  return from_framework(422, 602, fmt::format("{} in query is required", name));
}

http::Response parameter_not_integer(std::string_view name, std::string_view value) {
  return from_framework(422, 601, fmt::format("{} in query must be of type int64: \"{}\"", name, value));
}

http::Response session_opened(std::string_view uri) {
  return http::json_response(200, fmt::format("{{\"uri\":{}}}\n", dumped(uri)));
}

http::Response answer_to(IssueRefusal refusal) {
  switch (refusal) {
    case IssueRefusal::missing_claims: return as_bare_text("Token Missing Required Claims");
    case IssueRefusal::other_topic: return as_bare_text("Token Wrong Topic");
    case IssueRefusal::other_connection:
      return operation_failed(400, "the token's connection type (prefix) must be session");
    case IssueRefusal::no_booking: return operation_failed(400, "empty bookingID field is not permitted");
    case IssueRefusal::denied:
      return operation_failed(400,
                              "bookingID has been deny-listed, probably because the session was cancelled");
    case IssueRefusal::no_direction:
      return operation_failed(400, "the token's scopes name neither read nor write");
    case IssueRefusal::too_many_codes:
      return operation_failed(429, "too many codes of this booking are waiting to be used; use those first");
    case IssueRefusal::full:
      return operation_failed(503, "too many codes are waiting to be used; try again in half a minute");
  }
  return http::text_response(500, {});
}

http::Response session_extended(WallTime expires, std::size_t connections) {
  return http::json_response(
      200, dumped({{"expires_at", utc_text(expires)}, {"connections", connections}}) + "\n");
}

http::Response operation_failed(int status, std::string_view message) {
  return http::json_response(status, dumped({{"code", std::to_string(status)}, {"message", message}}) + "\n");
}

std::vector<std::string> in_order(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

http::Response booking_ids(std::vector<std::string> ids) {
  return http::json_response(200, dumped({{"booking_ids", in_order(std::move(ids))}}) + "\n");
}

http::Response done() {
  http::Response response;
  response.status = 204;
  return response;
}

}  // namespace crosspoint::access
