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
  call.progress = order.more_follows;
  call.pass_through = order.pass_through;
  call.payload = order.payload;
  if (const auto told = session_->tell(call); told != Told::yes) return fail(told);
  const auto id = ++ids_;
  auto& open = calls_.emplace(id, OpenCall{call.request}).first->second;
  if (order.more_follows) open.more_for = order.procedure;
  if (order.timeout > Duration::zero()) give_up_at(id, open, now + timeout + settings_.answer_grace);
  asked_.emplace(number(call.request), Asked{Code::call, id});
  return CallId{id};
}

Told Agent::call_more(CallId id, const Payload& payload, bool more_follows) {
  const auto found = calls_.find(std::to_underlying(id));
  if (found == calls_.end() || found->second.more_for.empty() || !joined()) return Told::not_joined;
  Call call;
  call.request = found->second.request;
  call.procedure = found->second.more_for;
  call.progress = more_follows;
  call.payload = payload;
  const auto told = session_->tell(call);
  if (told == Told::yes && !more_follows) found->second.more_for.clear();
  return told;
}

void Agent::cancel(CallId id, CancelMode mode, MonotonicTime now) {
  const auto found = calls_.find(std::to_underlying(id));
  if (found == calls_.end() || !joined()) return;
  auto& call = found->second;
  (void)session_->tell(Cancel{call.request, mode}, Session::Queue::whatever_waits);
  if (mode == CancelMode::kill || call.canceled) return;
  call.canceled = true;
  const auto due = now + settings_.answer_grace;
  if (!call.due || due < *call.due) give_up_at(found->first, call, due);
}

void Agent::give_up_at(std::uint64_t id, OpenCall& call, MonotonicTime due) {
  if (call.due) calls_due_.erase({*call.due, id});
  call.due = due;
  calls_due_.emplace(due, id);
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
  publish.lists = order.lists;
  publish.pass_through = order.pass_through;
  publish.payload = order.payload;
  if (const auto told = session_->tell(publish); told != Told::yes) return fail(told);
  const auto id = ++ids_;
  if (order.acknowledge) asked_.emplace(number(publish.request), Asked{Code::publish, id});
  return PublishId{id};
}

void Agent::take(const CallResult& result) {
  if (!result.progress) {
    const auto asked = take_asked(result.request, Code::call);
    if (!asked) return;
    if (result.pass_through && calls_.contains(asked->owner))
      events_.on_pass_through(CallId{asked->owner}, result.pass_through);
    return finish_call(CallId{asked->owner}, result.payload);
  }
  const auto found = asked_.find(number(result.request));
  if (found == asked_.end() || found->second.code != Code::call || !calls_.contains(found->second.owner))
    return stray();
  const CallId call{found->second.owner};
  if (result.pass_through) events_.on_pass_through(call, result.pass_through);
  events_.on_progress(call, result.payload);
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

// The router did not answer, not even that it took too long, or that it was canceled. Its answer still counts
// as owed, so that calls without one are bounded.
void Agent::give_up_late_calls(MonotonicTime now) {
  while (!calls_due_.empty() && calls_due_.begin()->first <= now) {
    const CallId id{calls_due_.begin()->second};
    const bool canceled = calls_.at(std::to_underlying(id)).canceled;
    if (!canceled) cancel(id, CancelMode::killnowait, now);
    finish_call(id, canceled ? fail(Failure{error_uri::canceled, "the call was cancelled", {}})
                             : fail(Failure{error_uri::timeout, "the call was not answered in time", {}}));
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
    // Nobody is subscribed or registered any more.
    if (what.code == Code::unsubscribe || what.code == Code::unregister)
      events_.on_withdrawn(WishId{what.owner}, {});
  }
}

}  // namespace crosspoint::wamp::client
