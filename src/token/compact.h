#pragma once
// The outside of a token: JWS compact serialization (RFC 7515 section 3.1), that is three parts in base64url
// with dots between them,
//
//   eyJhbGciOiJIUzI1NiJ9 . eyJleHAiOjQxMDI0NDQ4MDB9 . NDWn0ex-tUld95Hxv0T-4MGB4XlWXsWjh-UnA0N6yEM
//   header, JSON           claims, JSON               signature of the first two parts and their dot
//
// and the header's members that decide what happens next. Nothing here has been verified: see verifier.h.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "token/refusal.h"
#include "token/strict_json.h"

namespace crosspoint::token {

inline constexpr std::size_t token_bytes_max = 8 * 1024;

// Views into the token; still base64url.
struct CompactParts {
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
  std::string_view signed_text;  // header, dot and claims: what the signature is for
};

// wrong_parts, too_long.
Result<CompactParts, Refusal> split_compact(std::string_view token);

// The text of a part: malformed, when it is not strict base64url.
Result<std::string, Refusal> decode_part(std::string_view part);

Refusal refusal_of(JsonError error);

struct Header {
  std::string algorithm;  // "HS256"; whatever the token says; empty when it says nothing or no text
  std::optional<std::string> key_id;  // `kid`
};

// The header of a token whose first part this is. Refused here: what is not one object of JSON, members that
// change what a signature means (`crit`, `b64`: critical_header), members that bring or fetch a key (`jwk`,
// `jku`, `x5c`, `x5u`: brings_key), a `typ` other than JWT (wrong_type), a `kid` that is no text. Every other
// member is ignored (RFC 7515 section 4).
Result<Header, Refusal> read_header(std::string_view part);

}  // namespace crosspoint::token
