#include "relay/crossbar_token.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "token/compact.h"
#include "token/verifier.h"

namespace crosspoint::relay {
namespace {

using token::Refusal;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(space);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

// What the token calls its algorithm, when that is fit to be shown.
std::string algorithm_named_by(std::string_view text) {
  const auto parts = token::split_compact(text);
  const auto header = parts ? token::read_header(parts->header) : fail(parts.error());
  if (!header) return "?";
  const auto& name = header->algorithm;
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  return name.size() < 16 && name.find_first_not_of(plain) == name.npos ? name : "?";
}

std::string_view words_for(Refusal refusal) {
  switch (refusal) {
    case Refusal::too_long:
    case Refusal::wrong_parts: return "token contains an invalid number of segments";
    case Refusal::unsupported_algorithm: return "Unexpected signing method: ";
    case Refusal::unknown_key:
    case Refusal::bad_signature: return "signature is invalid";
    case Refusal::expired: return "Token is expired";
    case Refusal::issued_in_future: return "Token used before issued";
    case Refusal::not_yet_valid: return "Token is not valid yet";
    case Refusal::malformed:
    case Refusal::duplicate_member:
    case Refusal::critical_header:
    case Refusal::brings_key:
    case Refusal::wrong_type:
    case Refusal::bad_claims:
    case Refusal::no_expiry:
    case Refusal::lifetime_too_long:
    case Refusal::wrong_issuer:
    case Refusal::wrong_audience: break;
  }
  return token::to_sentence(refusal);
}

}  // namespace

Result<CrossbarGrant, std::string> check_crossbar_token(std::string_view token, std::string_view secret,
                                                        std::string_view audience_prefix,
                                                        std::string_view route, WallTime now) {
  token = trimmed(token);
  // The old relay took a secret of any length.
  auto keys = token::KeySet::from_secret(secret, token::hmac_algorithms, 1);
  if (!keys) return fail(fmt::format("Error reading token {}", keys.error()));
  const token::Verifier verifier(std::move(*keys),
                                 {.audience = std::string(audience_prefix) + std::string(route),
                                  .expiry = token::Expiry::optional,
                                  .forms = {.quoted_dates = false, .audience_list = false}});

  const auto claims = verifier.authenticate(token, now);
  if (!claims) {
    const bool algorithm = claims.error() == Refusal::unsupported_algorithm;
    return fail(fmt::format("Error reading token {}{}", words_for(claims.error()),
                            algorithm ? algorithm_named_by(token) : ""));
  }
  // An audience of none is not one that asks for none: with an empty prefix and route it would be.
  if (claims->audience.empty() || !verifier.is_for_us(*claims)) {
    return fail(fmt::format("Denied - not permitted to access {} with token for {}", route,
                            token::joined_audience(*claims)));
  }
  return CrossbarGrant{.expires = claims->expires.value_or(now)};
}

std::string crossbar_answer(std::string_view route, std::string_view token, bool authorised,
                            std::string_view reason) {
  const nlohmann::ordered_json answer{
      {"topic", route}, {"token", token}, {"authorised", authorised}, {"reason", reason}};
  return answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace crosspoint::relay
