#pragma once
// From the text of a token to its claims, or to the one reason why it is refused (RFC 7515, RFC 7519; RFC
// 8725 for what has gone wrong elsewhere). What may verify and what is demanded is configured; nothing in a
// token widens it.
//
//   const Verifier verifier(std::move(keys), {.audience = "https://lab.example/access"});
//   auto claims = verifier.verify(token, now);
//   if (!claims) return refuse(to_sentence(claims.error()));
//
// The order is: size and form, header, signature, claims, dates, issuer; then, in verify(), the audience.
// Nothing of the claims is read before the signature is known to be good. A caller whose answer to a wrong
// audience differs (the access service's does) takes authenticate() and is_for_us().
//
// Pure and immutable: the time is given, and every thread may use it.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "token/claims.h"
#include "token/key_set.h"
#include "token/refusal.h"

namespace crosspoint::token {

// Who signs dates `iat` back a second, for relays whose clocks are behind, and counts from the next whole
// second on (token_request.h): a token of the greatest lifetime is good all the same.
inline constexpr Duration issue_slack = 2s;

enum class Expiry { required, optional };

struct Policy {
  std::string audience;               // what `aud` must contain, exactly; empty: verify() asks for none
  std::optional<std::string> issuer;  // what `iss` must be
  // How far the clock of who signs may be ahead of ours: for `nbf` and `iat`. A token ends when `exp` says,
  // and not a moment later.
  Duration leeway{};
  // From `iat`, or from now when there is none, to `exp`; issue_slack more is let pass.
  std::optional<Duration> lifetime_max;
  Expiry expiry = Expiry::required;
  ClaimForms forms;
};

class Verifier {
 public:
  Verifier(KeySet keys, Policy policy) : keys_(std::move(keys)), policy_(std::move(policy)) {}

  // Genuine, current, and for us.
  Result<Claims, Refusal> verify(std::string_view token, WallTime now) const;

  // Genuine and current, for whomever: never wrong_audience.
  Result<Claims, Refusal> authenticate(std::string_view token, WallTime now) const;
  bool is_for_us(const Claims& claims) const;

  const Policy& policy() const { return policy_; }

 private:
  std::optional<Refusal> refuses_dates(const Claims& claims, WallTime now) const;

  KeySet keys_;
  Policy policy_;
};

// The values of `aud` with spaces between them, as the access service's answer to a wrong audience shows
// them.
std::string joined_audience(const Claims& claims);

}  // namespace crosspoint::token
