#pragma once
// Why a token is refused: one value, one cause.

#include <string_view>

namespace crosspoint::token {

enum class Refusal {
  too_long,               // more than token_bytes_max; not looked into
  wrong_parts,            // not three parts with two dots between them
  malformed,              // a part is not strict base64url, or not one object of JSON, or nested too deep
  duplicate_member,       // a member twice in one object of header or claims
  critical_header,        // `crit` or `b64`: extensions, of which none is understood here
  brings_key,             // `jwk`, `jku`, `x5c`, `x5u`: keys come from the configuration alone
  wrong_type,             // `typ` says that this is something else than a JWT
  unsupported_algorithm,  // `alg` is missing, no name, or none that the configuration allows
  unknown_key,            // no key with this `kid` is for this `alg`
  bad_signature,
  bad_claims,  // signed, but a claim has the wrong type, or a date is none
  no_expiry,   // `exp` is missing, where it is required
  expired,
  not_yet_valid,      // `nbf` is to come
  issued_in_future,   // `iat` is to come
  lifetime_too_long,  // valid for longer than the configuration lets any token be
  wrong_issuer,
  wrong_audience,  // genuine and current, but for somebody else
};
inline constexpr int refusal_count = static_cast<int>(Refusal::wrong_audience) + 1;

// "the token has expired". For logs and people; holds nothing of the token.
std::string_view to_sentence(Refusal refusal);

}  // namespace crosspoint::token
