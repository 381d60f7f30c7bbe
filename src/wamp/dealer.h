#pragma once
// The dealer of a realm: who is ready to be called for what, and every call from its CALL to its one final
// answer (wamp-router 8).
//
// Pure: participants, messages and the time go in, messages go out through Participant::peer(). What the
// realm decides comes first: URIs are well-formed and not reserved, permissions allow it. Messages are
// answered here, errors included; a Violation is returned for the session to end with. Nothing calls back
// from inside but RegistrationEvents.
//
// open_call.h draws how a call goes; end() is the only way out of it. Calls to the same callee leave in the
// order in which they came, those that had to wait included.
//
// Where the specification leaves a choice:
//  - CANCEL without a mode is killnowait. Mode kill leaves the timeout running.
//  - A place that `concurrency` counts is free as soon as the call is over for the caller, although the
//    callee may still work on it: not every callee tells when it has stopped.
//  - UNREGISTER and revocation leave the calls that a callee has: it is there to answer them.
//  - A call goes to another callee when its own answers `wamp.error.unavailable`, or leaves before answering:
//    if the caller and that callee both announced `call_reroute`, the registration is shared, no progressive
//    result has come and nobody has canceled. Else the caller gets `wamp.error.canceled` for a callee that
//    leaves: without their word for it, nothing is ever carried out twice.
//  - Callees that cannot do what a call needs (`ppt_…`, more arguments to come) are passed over;
//    `wamp.error.feature_not_supported` when no callee of the registration can.

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/pool.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "wamp/call_timers.h"
#include "wamp/dealer_member.h"
#include "wamp/dealer_settings.h"
#include "wamp/incoming.h"
#include "wamp/registration_events.h"
#include "wamp/registrations.h"
#include "wamp/violation.h"

namespace crosspoint::wamp {

// What the realm knows about a CALL.
struct CallTerms {
  bool disclose = false;       // tell the callee who calls
  bool callee_may_ask = true;  // and tell a callee who registered with disclose_caller
  // The number was used before (request_sequence.h, option strict_request_ids): it goes on with a call, or is
  // for one that is over; it never begins one.
  bool repeated = false;
  // The URI is the router's own: only who is registered under this very URI is meant, no pattern.
  bool reserved = false;
};

class Dealer {
 public:
  // All of them outlive the dealer.
  Dealer(const DealerSettings& settings, Random& random, RegistrationEvents& events)
      : settings_(settings), random_(random), events_(events), registrations_(settings) {}
  ~Dealer();  // every session has left
  Dealer(const Dealer&) = delete;
  Dealer& operator=(const Dealer&) = delete;

  // Registrations.
  // How many others were put out (force_reregister).
  std::size_t register_procedure(Participant& callee, const Register& message, MonotonicTime now,
                                 WallTime created);
  void unregister(Participant& callee, const Unregister& message, MonotonicTime now);
  enum class Removal : std::uint8_t { removed, no_such_registration, not_a_callee };
  // Told to callees that announced registration_revocation. `reason`: a URI, or empty.
  Removal remove_callee(RegistrationId registration, SessionId callee, std::string_view reason,
                        MonotonicTime now);
  const Registrations& registrations() const { return registrations_; }

  // Calls.
  [[nodiscard]] Result<void, Violation> call(Participant& caller, const Call& message, const CallTerms& terms,
                                             MonotonicTime now);
  // For a CALL that the router answers itself: whether it begins a call. False: it is for one that is over,
  // and nothing is said. Like call(), it finds what the caller may not use, and numbers that are in use.
  [[nodiscard]] Result<bool, Violation> begins(const Participant& caller, const Call& message,
                                               const CallTerms& terms);
  // For a CALL that the realm does not let through: answers with this error, once for a call of many CALLs.
  void refuse(Participant& caller, const Call& message, std::string_view error, std::string_view text,
              MonotonicTime now);
  void cancel(Participant& caller, const Cancel& message, MonotonicTime now);
  [[nodiscard]] Result<void, Violation> yield(Participant& callee, const Yield& message, MonotonicTime now);
  [[nodiscard]] Result<void, Violation> error(Participant& callee, const InvocationError& message,
                                              MonotonicTime now);

