// What the program is told, and what it is asked itself.
#include <utility>

#include "wamp/client/io/public_client.h"

namespace crosspoint {

using wamp::Payload;
using wamp::client::Failure;
using wamp::client::Inbox;

namespace wamp::client {

WampClient::Error to_error(const Failure& failure) {
  auto [args, kwargs] = values_of(failure.payload);
  WampClient::Error error{std::string(failure.uri), std::string(failure.sentence), std::move(args),
                          std::move(kwargs)};
  const auto* text = error.args[0].text();
  if (error.sentence.empty() && text != nullptr) error.sentence = *text;
  if (error.sentence.empty()) error.sentence = error.uri;
  return error;
}

WampClient::Error closed_error() { return {"crosspoint.error.closed", "the client has been closed", {}, {}}; }

WampClient::Error too_slow_error() {
  return {"crosspoint.error.too_slow",
          "more comes than the program takes: there is no room for this result",
          {},
          {}};
}

WampClient::Error queue_full_error() { return to_error(failure_of(Told::no_room)); }

std::string words_of_current_exception() {
  try {
    throw;
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

}  // namespace wamp::client

namespace {

WampClient::Peer to_peer(const std::optional<wamp::Disclosed>& who) {
  if (!who) return {};
  return {wamp::number(who->session), std::string(who->authid), std::string(who->authrole)};
}

WampClient::Result to_result(const Payload& payload, std::optional<WampPassthru> passthru) {
  auto [args, kwargs] = wamp::client::values_of(payload);
  return {std::move(args), std::move(kwargs), std::move(passthru)};
}

}  // namespace

void WampClient::Implementation::on_pass_through(wamp::client::CallId call, const wamp::PassThrough& how) {
  const auto found = calls_.find(call);
  if (found != calls_.end()) found->second.passthru = wamp::client::to_public(how);
}

void WampClient::Implementation::on_progress(wamp::client::CallId call, const Payload& payload) {
  const auto found = calls_.find(call);
  if (found == calls_.end() || !found->second.on_progress) return;
  if (!has_room_for(payload.bytes())) {
    auto open = calls_.extract(found);
    link_.agent().cancel(call, wamp::CancelMode::killnowait, link_.now());
    return open.mapped().promise.keep(wamp::client::too_slow_error());
  }
  deliver(Inbox::Kind::call, payload.bytes(),
          [callback = found->second.on_progress, kept = wamp::KeptPayload(payload),
           passthru = std::exchange(found->second.passthru, std::nullopt)] {
            (*callback)(to_result(kept.view(), passthru));
          });
}

void WampClient::Implementation::on_result(wamp::client::CallId call,
                                           const crosspoint::Result<Payload, Failure>& result) {
  if (take_testament_result(call, result)) return;
  auto open = calls_.extract(call);
  if (open.empty()) return;
  if (result)
    return open.mapped().promise.keep(to_result(*result, std::move(open.mapped().passthru)), result->bytes());
  open.mapped().promise.keep(wamp::client::to_error(result.error()), result.error().payload.bytes());
}

void WampClient::Implementation::on_published(
    wamp::client::PublishId id, const crosspoint::Result<wamp::PublicationId, Failure>& result) {
  auto open = publications_.extract(id);
  if (open.empty()) return;
  if (result) return open.mapped().keep(wamp::number(*result));
  open.mapped().keep(wamp::client::to_error(result.error()));
}

void WampClient::Implementation::on_granted(wamp::client::WishId id) {
  const auto found = wishes_.find(id);
  if (found == wishes_.end()) return;
  auto& wish = found->second;
  wish.granted = true;
  wish.subscription.keep(Subscription{wish.handle});
  wish.registration.keep(Registration{wish.handle});
}

void WampClient::Implementation::on_denied(wamp::client::WishId id, const Failure& failure) {
  auto gone = wishes_.extract(id);
  if (gone.empty()) return;
  auto& wish = gone.mapped();
  {
    const std::lock_guard lock(mutex_);
    handlers_.erase(wish.handle);
  }
  const auto error = wamp::client::to_error(failure);
  wish.subscription.keep(error);
  wish.registration.keep(error);
  if (!wish.granted || !options_.on_lost) return;
  deliver(Inbox::Kind::bulletin, 0, [this, uri = wish.handler->uri, error] { options_.on_lost(uri, error); });
}

void WampClient::Implementation::on_withdrawn(wamp::client::WishId id,
                                              const crosspoint::Result<void, Failure>& result) {
  auto open = withdrawals_.extract(id);
  if (open.empty()) return;
  if (result) return open.mapped().keep(Done{});
  open.mapped().keep(wamp::client::to_error(result.error()));
}

void WampClient::Implementation::on_event(wamp::client::WishId id, const wamp::Event& event) {
  const auto found = wishes_.find(id);
  if (found == wishes_.end()) return;
  auto told = Event{std::string(event.topic),
                    {},
                    {},
                    wamp::number(event.publication),
                    to_peer(event.publisher),
                    event.retained,
                    wamp::client::to_public(event.pass_through)};
  deliver(Inbox::Kind::event, event.payload.bytes() + event.topic.size(),
          [handler = found->second.handler, told = std::move(told),
           kept = wamp::KeptPayload(event.payload)]() mutable {
            if (handler->given_up) return;
            auto [args, kwargs] = wamp::client::values_of(kept.view());
            told.args = std::move(args);
            told.kwargs = std::move(kwargs);
            handler->on_event(told);
          });
}

void WampClient::Implementation::on_invocation(wamp::client::WishId id,
                                               const wamp::client::Invoked& invoked) {
  const auto found = wishes_.find(id);
  const auto bytes = invoked.payload.bytes() + invoked.procedure.size();
  if (found == wishes_.end() || !has_room_for(bytes))
    return link_.agent().refuse(invoked.id, wamp::error_uri::unavailable, {});
  auto state = std::make_shared<Invocation::State>();
  state->door = door_;
  state->id = invoked.id;
  state->format = format_;
  state->procedure = invoked.procedure;
  state->caller = to_peer(invoked.caller);
  state->wants_progress = invoked.receive_progress;
  state->more_follows = invoked.more_follows;
  state->passthru = wamp::client::to_public(invoked.pass_through);
  if (invoked.timeout_ms != 0)
    state->deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(invoked.timeout_ms);
  state->payload = wamp::KeptPayload(invoked.payload);
  invocations_.emplace(invoked.id, state);
  deliver(Inbox::Kind::call, bytes,
          [this, handler = found->second.handler, state = std::move(state)] { handle(handler, state); });
}

// In the program's thread. What becomes of the invocation while the handler runs is looked at afterwards,
// since one that is dropped is answered in another way when that was an exception's doing.
void WampClient::Implementation::handle(const std::shared_ptr<Handler>& handler,
                                        const std::shared_ptr<Invocation::State>& state) {
  auto [args, kwargs] = wamp::client::values_of(state->payload.view());
  state->args = std::move(args);
  state->kwargs = std::move(kwargs);
  Invocation invocation(state);
  if (handler->given_up) return invocation.fail(wamp::error_uri::unavailable);
  state->in_handler = true;
  std::string thrown;
  bool threw = false;
  try {
    handler->on_invocation(std::move(invocation));
  } catch (...) {
    threw = true;
    thrown = wamp::client::words_of_current_exception();
  }
  bool dropped = false;
  {
    const std::lock_guard lock(state->mutex);
    state->in_handler = false;
    dropped = state->dropped;
  }
  if (threw) {
    state->fail(wamp::error_uri::runtime_error, {thrown}, {});
    note_exception(thrown);
  } else if (dropped) {
    state->fail(wamp::error_uri::runtime_error, {"the procedure gave no answer"}, {});
  }
}

// Arguments that there is no room for end the call: it could not be answered without them.
void WampClient::Implementation::on_more(wamp::client::InvocationId id, const Payload& payload,
                                         bool more_follows) {
  const auto found = invocations_.find(id);
  auto state = found == invocations_.end() ? nullptr : found->second.lock();
  if (!state) return;
  if (!has_room_for(payload.bytes()))
    return state->fail(wamp::error_uri::unavailable, {"no room for more arguments"}, {});
  deliver(Inbox::Kind::call, payload.bytes(), [state, kept = wamp::KeptPayload(payload), more_follows] {
    auto [args, kwargs] = wamp::client::values_of(kept.view());
    state->take_more({std::move(args), std::move(kwargs), !more_follows});
  });
}

void WampClient::Implementation::on_interrupt(wamp::client::InvocationId id) {
  const auto found = invocations_.find(id);
  const auto state = found == invocations_.end() ? nullptr : found->second.lock();
  if (!state) return;
  std::function<void()> on_cancel;
  std::shared_ptr<std::function<void(const WampMore&)>> on_more;  // nothing more comes
  {
    const std::lock_guard lock(state->mutex);
    if (std::exchange(state->cancelled, true)) return;
    on_cancel = std::exchange(state->on_cancel, nullptr);
    on_more.swap(state->on_more);
  }
  if (!on_cancel && !on_more) return;
  deliver(Inbox::Kind::bulletin, 0, [on_cancel, on_more] {
    if (on_cancel) on_cancel();
  });
}

}  // namespace crosspoint
