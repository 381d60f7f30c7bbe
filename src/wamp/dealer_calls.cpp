// The way of a call to its callee.

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "wamp/dealer.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp {
namespace {

// Longer ones are cut, so that no sum of times overflows: thirty years.
constexpr std::uint64_t timeout_ms_max = 1'000'000'000'000;

bool uses_ppt(const Call& call) { return call.pass_through.dialect == PassThrough::Dialect::ppt; }

CallArguments arguments_of(const Call& call) {
  return {call.procedure, call.progress, call.pass_through, call.payload};
}

Violation in_use(RequestId request) {
  return {"CALL: request " + std::to_string(number(request)) +
          " is in use by a call that this one does not go on with"};
}

// What a caller has to announce before it uses it.
std::optional<Violation> find_misuse(const Features& features, const Call& call) {
  if (call.progress && !features.has(Feature::call_progressive_invocations)) {
    return Violation{"CALL.Options.progress: the caller has not announced progressive_call_invocations"};
  }
  if (uses_ppt(call) && !features.has(Feature::call_payload_passthru)) {
    return Violation{"CALL.Options.ppt_scheme: the caller has not announced payload_passthru_mode"};
  }
  return std::nullopt;
}

}  // namespace

Result<void, Violation> Dealer::call(Participant& participant, const Call& message, const CallTerms& terms,
                                     MonotonicTime now) {
  if (auto misuse = find_misuse(participant.features(), message)) return fail(std::move(*misuse));
  DealerMember& caller = member(participant);
  if (OpenCall* call = caller.find_call(message.request)) return go_on(*call, message, now);
  if (!is_over(caller, message, terms)) begin(caller, message, terms, now);
  return {};
}

Result<bool, Violation> Dealer::begins(const Participant& participant, const Call& message,
                                       const CallTerms& terms) {
  if (auto misuse = find_misuse(participant.features(), message)) return fail(std::move(*misuse));
  DealerMember* const caller = find_member(participant);
  if (caller == nullptr) return !terms.repeated;
  if (caller->find_call(message.request) != nullptr) return fail(in_use(message.request));
  return !is_over(*caller, message, terms);
}

// More arguments for a call that has ended, or found nobody, are dropped.
bool Dealer::is_over(DealerMember& caller, const Call& message, const CallTerms& terms) {
  const auto late = caller.late_arguments.take(message.request, !message.progress);
  if (!terms.repeated && late != LateMessages::Verdict::expected) return false;
  ++counters_.late_messages;
  return true;
}

void Dealer::refuse(Participant& participant, const Call& message, std::string_view error,
                    std::string_view text, MonotonicTime now) {
  DealerMember& caller = member(participant);
  OpenCall* call = caller.find_call(message.request);
  if (call == nullptr) {
    const auto late = caller.late_arguments.take(message.request, !message.progress);
    if (late == LateMessages::Verdict::expected) return;
    call = &open(caller, message, {}, now);
  }
  call->more_arguments = message.progress;
  end(*call, ByFailure{error, text}, CalleeIs::stopped, now);
}

void Dealer::begin(DealerMember& caller, const Call& message, const CallTerms& terms, MonotonicTime now) {
  ++counters_.calls;
  OpenCall& call = open(caller, message, terms, now);
  if (caller.calls.size() > settings_.calls_per_caller_max) {
    ++counters_.calls_refused_for_caller;
    return end(call, ByFailure{error_uri::unavailable, "this session has as many calls as one may have"},
               CalleeIs::done, now);
  }
  Registration* const registration = registrations_.meant(message.procedure, terms.reserved);
  if (registration == nullptr) {
    ++counters_.no_such_procedure;
    const std::string text = "no callee registered for procedure <" + std::string(message.procedure) + ">";
    return end(call, ByFailure{error_uri::no_such_procedure, text}, CalleeIs::done, now);
  }
  // Who waits already goes first.
  if (!registration->waiting().empty()) return wait_at(call, *registration, message, now);
  const CalleeChoice choice = choose(call, *registration);
  if (choice.best == Fitness::busy) return wait_at(call, *registration, message, now);
  if (choice.best != Fitness::free) return turn_away(call, choice.best, now);
  if (call.may_reroute_from(*choice.callee)) keep(call, message);
  invoke(call, *choice.callee, arguments_of(message), now);
}

OpenCall& Dealer::open(DealerMember& caller, const Call& message, const CallTerms& terms, MonotonicTime now) {
  const Features& can = caller.participant.features();
  auto made =
      std::unique_ptr<OpenCall>(new (pool_) OpenCall(caller, caller.participant.peer(), message.request));
  OpenCall& call = *made;
  call.disclose = terms.disclose;
  call.callee_may_ask = terms.callee_may_ask;
  call.receive_progress = message.receive_progress && can.has(Feature::call_progressive_results);
  call.progressive = call.more_arguments = message.progress;
  call.payload_passthru = uses_ppt(message);
  call.timeout = std::chrono::milliseconds(std::min(message.timeout_ms, timeout_ms_max));
  call.deadline = now + call.timeout;
  if (call.progressive) call.kept = std::make_unique<KeptCall>(std::string(message.procedure));
  caller.calls.emplace(message.request, std::move(made));
  return call;
}

