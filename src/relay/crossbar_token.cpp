#include "relay/crossbar_token.h"

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "crypto/base64.h"
#include "crypto/constant_time.h"
#include "crypto/hmac.h"

namespace crosspoint::relay {
namespace {

using nlohmann::json;

constexpr std::string_view malformed = "Error reading token token contains an invalid number of segments";
constexpr std::string_view bad_signature = "Error reading token signature is invalid";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(space);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::optional<std::array<std::string_view, 3>> split(std::string_view token) {
  const auto first = token.find('.');
  if (first == token.npos) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return std::nullopt;
  return std::array{token.substr(0, first), token.substr(first + 1, second - first - 1),
                    token.substr(second + 1)};
}

// A JSON object from base64url, no member twice (two readers could take different ones), not nested deep.
std::optional<json> read_object(std::string_view encoded) {
  const auto bytes = crypto::decode_base64(crypto::Base64::url, encoded);
  if (!bytes) return std::nullopt;
  std::vector<std::vector<std::string>> keys;
  bool acceptable = true;
  const auto look = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > 8) acceptable = false;
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end && !keys.empty()) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.empty()) {
      auto name = parsed.get<std::string>();
      for (const auto& known: keys.back()) acceptable = acceptable && known != name;
      keys.back().push_back(std::move(name));
    }
    return acceptable;
  };
  auto object = json::parse(as_text(*bytes), look, false);
  if (!acceptable || object.is_discarded() || !object.is_object()) return std::nullopt;
  return object;
}

bool signed_with(std::string_view secret, std::string_view algorithm, std::string_view message,
                 std::string_view encoded_signature) {
  const auto signature = crypto::decode_base64(crypto::Base64::url, encoded_signature);
  if (!signature) return false;
  const auto key = as_bytes(secret);
  const auto text = as_bytes(message);
  if (algorithm == "HS256") return crypto::equal_in_constant_time(crypto::hmac_sha256(key, text), *signature);
  if (algorithm == "HS384") return crypto::equal_in_constant_time(crypto::hmac_sha384(key, text), *signature);
  return crypto::equal_in_constant_time(crypto::hmac_sha512(key, text), *signature);
}

// A NumericDate: seconds since 1970, possibly with a fraction. Numbers that no clock shows are refused.
enum class DateState { absent, wrong, present };
struct Date {
  DateState state = DateState::absent;
  WallTime at{};
};
Date read_date(const json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end()) return {};
  if (!found->is_number()) return {DateState::wrong, {}};
  const double seconds = found->get<double>();
  constexpr double furthest = 9'000'000'000.0;  // the year 2255; Duration counts nanoseconds in 64 bits
  if (!std::isfinite(seconds) || seconds < 0 || seconds > furthest) return {DateState::wrong, {}};
  return {DateState::present, WallTime{std::chrono::nanoseconds{static_cast<std::int64_t>(seconds * 1e9)}}};
}

}  // namespace

Result<CrossbarGrant, std::string> check_crossbar_token(std::string_view token, std::string_view secret,
                                                        std::string_view audience_prefix,
                                                        std::string_view route, WallTime now) {
  token = trimmed(token);
  const auto parts = split(token);
  if (!parts || token.size() > crossbar_token_bytes_max) return fail(std::string(malformed));
  const auto& [header_part, claims_part, signature_part] = *parts;

  const auto header = read_object(header_part);
  const auto claims = read_object(claims_part);
  if (!header || !claims) return fail(std::string("Error reading token the token cannot be read"));

  const auto algorithm = header->find("alg");
  const std::string name =
      algorithm != header->end() && algorithm->is_string() ? algorithm->get<std::string>() : "";
  if (name != "HS256" && name != "HS384" && name != "HS512") {
    const bool plain =
        name.size() < 16 &&
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == name.npos;
    return fail(fmt::format("Error reading token Unexpected signing method: {}", plain ? name : "?"));
  }
  const auto message = token.substr(0, header_part.size() + 1 + claims_part.size());
  if (!signed_with(secret, name, message, signature_part)) return fail(std::string(bad_signature));

  const auto expires = read_date(*claims, "exp");
  const auto not_before = read_date(*claims, "nbf");
  const auto issued = read_date(*claims, "iat");
  for (const auto& date: {expires, not_before, issued}) {
    if (date.state == DateState::wrong)
      return fail(std::string("Error reading token a date in the token is not a date"));
  }
  if (expires.state == DateState::present && now >= expires.at) {
    return fail(std::string("Error reading token Token is expired"));
  }
  if (issued.state == DateState::present && now < issued.at) {
    return fail(std::string("Error reading token Token used before issued"));
  }
  if (not_before.state == DateState::present && now < not_before.at) {
    return fail(std::string("Error reading token Token is not valid yet"));
  }

  const auto audience = claims->find("aud");
  const std::string wanted = std::string(audience_prefix) + std::string(route);
  if (audience == claims->end() || !audience->is_string() || audience->get<std::string>() != wanted) {
    const auto shown = audience != claims->end() && audience->is_string() ? audience->get<std::string>() : "";
    return fail(fmt::format("Denied - not permitted to access {} with token for {}", route, shown));
  }
  return CrossbarGrant{.expires = expires.state == DateState::present ? expires.at : now};
}

std::string crossbar_answer(std::string_view route, std::string_view token, bool authorised,
                            std::string_view reason) {
  const nlohmann::ordered_json answer{
      {"topic", route}, {"token", token}, {"authorised", authorised}, {"reason", reason}};
  return answer.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace crosspoint::relay
