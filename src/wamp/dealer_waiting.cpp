// Calls that are sent later than they came: to a callee that had to become free first, or to another one.

#include <algorithm>
#include <utility>

#include "wamp/dealer.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp {

// Keeps what a CALL brought: the first of its call, or one after others that are all kept. False: there is no
// room for it; what was kept before is of no use then, and goes.
bool Dealer::keep(OpenCall& call, const Call& message) {
  if (call.kept == nullptr) call.kept = std::make_unique<KeptCall>(std::string(message.procedure));
  const std::size_t bytes = kept_bytes_of(message);
  if (call.caller.kept_bytes + bytes > settings_.kept_bytes_per_caller_max ||
      kept_bytes_ + bytes > settings_.kept_bytes_max) {
    forget_arguments(call);
    return false;
  }
  call.kept->arguments.emplace_back(message);
  call.kept->bytes += bytes;
  call.caller.kept_bytes += bytes;
  kept_bytes_ += bytes;
  call.kept->complete = true;
  return true;
}

void Dealer::forget_arguments(OpenCall& call) {
  KeptCall& kept = *call.kept;
  call.caller.kept_bytes -= kept.bytes;
  kept_bytes_ -= kept.bytes;
  kept.bytes = 0;
  kept.arguments.clear();
  kept.complete = false;
}

void Dealer::wait_at(OpenCall& call, Registration& registration, const Call& message, MonotonicTime now) {
  auto& queue = registration.waiting();
  if (queue.size() >= settings_.queued_calls_max) {
    ++counters_.calls_refused_for_concurrency;
    return end(call,
               ByFailure{error_uri::max_concurrency_reached, "every callee has as many calls as it takes"},
               CalleeIs::done, now);
  }
  if (!keep(call, message)) {
    ++counters_.calls_refused_for_memory;
    return end(call, ByFailure{error_uri::unavailable, "there is no room for more calls that wait"},
               CalleeIs::done, now);
  }
  ++counters_.queued;
  call.waits_at = &registration;
  call.place = queue.insert(queue.end(), &call);
  const auto patience = now + settings_.queued_calls_age_max;
  timers_.start(call, call.timer, call.timeout == Duration{} ? patience : std::min(patience, call.deadline));
}

// A place may have become free: those who wait get it, in their order.
void Dealer::serve(Registration& registration, MonotonicTime now) {
  if (registration.being_served) return;
  registration.being_served = true;
  auto& queue = registration.waiting();
  while (!queue.empty()) {
    OpenCall& call = *queue.front();
    const CalleeChoice choice = choose(call, registration);
    if (choice.best == Fitness::busy) break;
    if (choice.best != Fitness::free) {
      turn_away(call, choice.best, now);
      continue;
    }
    queue.pop_front();
    call.waits_at = nullptr;
    send_kept(call, *choice.callee, now);
  }
  registration.being_served = false;
}

void Dealer::send_kept(OpenCall& call, Callee& callee, MonotonicTime now) {
  const KeptCall& kept = *call.kept;
  if (!invoke(call, callee, kept.arguments.front().view(kept.procedure), now)) return;
  for (std::size_t next = 1; next < kept.arguments.size(); ++next) {
    if (!send_more(call, kept.arguments[next].view(kept.procedure), now)) return;
  }
  if (!call.may_reroute_from(callee)) forget_arguments(call);
}

// Sends a call that its callee will not answer to one that has not had it. False: that cannot be.
bool Dealer::reroute(OpenCall& call, MonotonicTime now) {
  Callee& from = *call.callee;
  if (call.progressed || call.interrupted || call.kept == nullptr || !call.kept->complete) return false;
  if (from.registration == nullptr || !call.may_reroute_from(from)) return false;
  call.kept->tried.push_back(from.member.participant.id());
  const CalleeChoice choice = choose(call, *from.registration);
  if (choice.callee == nullptr) return false;
  ++counters_.rerouted;
  take_from_callee(call, CalleeIs::done, {});
  send_kept(call, *choice.callee, now);
  place_is_free(from, now);
  return true;
}

}  // namespace crosspoint::wamp
