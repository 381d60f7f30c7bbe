#include "wamp/registration.h"

#include <algorithm>

#include "wamp/dealer_member.h"

namespace crosspoint::wamp {

bool Callee::can(Feature feature) const { return member.participant.features().has(feature); }

Fitness Callee::fitness(const CallNeeds& needs, std::size_t calls_per_callee_max) const {
  if (member.leaving) return Fitness::unable;
  // More arguments after the first only go to who can also be told to stop (wamp-router 8.5).
  if (needs.progressive &&
      !(can(Feature::callee_progressive_invocations) && can(Feature::callee_canceling))) {
    return Fitness::unable;
  }
  if (needs.payload_passthru && !can(Feature::callee_payload_passthru)) return Fitness::unable;
  if (std::ranges::find(needs.tried, member.participant.id()) != needs.tried.end()) return Fitness::unable;
  if (concurrency != 0 && in_flight >= concurrency) return Fitness::busy;
  if (member.invocations.size() >= calls_per_callee_max) return Fitness::overloaded;
  return Fitness::free;
}

void Registration::add(Callee& callee) {
  callee.registration = this;
  callees_.push_back(&callee);
}

void Registration::remove(Callee& callee) {
  const auto place = std::ranges::find(callees_, &callee);
  const auto index = static_cast<std::size_t>(place - callees_.begin());
  callees_.erase(place);
  callee.registration = nullptr;
  if (index < next_) --next_;  // whose turn it was, it still is
}

// Where the policy looks after `step` others, having begun at `begin`.
std::size_t Registration::in_turn(std::size_t step, std::size_t begin) const {
  const std::size_t count = callees_.size();
  return invoke_ == Invoke::last ? count - 1 - step : (begin + step) % count;
}

CalleeChoice Registration::choose(const CallNeeds& needs, std::size_t calls_per_callee_max, Random& random) {
  const std::size_t count = callees_.size();
  const std::size_t begin = invoke_ == Invoke::roundrobin ? next_ : 0;
  // Of those that are free any is as likely as the others: which comes out as the n-th replaces the choice
  // with a chance of one in n.
  std::uint64_t free = 0;
  CalleeChoice choice;
  for (std::size_t step = 0; step < count; ++step) {
    const std::size_t at = in_turn(step, begin);
    const Fitness fitness = callees_[at]->fitness(needs, calls_per_callee_max);
    choice.best = std::max(choice.best, fitness);
    if (fitness != Fitness::free) continue;
    if (invoke_ == Invoke::random && random.below(++free) != 0) continue;
    choice.callee = callees_[at];
    if (invoke_ == Invoke::roundrobin) next_ = (at + 1) % count;
    if (invoke_ != Invoke::random) break;
  }
  return choice;
}

}  // namespace crosspoint::wamp