CalleeChoice Dealer::choose(const OpenCall& call, Registration& registration) {
  CallNeeds needs{.progressive = call.progressive, .payload_passthru = call.payload_passthru};
  if (call.kept != nullptr) needs.tried = call.kept->tried;
  return registration.choose(needs, settings_.calls_per_callee_max, random_);
}

// No callee can take it, and none will be able to soon.
void Dealer::turn_away(OpenCall& call, Fitness best, MonotonicTime now) {
  if (best == Fitness::overloaded) {
    ++counters_.calls_refused_for_callee;
    return end(call,
               ByFailure{error_uri::unavailable, "every callee has as many calls as a session may have"},
               CalleeIs::done, now);
  }
  end(call, ByFailure{error_uri::feature_not_supported, "no callee has announced what this call needs"},
      CalleeIs::done, now);
}

// Another CALL with the number of one that is open: more arguments for the same callee (wamp-router 8.5).
Result<void, Violation> Dealer::go_on(OpenCall& call, const Call& message, MonotonicTime now) {
  if (!call.more_arguments || call.kept->procedure != message.procedure) {
    return fail(in_use(message.request));
  }
  call.more_arguments = message.progress;
  call.payload_passthru |= uses_ppt(message);
  const bool kept = (call.waiting() || call.kept->complete) && keep(call, message);
  if (!call.waiting()) {
    send_more(call, arguments_of(message), now);
  } else if (!kept) {
    end(call, ByFailure{error_uri::unavailable, "there is no room for more calls that wait"}, CalleeIs::done,
        now);
  }
  return {};
}

// False: it could not be sent, and the call is over.
bool Dealer::invoke(OpenCall& call, Callee& callee, const CallArguments& arguments, MonotonicTime now) {
  DealerMember& session = callee.member;
  // A number counts once its INVOCATION has gone: callees see 1, 2, 3, …
  auto ids = session.invocation_ids;
  const RequestId invocation = ids.next();
  const Sent sent = send_invocation(call, callee, invocation, arguments, now);
  if (sent != Sent::sent) {
    const Unsent unsent = explain_unsent(sent, "the call", "callee");
    end(call, ByFailure{unsent.error, unsent.text}, CalleeIs::done, now);
    return false;
  }
  session.invocation_ids = ids;
  session.invocations.emplace(invocation, &call);
  ++callee.in_flight;
  call.callee = &callee;
  call.invocation = invocation;
  watch(call, callee);
  return true;
}

bool Dealer::send_more(OpenCall& call, const CallArguments& arguments, MonotonicTime now) {
  const bool understood = !call.payload_passthru ||
                          call.callee->member.participant.features().has(Feature::callee_payload_passthru);
  if (!understood) {
    end(call,
        ByFailure{error_uri::feature_not_supported, "the callee has not announced payload_passthru_mode"},
        CalleeIs::stopped, now);
    return false;
  }
  const Sent sent = send_invocation(call, *call.callee, call.invocation, arguments, now);
  if (sent == Sent::sent) return true;
  const Unsent unsent = explain_unsent(sent, "the call", "callee");
  end(call, ByFailure{unsent.error, unsent.text}, CalleeIs::stopped, now);
  return false;
}

Sent Dealer::send_invocation(const OpenCall& call, const Callee& callee, RequestId invocation,
                             const CallArguments& arguments, MonotonicTime now) const {
  const Participant& session = callee.member.participant;
  Invocation message{.request = invocation,
                     .registration = callee.registration_id,
                     .receive_progress = call.asks_for_progress_of(callee),
                     .progress = arguments.progress,
                     .pass_through = arguments.pass_through,
                     .payload = arguments.payload};
  if (callee.match != Match::exact) message.procedure = arguments.procedure;
  if (call.disclose || (call.callee_may_ask && callee.disclose_caller))
    message.caller = call.caller.participant.disclosed();
  if (call.timeout != Duration{} && callee.watches_timeout()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(call.deadline - now);
    message.timeout_ms = static_cast<std::uint64_t>(std::max(left, std::chrono::milliseconds(1)).count());
  }
  return session.peer().send(message);
}

void Dealer::watch(OpenCall& call, const Callee& callee) {
  if (call.timeout == Duration{} || callee.watches_timeout()) {
    timers_.stop(call.timer);  // of its time in the queue, if it was there
  } else {
    timers_.start(call, call.timer, call.deadline);
  }
}

}  // namespace crosspoint::wamp
