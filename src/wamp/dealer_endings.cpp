// How calls end: by an answer, a CANCEL, the time, or because one of the two has left.

#include <string>
#include <utility>

#include "base/assert.h"
#include "wamp/dealer.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

template <typename Answer>
bool uses_ppt_in(const Answer& answer) {
  return answer.pass_through.dialect == PassThrough::Dialect::ppt;
}

// A callee has to announce it before it uses it (wamp-router 7.7),
template <typename Answer>
bool may_say(const Participant& callee, const Answer& answer) {
  return !uses_ppt_in(answer) || callee.features().has(Feature::callee_payload_passthru);
}
// and a caller that has not announced it would not know what it got.
template <typename Answer>
bool can_read(const OpenCall& call, const Answer& answer) {
  return !uses_ppt_in(answer) || call.caller.participant.features().has(Feature::call_payload_passthru);
}

}  // namespace

Dealer::ByFailure Dealer::unreadable() {
  return {error_uri::feature_not_supported, "the caller has not announced payload_passthru_mode"};
}

Result<void, Violation> Dealer::yield(Participant& participant, const Yield& message, MonotonicTime now) {
  if (!may_say(participant, message)) {
    return fail(Violation{"YIELD.Options.ppt_scheme: the callee has not announced payload_passthru_mode"});
  }
  DealerMember* const callee = find_member(participant);
  OpenCall* const call = callee == nullptr ? nullptr : callee->find_invocation(message.request);
  if (call == nullptr) return drop_late_answer(callee, message.request, !message.progress);
  if (message.progress) {
    pass_on_progress(*call, message, now);
  } else if (!can_read(*call, message)) {
    end(*call, unreadable(), CalleeIs::done, now);
  } else {
    end(*call, ByResult{message}, CalleeIs::done, now);
  }
  return {};
}

Result<void, Violation> Dealer::error(Participant& participant, const InvocationError& message,
                                      MonotonicTime now) {
  if (!may_say(participant, message)) {
    return fail(Violation{"ERROR.Details.ppt_scheme: the callee has not announced payload_passthru_mode"});
  }
  DealerMember* const callee = find_member(participant);
  OpenCall* const call = callee == nullptr ? nullptr : callee->find_invocation(message.request);
  if (call == nullptr) return drop_late_answer(callee, message.request, true);
  if (message.error == error_uri::unavailable && call->reroute_announced_with(*call->callee)) {
    if (reroute(*call, now)) return {};
    end(*call, ByFailure{error_uri::no_available_callee, "no callee is left that this call could go to"},
        CalleeIs::done, now);
  } else if (!can_read(*call, message)) {
    end(*call, unreadable(), CalleeIs::done, now);
  } else {
    end(*call, ByError{message}, CalleeIs::done, now);
  }
  return {};
}

Result<void, Violation> Dealer::drop_late_answer(DealerMember* callee, RequestId invocation, bool last) {
  const auto verdict =
      callee == nullptr ? LateMessages::Verdict::unexpected : callee->late_answers.take(invocation, last);
  if (verdict == LateMessages::Verdict::unexpected) {
    return fail(Violation{"there is no invocation " + std::to_string(number(invocation)) +
                          " that this callee has to answer"});
  }
  ++counters_.late_messages;
  return {};
}

void Dealer::pass_on_progress(OpenCall& call, const Yield& message, MonotonicTime now) {
  if (!call.asks_for_progress_of(*call.callee)) return;  // a callee that could have waited
  if (!can_read(call, message)) return end(call, unreadable(), CalleeIs::stopped, now);
  const Sent sent = call.caller.participant.peer().send(CallResult{.request = call.request,
                                                                   .progress = true,
                                                                   .pass_through = message.pass_through,
                                                                   .payload = message.payload});
  if (sent != Sent::sent) {
    // A gap among the results would not be seen.
    const Unsent unsent = explain_unsent(sent, "a progressive result", "caller");
    return end(call, ByFailure{unsent.error, unsent.text}, CalleeIs::stopped, now);
  }
  ++counters_.progressive_results;
  call.progressed = true;
  call.deadline = now + call.timeout;
  watch(call, *call.callee);
}

