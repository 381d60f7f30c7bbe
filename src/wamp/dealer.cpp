#include "wamp/dealer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp {
namespace {

struct RegisterError {
  std::string_view error;
  std::string_view text;
};

RegisterError explain_refusal(Registrations::Refusal refusal) {
  switch (refusal) {
    case Registrations::Refusal::exists:
      return {error_uri::procedure_already_exists, "the procedure is registered already"};
    case Registrations::Refusal::other_policy:
      return {error_uri::other_invocation_policy, "the procedure is registered with another `invoke`"};
    case Registrations::Refusal::session_is_full:
      return {error_uri::unavailable, "this session has as many registrations as one may have"};
    case Registrations::Refusal::all_are_full:
      return {error_uri::unavailable, "this realm has as many registrations as it may have"};
  }
  return {};
}

// What a map points to, by key: a map has no order of its own, and what others see should not depend on it.
template <typename Map>
auto values_by_key(const Map& map) {
  std::vector<std::pair<typename Map::key_type, decltype(std::to_address(map.begin()->second))>> sorted;
  sorted.reserve(map.size());
  for (const auto& [key, value]: map) sorted.emplace_back(key, std::to_address(value));
  std::ranges::sort(sorted, {}, [](const auto& entry) { return entry.first; });
  return sorted;
}

}  // namespace

Dealer::~Dealer() { CROSSPOINT_ASSERT(members_.empty()); }

DealerMember& Dealer::member(Participant& participant) {
  auto& made = members_[&participant];
  if (made == nullptr) made = std::make_unique<DealerMember>(participant);
  return *made;
}

DealerMember* Dealer::find_member(const Participant& participant) const {
  const auto place = members_.find(&participant);
  return place == members_.end() ? nullptr : place->second.get();
}

void Dealer::tell(const DealerMember& member, const Outgoing& message) {
  if (!member.leaving) member.participant.peer().send(message);
}

std::size_t Dealer::register_procedure(Participant& participant, const Register& message, MonotonicTime now,
                                       WallTime created) {
  DealerMember& callee = member(participant);
  std::size_t put_out = 0;
  if (message.force_reregister && callee.registrations < settings_.registrations_per_session_max) {
    put_out = force_out(callee, message, now);
  }
  const auto added = registrations_.add(callee, message, created);
  if (!added) {
    const auto [error, text] = explain_refusal(added.error());
    if (error == error_uri::unavailable) ++counters_.registrations_refused;
    tell(callee, ErrorOut{.type = Code::register_, .request = message.request, .error = error, .text = text});
    return put_out;
  }
  Registration& registration = *added->registration;
  tell(callee, Registered{message.request, registration.id()});
  if (added->created) events_.on_create(participant, registration);
  if (added->joined) {
    events_.on_register(participant, registration.id());
    serve(registration, now);
  }
  return put_out;
}

// Everybody who is there makes room for the one that comes; how many others that were.
std::size_t Dealer::force_out(const DealerMember& for_whom, const Register& message, MonotonicTime now) {
  const Registration* there = registrations_.find(message.procedure, message.match);
  if (there == nullptr) return 0;
  const std::vector<Callee*> callees = there->callees();
  const auto own = std::ranges::count_if(callees, [&](const Callee* c) { return &c->member == &for_whom; });
  for (Callee* callee: callees) revoke(*callee, error_uri::unregistered, now);
  return callees.size() - static_cast<std::size_t>(own);
}

void Dealer::unregister(Participant& participant, const Unregister& message, MonotonicTime now) {
  DealerMember* const member = find_member(participant);
  Callee* const callee = member == nullptr ? nullptr : member->find_callee(message.registration);
  if (callee == nullptr) {
    participant.peer().send(ErrorOut{.type = Code::unregister,
                                     .request = message.request,
                                     .error = error_uri::no_such_registration,
                                     .text = "this session has no such registration"});
    return;
  }
  participant.peer().send(Unregistered{message.request});
  withdraw(*callee, now);
}

Dealer::Removal Dealer::remove_callee(RegistrationId id, SessionId session, std::string_view reason,
                                      MonotonicTime now) {
  const Registration* registration = registrations_.find(id);
  if (registration == nullptr) return Removal::no_such_registration;
  for (Callee* callee: registration->callees()) {
    if (callee->member.participant.id() != session) continue;
    revoke(*callee, reason, now);
    return Removal::removed;
  }
  return Removal::not_a_callee;
}

// The router ends a registration: wamp-router 8.9.
void Dealer::revoke(Callee& callee, std::string_view reason, MonotonicTime now) {
  if (callee.member.participant.features().has(Feature::callee_registration_revocation)) {
    tell(callee.member, RegistrationRevoked{callee.registration->id(), reason});
  }
  withdraw(callee, now);
}

// The calls that a callee has go on: it is there, and will answer.
void Dealer::withdraw(Callee& callee, MonotonicTime now) {
  DealerMember& session = callee.member;
  Registration& registration = *callee.registration;
  const RegistrationId id = registration.id();
  const auto deleted = registrations_.remove(callee);
  if (callee.in_flight == 0) session.callees.erase(id);
  if (deleted != nullptr) {
    while (!deleted->waiting().empty()) {
      end(*deleted->waiting().front(),
          ByFailure{error_uri::no_available_callee, "the last callee has left while the call was waiting"},
          CalleeIs::done, now);
    }
  } else {
    serve(registration, now);  // some wait for what only this callee could do
  }
  events_.on_unregister(session.participant, id);
  if (deleted != nullptr) events_.on_delete(session.participant, id);
}

void Dealer::leave(Participant& participant, MonotonicTime now) {
  DealerMember* const leaver = find_member(participant);
  if (leaver == nullptr) return;
  leaver->leaving = true;
  end_calls_of(*leaver, now);
  end_invocations_of(*leaver, now);
  for (const auto& [id, callee]: values_by_key(leaver->callees)) withdraw(*callee, now);
  CROSSPOINT_ASSERT(leaver->callees.empty());
  members_.erase(&participant);
}

// Those that wait go first: a place that becomes free is not for them.
void Dealer::end_calls_of(DealerMember& caller, MonotonicTime now) {
  for (const bool waiting: {true, false}) {
    for (const auto& [request, call]: values_by_key(caller.calls)) {
      if (call->waiting() == waiting) end(*call, CallerLeft{}, CalleeIs::stopped, now);
    }
  }
}

void Dealer::end_invocations_of(DealerMember& callee, MonotonicTime now) {
  for (const auto& [invocation, call]: values_by_key(callee.invocations)) {
    if (reroute(*call, now)) continue;
    end(*call, ByFailure{error_uri::canceled, "the callee has left before it answered"}, CalleeIs::done, now);
  }
}

}  // namespace crosspoint::wamp
