#pragma once
// Sessions that came in by a relay's token: they go when the token has expired, or when its booking is
// cancelled. Whose they are and when they end; who ends them asks.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "wamp/auth/token_grant.h"
#include "wamp/ids.h"

namespace crosspoint::wamp::auth {

class TokenSessions {
 public:
  // Once for each session.
  void add(SessionId session, const TokenGrant& grant);
  void forget(SessionId session);

  std::vector<SessionId> of_booking(std::string_view booking) const;
  std::optional<WallTime> next_expiry() const;
  std::vector<SessionId> expired(WallTime now) const;

  std::size_t size() const { return grants_.size(); }

 private:
  struct Kept {
    std::string booking;
    std::optional<WallTime> expires;
  };
  std::map<SessionId, Kept> grants_;
  std::map<std::string, std::set<SessionId>, std::less<>> bookings_;
  std::set<std::pair<WallTime, SessionId>> expiries_;
};

}  // namespace crosspoint::wamp::auth
