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
  if (by_invocation_request_.contains(number(invocation.request))) return take_more(invocation);
  if (invocations_.size() >= settings_.invocations_max) return decline(error_uri::unavailable);
  if (invocation.pass_through && !settings_.session.payload_passthru)
    return decline(error_uri::feature_not_supported);
  const WishId wish{registration->second};
  if (invocation.progress && !wishes_.at(registration->second).procedure.progressive)
    return decline(error_uri::feature_not_supported);
  const auto id = ++ids_;
  invocations_.emplace(id, Open{invocation.request, wish, invocation.progress});
  by_invocation_request_.emplace(number(invocation.request), id);
  const auto procedure = wishes_.at(registration->second).procedure.procedure;
  Invoked invoked{
      InvocationId{id},      invocation.procedure, invocation.caller,  invocation.receive_progress,
      invocation.timeout_ms, invocation.progress,  invocation.payload, invocation.pass_through};
  if (invoked.procedure.empty()) invoked.procedure = procedure;
  events_.on_invocation(wish, invoked);
}

void Agent::take_more(const Invocation& invocation) {
  const auto id = by_invocation_request_.at(number(invocation.request));
  auto& open = invocations_.at(id);
  if (!open.more_follows) return stray();
  open.more_follows = invocation.progress;
  events_.on_more(InvocationId{id}, invocation.payload, invocation.progress);
}

void Agent::take(const Interrupt& interrupt) {
  const auto found = by_invocation_request_.find(number(interrupt.request));
  if (found == by_invocation_request_.end()) return stray();
  events_.on_interrupt(InvocationId{found->second});
}

Told Agent::answer(InvocationId invocation, const Payload& payload, Part part, const PassThrough& how) {
  const auto found = invocations_.find(std::to_underlying(invocation));
  if (found == invocations_.end() || !joined()) return Told::not_joined;
  const auto request = found->second.request;
  const bool last = part == Part::last;
  const auto told = session_->tell(Yield{request, !last, how, payload},
                                   last ? Session::Queue::whatever_waits : Session::Queue::bounded);
  if (told != Told::yes) refuse(invocation, failure_of(told).uri, {});
  if (told != Told::yes || !last) return told;
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
