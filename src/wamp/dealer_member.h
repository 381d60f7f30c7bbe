#pragma once
// What a dealer holds for one session: its calls, the calls it has to answer, where it is registered. Made
// when the session first calls or registers, gone with it.

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>

#include "wamp/ids.h"
#include "wamp/late_messages.h"
#include "wamp/open_call.h"
#include "wamp/participant.h"
#include "wamp/registration.h"

namespace crosspoint::wamp {

struct DealerMember {
  explicit DealerMember(Participant& who) : participant(who) {}
  DealerMember(const DealerMember&) = delete;
  DealerMember& operator=(const DealerMember&) = delete;

  OpenCall* find_call(RequestId request) const {
    const auto found = calls.find(request);
    return found == calls.end() ? nullptr : found->second.get();
  }
  OpenCall* find_invocation(RequestId invocation) const {
    const auto found = invocations.find(invocation);
    return found == invocations.end() ? nullptr : found->second;
  }
  // Null: it is not registered there (any more).
  Callee* find_callee(RegistrationId registration) const {
    const auto found = callees.find(registration);
    return found == callees.end() || found->second->registration == nullptr ? nullptr : found->second.get();
  }

  Participant& participant;
  bool leaving = false;  // nothing is sent to it any more

  // As a caller.
  boost::unordered_flat_map<RequestId, std::unique_ptr<OpenCall>> calls;
  LateMessages late_arguments;  // of calls that ended before their last CALL came
  std::size_t kept_bytes = 0;   // by its calls

  // As a callee.
  IdSequence<RequestId> invocation_ids;
  boost::unordered_flat_map<RequestId, OpenCall*> invocations;
  LateMessages late_answers;  // to invocations that nobody waits for any more
  boost::unordered_flat_map<RegistrationId, std::unique_ptr<Callee>> callees;
  std::size_t registrations = 0;  // those of `callees` that are registered
};

inline bool OpenCall::reroute_announced_with(const Callee& with) const {
  return caller.participant.features().has(Feature::call_reroute) && with.can(Feature::callee_reroute);
}

}  // namespace crosspoint::wamp
