#include "token/token_request.h"

namespace crosspoint::token {

Result<Claims, RequestError> claims_for(const TokenRequest& request, WallTime now) {
  if (request.audience.empty()) return fail(RequestError::no_audience);
  if (request.lifetime <= Duration::zero()) return fail(RequestError::no_lifetime);
  if (!request.read && !request.write && !request.admin) return fail(RequestError::no_scopes);
  if (request.topic.empty() && !request.admin) return fail(RequestError::no_topic);

  const WallTime issued = std::chrono::floor<std::chrono::seconds>(now) - 1s;
  const WallTime begins =
      request.lifetime_from == LifetimeFrom::issue ? issued : std::chrono::ceil<std::chrono::seconds>(now);
  if (request.lifetime > latest_date - begins) return fail(RequestError::too_far_ahead);
  Claims claims{.booking_id = request.booking_id,
                .topic = request.topic,
                .prefix = request.connection_type,
                .audience = {request.audience},
                .expires = begins + request.lifetime,
                .not_before = issued,
                .issued = issued};
  if (request.admin) claims.scopes.emplace_back("relay:admin");
  if (request.write) claims.scopes.emplace_back("write");
  if (request.read) claims.scopes.emplace_back("read");
  if (!request.other_scope.empty()) claims.scopes.push_back(request.other_scope);
  return claims;
}

}  // namespace crosspoint::token
