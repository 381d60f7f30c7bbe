#pragma once
// May this session do that here? Asked before every CALL, REGISTER, PUBLISH and SUBSCRIBE, and cheap. A role
// has either rules of its own, or a procedure that decides (a dynamic authorizer): then the answer is, until
// it has come, that the procedure is to be asked.
//
//   auto verdict = authorizer.decide(asked, permissions_of_the_role, grant, now);
//   Ask: call the procedure; on its answer, authorizer.remember(asked, answer, now) and go on.
//
// What a procedure said is remembered only if it says so (`cache`), and only for that session, action and
// URI: it was shown the whole session, so who else would be answered the same cannot be known. Forgotten when
// the session leaves, when it is too old, when there are too many, and all at once when roles change or the
// procedure's callee does.

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "base/time.h"
#include "wamp/auth/permissions.h"
#include "wamp/ids.h"

namespace crosspoint::wamp::auth {

struct AuthorizerLimits {
  std::size_t decisions_max = 10'000;  // remembered; the oldest goes
  Duration decision_age_max = 5min;
  Duration time_max = 5s;  // for a procedure to decide
};

// What a session wants to do.
struct AccessRequest {
  SessionId session{};
  Action action{};
  std::string_view uri = {};
  Match match = Match::exact;  // of SUBSCRIBE and REGISTER
};

// By what it is judged.
struct Authority {
  const Permissions* role = nullptr;   // null: the role has no rules
  const Permissions* grant = nullptr;  // what its token allows besides; null: it brought none
  std::string_view procedure = {};     // the role's dynamic authorizer; empty: none
};

struct Allowed {
  bool disclose = false;  // tell who calls or publishes, whatever it asked for
};
struct Denied {};         // wamp.error.not_authorized
struct AskAuthorizer {};  // wamp.error.authorization_failed, if that fails
using Verdict = std::variant<Allowed, Denied, AskAuthorizer>;

struct DynamicVerdict {
  bool allow = false, disclose = false, cache = false;
};

class Authorizer {
 public:
  explicit Authorizer(AuthorizerLimits limits = {}) : limits_(limits) {}

  Verdict decide(const AccessRequest& request, const Authority& authority, MonotonicTime now);

  // The procedure's answer.
  Verdict remember(const AccessRequest& request, DynamicVerdict verdict, MonotonicTime now);
  void forget(SessionId session);  // it has left
  void forget_all();               // roles or callees have changed

  std::size_t remembered() const { return by_key_.size(); }
  std::uint64_t evicted() const { return evicted_; }  // because of decisions_max

 private:
  struct Decision {
    std::string key;
    SessionId session{};
    Verdict verdict;
    MonotonicTime until;
  };
  using Decisions = std::list<Decision>;  // oldest first

  void erase(Decisions::iterator decision);

  AuthorizerLimits limits_;
  Decisions decisions_;
  std::unordered_map<std::string_view, Decisions::iterator> by_key_;  // views of the decisions' own keys
  std::unordered_map<std::uint64_t, std::size_t> by_session_;         // how many
  std::uint64_t evicted_ = 0;
};

}  // namespace crosspoint::wamp::auth
