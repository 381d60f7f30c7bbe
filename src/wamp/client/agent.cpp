#include "wamp/client/agent.h"

#include <algorithm>

#include "base/assert.h"

namespace crosspoint::wamp::client {

Failure failure_of(Told told) {
  switch (told) {
    case Told::yes: break;
    case Told::not_joined: return {own_error::not_joined, "there is no session with the router", {}};
    case Told::too_large:
      return {error_uri::payload_size_exceeded, "the message is longer than the router takes", {}};
    case Told::not_spellable:
      return {
          error_uri::invalid_argument, "the arguments have no equivalent in the session's serializer", {}};
    case Told::no_room: return {own_error::queue_full, "too much waits to be sent, or to be answered", {}};
  }
  CROSSPOINT_ASSERT(told != Told::yes);
  return {};
}

void Agent::begin(Line& line, MonotonicTime now) {
  CROSSPOINT_ASSERT(!in_session());
  now_ = now;
  SessionEvents& events = *this;
  session_ = std::make_unique<Session>(settings_.session, line, events, now);
}

void Agent::on_message(Bytes message, MonotonicTime now) {
  now_ = now;
  if (session_) session_->on_message(message);
}

void Agent::on_lost(std::string sentence) {
  if (session_) session_->on_lost(std::move(sentence));
}

void Agent::leave(MonotonicTime now) {
  now_ = now;
  if (session_) session_->leave(now);
}

std::optional<MonotonicTime> Agent::deadline() const {
  std::optional<MonotonicTime> next = session_ ? session_->deadline() : std::nullopt;
  const auto consider = [&](MonotonicTime time) {
    if (!next || time < *next) next = time;
  };
  if (!calls_due_.empty()) consider(calls_due_.begin()->first);
  if (!joined()) return next;
  for (const auto& [id, wish]: wishes_) {
    if (wish.retry_at) consider(*wish.retry_at);
  }
  return next;
}

void Agent::on_time(MonotonicTime now) {
  now_ = now;
  if (session_) session_->on_time(now);
  give_up_late_calls(now);
  retry(now);
}

void Agent::on_joined(const Joined& joined) {
  ask_for_all();
  events_.on_joined(joined);
}

void Agent::on_said(const Outgoing& message) {
  std::visit([this](const auto& known) { take(known); }, message);
}

void Agent::on_ended(const Ending& ending) {
  forget_grants();
  interrupt_all();
  fail_open_requests();
  events_.on_ended(ending);
}

// The request that this answers, if it is one of that kind.
std::optional<Agent::Asked> Agent::take_asked(RequestId request, Code code) {
  const auto found = asked_.find(number(request));
  if (found == asked_.end() || found->second.code != code) {
    stray();
    return std::nullopt;
  }
  const auto asked = found->second;
  asked_.erase(found);
  return asked;
}

void Agent::take(const ErrorOut& error) {
  const auto asked = take_asked(error.request, error.type);
  if (!asked) return;
  const Failure failure{error.error, {}, error.payload, error.pass_through};
  switch (asked->code) {
    case Code::call: return finish_call(CallId{asked->owner}, fail(failure));
    case Code::publish: return events_.on_published(PublishId{asked->owner}, fail(failure));
    case Code::subscribe:
    case Code::register_: return on_refusal(asked->owner, error);
    case Code::unsubscribe:
    case Code::unregister: return events_.on_withdrawn(WishId{asked->owner}, fail(failure));
    default: return;
  }
}

}  // namespace crosspoint::wamp::client
