#include "access/desk.h"

#include <utility>

#include "access/code.h"
#include "access/session_address.h"

namespace crosspoint::access {

Result<Grant, IssueRefusal> grant_of(const token::Claims& claims, std::string_view topic,
                                     bool allow_no_booking) {
  if (claims.topic.empty() || claims.prefix.empty() || claims.scopes.empty() || claims.audience.empty() ||
      !claims.expires || !claims.issued || !claims.not_before) {
    return fail(IssueRefusal::missing_claims);
  }
  if (claims.topic != topic) return fail(IssueRefusal::other_topic);
  if (claims.booking_id.empty() && !allow_no_booking) return fail(IssueRefusal::no_booking);
  if (claims.prefix != connection_type) return fail(IssueRefusal::other_connection);
  Grant grant{claims.topic, claims.booking_id, claims.scopes, *claims.expires};
  if (!grant.may_read() && !grant.may_write()) return fail(IssueRefusal::no_direction);
  return grant;
}

Desk::Desk(const Settings& settings, Random& random)
    : settings_(settings),
      random_(random),
      codes_(settings.codes),
      denied_(settings.bookings_max),
      allowed_(settings.bookings_max) {}

Result<std::string, IssueRefusal> Desk::issue(const token::Claims& claims, std::string_view topic,
                                              MonotonicTime now) {
  auto grant = grant_of(claims, topic, settings_.allow_no_booking);
  if (!grant) return fail(grant.error());
  if (denies(*grant)) return fail(IssueRefusal::denied);
  allowed_.put(grant->booking, grant->expires);

  std::string code = make_code(random_);
  const auto added = codes_.add(code, std::move(*grant), now);
  if (!added) {
    return fail(added.error() == CodeStore::Full::booking ? IssueRefusal::too_many_codes
                                                          : IssueRefusal::full);
  }
  return code;
}

Result<Grant, RedeemRefusal> Desk::redeem(std::string_view code, std::string_view topic, WallTime wall,
                                          MonotonicTime now) {
  auto grant = codes_.redeem(code, now);
  if (!grant) return fail(RedeemRefusal::unknown_code);
  if (grant->topic != topic) return fail(RedeemRefusal::other_topic);
  if (denies(*grant)) return fail(RedeemRefusal::denied);
  if (wall >= grant->expires) return fail(RedeemRefusal::expired);
  return std::move(*grant);
}

bool Desk::deny(std::string_view booking, WallTime until) {
  if (!denied_.put(booking, until)) return false;
  allowed_.erase(booking);
  codes_.forget_booking(booking);
  return true;
}

bool Desk::allow(std::string_view booking, WallTime until) {
  denied_.erase(booking);
  return allowed_.put(booking, until);
}

void Desk::prune(WallTime now) {
  denied_.prune(now);
  allowed_.prune(now);
}

}  // namespace crosspoint::access