void Dealer::cancel(Participant& participant, const Cancel& message, MonotonicTime now) {
  DealerMember* const caller = find_member(participant);
  OpenCall* const call = caller == nullptr ? nullptr : caller->find_call(message.request);
  if (call == nullptr) return;  // it has just been answered
  const ByFailure canceled{error_uri::canceled, "the caller has canceled the call"};
  CancelMode mode = message.mode.value_or(CancelMode::killnowait);
  if (call->waiting() || !call->callee->can(Feature::callee_canceling)) mode = CancelMode::skip;
  switch (mode) {
    case CancelMode::skip: return end(*call, canceled, CalleeIs::ignored, now);
    case CancelMode::killnowait: return end(*call, canceled, CalleeIs::stopped, now);
    case CancelMode::kill: break;
  }
  if (std::exchange(call->interrupted, true)) return;
  tell(call->callee->member, Interrupt{call->invocation, CancelMode::kill, error_uri::canceled});
}

void Dealer::on_time(MonotonicTime now) {
  while (OpenCall* call = timers_.find_due(now)) {
    if (call->timeout == Duration{} || now < call->deadline) {
      ++counters_.calls_refused_for_age;
      end(*call, ByFailure{error_uri::max_concurrency_reached, "no callee became free in time"},
          CalleeIs::done, now);
      continue;
    }
    ++counters_.timed_out;
    end(*call, ByFailure{error_uri::timeout, "the call has not been answered in time"}, CalleeIs::stopped,
        now);
  }
}

// The only way out: the call leaves every table, its answer is given, its callee's place is free.
void Dealer::end(OpenCall& call, const Ending& ending, CalleeIs callee_is, MonotonicTime now) {
  DealerMember& caller = call.caller;
  Callee* const callee = call.callee;
  const auto* failure = std::get_if<ByFailure>(&ending);
  timers_.stop(call.timer);
  if (call.waits_at != nullptr) call.waits_at->waiting().erase(call.place);
  if (callee != nullptr) {
    take_from_callee(call, callee_is, failure != nullptr ? failure->error : error_uri::canceled);
  }
  settle(call, ending);
  if (call.kept != nullptr) forget_arguments(call);
  if (call.more_arguments) caller.late_arguments.expect(call.request, settings_.late_messages_max);
  caller.calls.erase(call.request);
  if (callee != nullptr) place_is_free(*callee, now);
}

void Dealer::settle(OpenCall& call, const Ending& ending) {
  OwedAnswer& answer = call.answer;
  std::visit(Overloaded{[&](const ByResult& by) {
                          ++counters_.results;
                          answer.result(by.message.pass_through, by.message.payload);
                        },
                        [&](const ByError& by) {
                          ++counters_.callee_errors;
                          answer.error(by.message.error, by.message.pass_through, by.message.payload);
                        },
                        [&](const ByFailure& by) {
                          if (by.error == error_uri::canceled) ++counters_.canceled;
                          answer.error(by.error, by.text);
                        },
                        [&](const CallerLeft&) {
                          ++counters_.callers_left;
                          answer.waive();
                        }},
             ending);
}

void Dealer::take_from_callee(OpenCall& call, CalleeIs callee_is, std::string_view reason) {
  Callee& callee = *std::exchange(call.callee, nullptr);
  callee.member.invocations.erase(call.invocation);
  --callee.in_flight;
  if (callee_is == CalleeIs::done) return;
  callee.member.late_answers.expect(call.invocation, settings_.late_messages_max);
  if (callee_is == CalleeIs::ignored || call.interrupted || !callee.can(Feature::callee_canceling)) return;
  tell(callee.member, Interrupt{call.invocation, CancelMode::killnowait, reason});
}

// Another call may have it. One that has unregistered goes with its last call.
void Dealer::place_is_free(Callee& callee, MonotonicTime now) {
  if (callee.registration != nullptr) {
    if (!callee.member.leaving) serve(*callee.registration, now);
  } else if (callee.in_flight == 0) {
    callee.member.callees.erase(callee.registration_id);
  }
}

}  // namespace crosspoint::wamp