  // Ends what the session called, then what it was called for, then its registrations. It is sent nothing any
  // more, and may be destroyed afterwards.
  void leave(Participant& participant, MonotonicTime now);

  // When on_time() wants to be called: a call runs out of time.
  std::optional<MonotonicTime> next_due() const { return timers_.next_due(); }
  void on_time(MonotonicTime now);

  const DealerCounters& counters() const { return counters_; }
  std::size_t open_calls() const { return pool_.objects(); }
  std::size_t members() const { return members_.size(); }
  std::size_t kept_bytes() const { return kept_bytes_; }

 private:
  // How a call ends.
  struct ByResult {
    const Yield& message;
  };
  struct ByError {
    const InvocationError& message;
  };
  struct ByFailure {
    std::string_view error;
    std::string_view text;
  };
  struct CallerLeft {};
  static ByFailure unreadable();
  using Ending = std::variant<ByResult, ByError, ByFailure, CallerLeft>;

  // And what it means to the callee, if it has one.
  enum class CalleeIs : std::uint8_t {
    done,     // it has answered, or left, or never knew
    ignored,  // it may go on, and its answer will be dropped
    stopped,  // the same, but it is told
  };

  // dealer.cpp
  DealerMember& member(Participant& participant);
  DealerMember* find_member(const Participant& participant) const;
  std::size_t force_out(const DealerMember& for_whom, const Register& message, MonotonicTime now);
  void revoke(Callee& callee, std::string_view reason, MonotonicTime now);
  void withdraw(Callee& callee, MonotonicTime now);
  void end_calls_of(DealerMember& caller, MonotonicTime now);
  void end_invocations_of(DealerMember& callee, MonotonicTime now);
  static void tell(const DealerMember& member, const Outgoing& message);

  // dealer_calls.cpp
  bool is_over(DealerMember& caller, const Call& message, const CallTerms& terms);
  void begin(DealerMember& caller, const Call& message, const CallTerms& terms, MonotonicTime now);
  Result<void, Violation> go_on(OpenCall& call, const Call& message, MonotonicTime now);
  OpenCall& open(DealerMember& caller, const Call& message, const CallTerms& terms, MonotonicTime now);
  CalleeChoice choose(const OpenCall& call, Registration& registration);
  void turn_away(OpenCall& call, Fitness best, MonotonicTime now);
  bool invoke(OpenCall& call, Callee& callee, const CallArguments& arguments, MonotonicTime now);
  bool send_more(OpenCall& call, const CallArguments& arguments, MonotonicTime now);
  Sent send_invocation(const OpenCall& call, const Callee& callee, RequestId invocation,
                       const CallArguments& arguments, MonotonicTime now) const;
  void watch(OpenCall& call, const Callee& callee);

  // dealer_waiting.cpp
  bool keep(OpenCall& call, const Call& message);
  void forget_arguments(OpenCall& call);
  void wait_at(OpenCall& call, Registration& registration, const Call& message, MonotonicTime now);
  void serve(Registration& registration, MonotonicTime now);
  void send_kept(OpenCall& call, Callee& callee, MonotonicTime now);
  bool reroute(OpenCall& call, MonotonicTime now);

  // dealer_endings.cpp
  void end(OpenCall& call, const Ending& ending, CalleeIs callee, MonotonicTime now);
  void settle(OpenCall& call, const Ending& ending);
  void take_from_callee(OpenCall& call, CalleeIs callee, std::string_view reason);
  void place_is_free(Callee& callee, MonotonicTime now);
  void pass_on_progress(OpenCall& call, const Yield& message, MonotonicTime now);
  Result<void, Violation> drop_late_answer(DealerMember* callee, RequestId invocation, bool last);

  const DealerSettings& settings_;
  Random& random_;
  RegistrationEvents& events_;
  Registrations registrations_;
  CallTimers timers_;
  Pool pool_{sizeof(OpenCall)};
  boost::unordered_flat_map<const Participant*, std::unique_ptr<DealerMember>> members_;
  std::size_t kept_bytes_ = 0;
  DealerCounters counters_;
};

}  // namespace crosspoint::wamp
