#include "wamp/auth/token_sessions.h"

namespace crosspoint::wamp::auth {

void TokenSessions::add(SessionId session, const TokenGrant& grant) {
  forget(session);
  grants_.emplace(session, Kept{grant.booking_id, grant.expires});
  if (!grant.booking_id.empty()) bookings_[grant.booking_id].insert(session);
  if (grant.expires) expiries_.emplace(*grant.expires, session);
}

void TokenSessions::forget(SessionId session) {
  const auto found = grants_.find(session);
  if (found == grants_.end()) return;
  const Kept& kept = found->second;
  if (const auto booking = bookings_.find(kept.booking); booking != bookings_.end()) {
    booking->second.erase(session);
    if (booking->second.empty()) bookings_.erase(booking);
  }
  if (kept.expires) expiries_.erase({*kept.expires, session});
  grants_.erase(found);
}

std::vector<SessionId> TokenSessions::of_booking(std::string_view booking) const {
  const auto found = bookings_.find(booking);
  if (found == bookings_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

std::optional<WallTime> TokenSessions::next_expiry() const {
  if (expiries_.empty()) return std::nullopt;
  return expiries_.begin()->first;
}

std::vector<SessionId> TokenSessions::expired(WallTime now) const {
  std::vector<SessionId> sessions;
  for (auto next = expiries_.begin(); next != expiries_.end() && next->first <= now; ++next) {
    sessions.push_back(next->second);
  }
  return sessions;
}

}  // namespace crosspoint::wamp::auth
