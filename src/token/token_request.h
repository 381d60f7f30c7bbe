#pragma once
// What somebody asks for who makes a token by hand, and the claims it comes to: the rules of the old relay's
// `relay token`.

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "token/claims.h"

namespace crosspoint::token {

// Where a lifetime begins: with whoever asks, or at `iat`, which is dated back, as the old program had it.
enum class LifetimeFrom : std::uint8_t { now, issue };

struct TokenRequest {
  std::string audience;  // required
  Duration lifetime{};   // required: 0 counts as not given
  LifetimeFrom lifetime_from = LifetimeFrom::now;
  std::string topic;  // required, unless `admin`
  std::string connection_type = "session";
  std::string booking_id = "relay-token-cli";
  bool read = true;
  bool write = true;
  bool admin = false;
  std::string other_scope;  // one more; not enough alone
};

enum class RequestError {
  no_audience,
  no_lifetime,
  no_topic,
  no_scopes,      // neither read, write nor admin
  too_far_ahead,  // would expire after the latest date a token can hold
};

// Issued and valid one second before `now`, for relays whose clocks are behind; whole seconds, and from now
// on no shorter than asked for. Scopes in the old order: relay:admin, write, read, the other one.
Result<Claims, RequestError> claims_for(const TokenRequest& request, WallTime now);

}  // namespace crosspoint::token
