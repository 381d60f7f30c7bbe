// Calls and publications: what is asked once, and answered once.
#include <utility>
#include <vector>

#include "wamp/client/agent.h"

namespace crosspoint::wamp::client {

Result<CallId, Told> Agent::call(const CallOrder& order, MonotonicTime now) {
  if (!joined()) return fail(Told::not_joined);
  if (asked_.size() >= settings_.requests_max) return fail(Told::no_room);
  const auto timeout = std::chrono::ceil<std::chrono::milliseconds>(order.timeout);
  Call call;
  call.request = session_->next_request();
  call.procedure = order.procedure;
  call.receive_progress = order.receive_progress;
  call.disclose_me = order.disclose_me;
  call.timeout_ms = static_cast<std::uint64_t>(timeout.count());
  call.payload = order.payload;
  if (const auto told = session_->tell(call); told != Told::yes) return fail(told);
  const auto id = ++ids_;
  OpenCall open{call.request, std::nullopt};
  if (order.timeout > Duration::zero()) {
    open.due = now + timeout + settings_.timeout_grace;
    calls_due_.emplace(*open.due, id);
  }
  calls_.emplace(id, open);
  asked_.emplace(number(call.request), Asked{Code::call, id});
  return CallId{id};
}

void Agent::cancel(CallId call, CancelMode mode) {
  const auto found = calls_.find(std::to_underlying(call));
  if (found == calls_.end() || !joined()) return;
  (void)session_->tell(Cancel{found->second.request, mode}, Session::Queue::whatever_waits);
}

Result<PublishId, Told> Agent::publish(const PublishOrder& order) {
  if (!joined()) return fail(Told::not_joined);
  if (order.acknowledge && asked_.size() >= settings_.requests_max) return fail(Told::no_room);
  Publish publish;
  publish.request = session_->next_request();
  publish.topic = order.topic;
  publish.acknowledge = order.acknowledge;
  publish.exclude_me = order.exclude_me;
  publish.retain = order.retain;
  publish.disclose_me = order.disclose_me;
  publish.payload = order.payload;
  if (const auto told = session_->tell(publish); told != Told::yes) return fail(told);
  const auto id = ++ids_;
  if (order.acknowledge) asked_.emplace(number(publish.request), Asked{Code::publish, id});
  return PublishId{id};
}

void Agent::take(const CallResult& result) {
  if (!result.progress) {
    if (const auto asked = take_asked(result.request, Code::call))
      finish_call(CallId{asked->owner}, result.payload);
    return;
  }
  const auto found = asked_.find(number(result.request));
  if (found == asked_.end() || found->second.code != Code::call || !calls_.contains(found->second.owner))
    return stray();
  events_.on_progress(CallId{found->second.owner}, result.payload);
}

void Agent::take(const Published& published) {
  if (const auto asked = take_asked(published.request, Code::publish))
    events_.on_published(PublishId{asked->owner}, published.publication);
}

// Of a call that was given up the answer may still come: it is a stray.
void Agent::finish_call(CallId call, const Result<Payload, Failure>& outcome) {
  const auto found = calls_.find(std::to_underlying(call));
  if (found == calls_.end()) return stray();
  if (found->second.due) calls_due_.erase({*found->second.due, found->first});
  calls_.erase(found);
  events_.on_result(call, outcome);
}

// The router did not answer, not even that it took too long. Its answer still counts as owed, so that calls
// without one are bounded.
void Agent::give_up_late_calls(MonotonicTime now) {
  while (!calls_due_.empty() && calls_due_.begin()->first <= now) {
    const CallId call{calls_due_.begin()->second};
    cancel(call, CancelMode::killnowait);
    finish_call(call, fail(Failure{error_uri::timeout, "the call was not answered in time", {}}));
  }
}

void Agent::fail_open_requests() {
  const Failure lost{own_error::connection_lost, "the session ended before the answer came", {}};
  calls_due_.clear();
  const auto asked = std::exchange(asked_, {});
  const auto calls = std::exchange(calls_, {});
  for (const auto& [request, what]: asked) {
    if (what.code == Code::call && calls.contains(what.owner))
      events_.on_result(CallId{what.owner}, fail(lost));
    if (what.code == Code::publish) events_.on_published(PublishId{what.owner}, fail(lost));
  }
}

}  // namespace crosspoint::wamp::client
