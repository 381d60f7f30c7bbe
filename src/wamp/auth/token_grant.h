#pragma once
// What a relay's token opens in a realm: its topic becomes a place in the tree of URIs, its scopes what may
// be done there (docs/decisions/0020).
//
//   topic "rig01-st-data", prefix "lab.topic."  ->  "lab.topic.rig01-st-data" and all below it
//
//   scope       allows
//   read        subscribe
//   write       publish, call
//   register    register
//   call, publish, subscribe: each that action alone
//
// Other scopes mean nothing here.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "token/claims.h"
#include "wamp/auth/rule.h"

namespace crosspoint::wamp::auth {

enum class GrantError {
  no_topic,    // the token names none, or one that cannot be a component of a URI
  no_session,  // its connection type is another than "session"
  no_scopes,   // it allows nothing that WAMP knows
};

// What a token brought, kept with its session.
struct TokenGrant {
  std::string topic;
  Actions actions;
  std::string booking_id;           // may be on the deny list, now or later
  std::optional<WallTime> expires;  // then the session has to go

  // Where that is in a realm's tree of URIs.
  std::vector<Rule> rules(std::string_view uri_prefix) const;
};

Result<TokenGrant, GrantError> grant_from_token(const token::Claims& claims);

}  // namespace crosspoint::wamp::auth
