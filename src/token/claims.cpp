#include "token/claims.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "token/compact.h"
#include "token/strict_json.h"

namespace crosspoint::token {
namespace {

using Kind = JsonValue::Kind;

// The claim of this name, unless it is null.
const JsonValue* find_claim(const JsonValue& claims, std::string_view name) {
  const auto* value = claims.find(name);
  return value == nullptr || value->is(Kind::null) ? nullptr : value;
}

bool read_text(const JsonValue& claims, std::string_view name, std::string& out) {
  const auto* value = find_claim(claims, name);
  if (value == nullptr) return true;
  out = value->text;
  return value->is(Kind::text);
}

void read_if_text(const JsonValue& claims, std::string_view name, std::string& out) {
  if (const auto* value = find_claim(claims, name)) out = value->text;
}

bool read_texts(const JsonValue* value, std::vector<std::string>& out) {
  if (value == nullptr) return true;
  if (!value->is(Kind::list)) return false;
  for (const auto& item: value->items) {
    if (!item.is(Kind::text)) return false;
    out.push_back(item.text);
  }
  return true;
}

bool read_audience(const JsonValue& claims, ClaimForms forms, std::vector<std::string>& out) {
  const auto* value = find_claim(claims, "aud");
  if (value != nullptr && value->is(Kind::text)) {
    out.push_back(value->text);
    return true;
  }
  return (value == nullptr || forms.audience_list) && read_texts(value, out);
}

std::optional<double> seconds_in(const JsonValue& value, ClaimForms forms) {
  if (value.is(Kind::number)) return value.number;
  if (!value.is(Kind::text) || !forms.quoted_dates || value.text.empty()) return std::nullopt;
  std::uint64_t number = 0;
  const char* const end = value.text.data() + value.text.size();
  const auto [stopped, error] = std::from_chars(value.text.data(), end, number);
  if (stopped != end || error != std::errc{}) return std::nullopt;
  return static_cast<double>(number);
}

bool read_date(const JsonValue& claims, std::string_view name, ClaimForms forms,
               std::optional<WallTime>& out) {
  const auto* value = claims.find(name);
  if (value == nullptr) return true;
  const auto seconds = seconds_in(*value, forms);
  constexpr auto latest = std::chrono::duration<double>(latest_date.time_since_epoch()).count();
  // Written so that what compares with nothing (NaN) is refused as well.
  if (!seconds || !(*seconds >= 0 && *seconds <= latest)) return false;
  out = WallTime{std::chrono::seconds{static_cast<std::int64_t>(*seconds)}};
  return true;
}

std::int64_t seconds_of(WallTime at) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

}  // namespace

bool Claims::has_scope(std::string_view scope) const {
  return std::ranges::find(scopes, scope) != scopes.end();
}

Result<Claims, Refusal> read_claims(std::string_view json, ClaimForms forms) {
  const auto object = read_json_object(json);
  if (!object) return fail(refusal_of(object.error()));
  Claims claims;
  const bool good =
      read_text(*object, "booking_id", claims.booking_id) && read_text(*object, "topic", claims.topic) &&
      read_text(*object, "prefix", claims.prefix) &&
      read_texts(find_claim(*object, "scopes"), claims.scopes) &&
      read_audience(*object, forms, claims.audience) && read_date(*object, "exp", forms, claims.expires) &&
      read_date(*object, "nbf", forms, claims.not_before) && read_date(*object, "iat", forms, claims.issued);
  if (!good) return fail(Refusal::bad_claims);
  read_if_text(*object, "sub", claims.subject);
  read_if_text(*object, "iss", claims.issuer);
  read_if_text(*object, "jti", claims.token_id);
  return claims;
}

std::string write_claims(const Claims& claims) {
  nlohmann::ordered_json json{
      {"booking_id", claims.booking_id}, {"topic", claims.topic}, {"prefix", claims.prefix}};
  json["scopes"] = claims.scopes;
  if (!claims.issuer.empty()) json["iss"] = claims.issuer;
  if (!claims.subject.empty()) json["sub"] = claims.subject;
  if (!claims.audience.empty()) json["aud"] = claims.audience;
  if (claims.expires) json["exp"] = seconds_of(*claims.expires);
  if (claims.not_before) json["nbf"] = seconds_of(*claims.not_before);
  if (claims.issued) json["iat"] = seconds_of(*claims.issued);
  if (!claims.token_id.empty()) json["jti"] = claims.token_id;
  auto text = json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  // Outside of texts these do not occur.
  replace_all(text, "<", "\\u003c");
  replace_all(text, ">", "\\u003e");
  replace_all(text, "&", "\\u0026");
  replace_all(text, "\u2028", "\\u2028");
  replace_all(text, "\u2029", "\\u2029");
  return text;
}

}  // namespace crosspoint::token
