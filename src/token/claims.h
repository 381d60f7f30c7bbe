#pragma once
// The claims of a token as the relay uses them (RFC 7519 section 4.1, and four of the relay's own), read from
// JSON and written as it.
//
//   {"booking_id":"bk-7","topic":"rig01-st-data","prefix":"session","scopes":["read","write"],
//    "aud":["https://lab.example/access"],"exp":4102444800,"nbf":1699999999,"iat":1700000000}
//
// Reading keeps to what older programs took, so that every token in the field is still good:
//   - `aud` is a text or a list of texts;
//   - dates are seconds since 1970; a fraction is cut off, and a whole number may stand in quotes. Negative
//   ones, and those past the year
//     2255, are refused;
//   - null is the same as absent, except for a date;
//   - `sub`, `iss` and `jti` count when they are texts, and are ignored otherwise; so is every claim not
//   named here.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "token/refusal.h"

namespace crosspoint::token {

struct Claims {
  std::string booking_id;  // which booking this is for; empty: none
  std::string topic;
  std::string prefix;  // the connection type: "session"
  std::vector<std::string> scopes;
  std::vector<std::string> audience;
  std::optional<WallTime> expires;
  std::optional<WallTime> not_before;
  std::optional<WallTime> issued;
  std::string subject;
  std::string issuer;
  std::string token_id;

  bool has_scope(std::string_view scope) const;
  bool operator==(const Claims&) const = default;
};

// Which of the older programs' forms are taken.
struct ClaimForms {
  bool quoted_dates = true;   // "exp":"4102444800"
  bool audience_list = true;  // "aud":["…"]
};

// malformed, duplicate_member, bad_claims.
Result<Claims, Refusal> read_claims(std::string_view json, ClaimForms forms = {});

// Byte for byte what Go's tools write: the four of the relay always, then `iss`, `sub`, `aud` (a list),
// `exp`, `nbf`, `iat`, `jti`, where they are set; <, > and & as \u003c, \u003e and \u0026.
std::string write_claims(const Claims& claims);

// The latest date a claim can hold, and the earliest is 1970: times are nanoseconds in 64 bits.
inline constexpr WallTime latest_date{std::chrono::seconds{9'000'000'000}};

}  // namespace crosspoint::token
