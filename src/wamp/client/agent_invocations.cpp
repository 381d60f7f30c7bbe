// Being called: every invocation is answered once, by the program or here.
#include <utility>

#include "wamp/client/agent.h"
#include "wamp/uri.h"

namespace crosspoint::wamp::client {

void Agent::take(const Invocation& invocation) {
  const auto decline = [&](std::string_view uri) {
    (void)session_->tell(InvocationError{invocation.request, uri, {}, {}}, Session::Queue::whatever_waits);
  };
  const auto registration = by_registration_.find(number(invocation.registration));
  if (registration == by_registration_.end()) {
    stray();  // unregistered meanwhile
    return decline(error_uri::unavailable);
  }
  if (by_invocation_request_.contains(number(invocation.request))) return stray();
  if (invocations_.size() >= settings_.invocations_max) return decline(error_uri::unavailable);
  if (invocation.pass_through) return decline(error_uri::feature_not_supported);
  const WishId wish{registration->second};
  const auto id = ++ids_;
  invocations_.emplace(id, Open{invocation.request, wish});
  by_invocation_request_.emplace(number(invocation.request), id);
  const auto procedure = wishes_.at(registration->second).procedure.procedure;
  Invoked invoked{InvocationId{id},      invocation.procedure, invocation.caller, invocation.receive_progress,
                  invocation.timeout_ms, invocation.payload};
  if (invoked.procedure.empty()) invoked.procedure = procedure;
  events_.on_invocation(wish, invoked);
}

void Agent::take(const Interrupt& interrupt) {
  const auto found = by_invocation_request_.find(number(interrupt.request));
  if (found == by_invocation_request_.end()) return stray();
  events_.on_interrupt(InvocationId{found->second});
}

Told Agent::answer(InvocationId invocation, const Payload& payload, Part part) {
  const auto found = invocations_.find(std::to_underlying(invocation));
  if (found == invocations_.end() || !joined()) return Told::not_joined;
  const auto request = found->second.request;
  if (part == Part::progress) return session_->tell(Yield{request, true, {}, payload});
  const auto told = session_->tell(Yield{request, false, {}, payload}, Session::Queue::whatever_waits);
  if (told != Told::yes) {
    refuse(invocation, failure_of(told).uri, {});
    return told;
  }
  by_invocation_request_.erase(number(request));
  invocations_.erase(found);
  return told;
}

// An error whose arguments cannot be sent goes without them.
void Agent::refuse(InvocationId invocation, std::string_view uri, const Payload& payload) {
  const auto found = invocations_.find(std::to_underlying(invocation));
  if (found == invocations_.end() || !joined()) return;
  const auto request = found->second.request;
  by_invocation_request_.erase(number(request));
  invocations_.erase(found);
  if (!is_uri(uri, UriCheck::loose)) uri = error_uri::runtime_error;
  const auto whatever_waits = Session::Queue::whatever_waits;
  if (session_->tell(InvocationError{request, uri, {}, payload}, whatever_waits) != Told::yes)
    (void)session_->tell(InvocationError{request, uri, {}, {}}, whatever_waits);
}

void Agent::interrupt_all() {
  by_invocation_request_.clear();
  const auto open = std::exchange(invocations_, {});
  for (const auto& [id, what]: open) events_.on_interrupt(InvocationId{id});
}

}  // namespace crosspoint::wamp::client
