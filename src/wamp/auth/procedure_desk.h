#pragma once
// Calls the procedures that decide: dynamic authenticators and authorizers, in the router's own name
// (own_calls.h). From what Door wants to know to the arguments of a call, and from its result to an answer.
//
//   authenticator(realm, authid, details)       details: authmethod, session, transport, authextra, ticket or
//                                               pubkey
//   authorizer(session, uri, action, options)   session: a map; action: "call", …; options: match, where it
//   is
//                                               SUBSCRIBE or REGISTER

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "wamp/auth/door.h"
#include "wamp/router.h"

namespace crosspoint::wamp::auth {

struct ProcedureDeskSettings {
  // Clients about whom an authenticator is being asked: strangers, who are not to take the place of those who
  // are in.
  std::size_t openings_max = 512;
};

class ProcedureDesk {
 public:
  // Both outlive it.
  ProcedureDesk(Router& router, const Clock& clock, ProcedureDeskSettings settings = {})
      : settings_(settings), router_(router), clock_(clock) {}
  ProcedureDesk(const ProcedureDesk&) = delete;
  ProcedureDesk& operator=(const ProcedureDesk&) = delete;

  // As Helper has it; the error is a sentence about the procedure.
  template <class Answer>
  using Answered = std::function<void(Result<Answer, std::string>)>;
  std::unique_ptr<PendingCall> ask(const Ask& question, Duration time_max, Answered<DynamicAnswer> answered);
  std::unique_ptr<PendingCall> authorize(const AuthorizerQuestion& question, Duration time_max,
                                         Answered<DynamicVerdict> answered);

  std::size_t openings() const { return openings_; }
  std::uint64_t openings_refused() const { return openings_refused_; }  // openings_max

 private:
  class Opening;
  Moment now() const { return {clock_.monotonic(), clock_.wall()}; }

  const ProcedureDeskSettings settings_;
  Router& router_;
  const Clock& clock_;
  std::size_t openings_ = 0;
  std::uint64_t openings_refused_ = 0;
};

}  // namespace crosspoint::wamp::auth
