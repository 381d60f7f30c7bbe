#include "token/verifier.h"

#include <algorithm>

#include "base/base64.h"
#include "token/compact.h"

namespace crosspoint::token {

Result<Claims, Refusal> Verifier::verify(std::string_view token, WallTime now) const {
  auto claims = authenticate(token, now);
  if (claims && !is_for_us(*claims)) return fail(Refusal::wrong_audience);
  return claims;
}

Result<Claims, Refusal> Verifier::authenticate(std::string_view token, WallTime now) const {
  const auto parts = split_compact(token);
  if (!parts) return fail(parts.error());
  const auto header = read_header(parts->header);
  if (!header) return fail(header.error());
  const auto signature = decode_base64(Base64::url, parts->signature);
  if (!signature) return fail(Refusal::malformed);
  const auto refused =
      keys_.refuses(header->algorithm, header->key_id, as_bytes(parts->signed_text), *signature);
  if (refused) return fail(*refused);

  const auto text = decode_part(parts->claims);
  if (!text) return fail(text.error());
  auto claims = read_claims(*text, policy_.forms);
  if (!claims) return claims;
  if (const auto wrong = refuses_dates(*claims, now)) return fail(*wrong);
  if (policy_.issuer && claims->issuer != *policy_.issuer) return fail(Refusal::wrong_issuer);
  return claims;
}

std::optional<Refusal> Verifier::refuses_dates(const Claims& claims, WallTime now) const {
  if (claims.expires && now >= *claims.expires) return Refusal::expired;
  if (claims.issued && now + policy_.leeway < *claims.issued) return Refusal::issued_in_future;
  if (claims.not_before && now + policy_.leeway < *claims.not_before) return Refusal::not_yet_valid;
  if (!claims.expires) {
    return policy_.expiry == Expiry::required ? std::optional(Refusal::no_expiry) : std::nullopt;
  }
  const auto lifetime = *claims.expires - claims.issued.value_or(now);
  if (policy_.lifetime_max && lifetime > *policy_.lifetime_max + issue_slack) {
    return Refusal::lifetime_too_long;
  }
  return std::nullopt;
}

bool Verifier::is_for_us(const Claims& claims) const {
  return policy_.audience.empty() ||
         std::ranges::find(claims.audience, policy_.audience) != claims.audience.end();
}

std::string joined_audience(const Claims& claims) {
  std::string joined;
  for (const auto& value: claims.audience) {
    if (!joined.empty()) joined += ' ';
    joined += value;
  }
  return joined;
}

}  // namespace crosspoint::token
