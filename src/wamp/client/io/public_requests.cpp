// What the program asks, what it is told, and what it is asked itself.
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
  const auto* text = error.args.empty() ? nullptr : error.args.front().text();
  if (error.sentence.empty() && text != nullptr) error.sentence = *text;
  if (error.sentence.empty()) error.sentence = error.uri;
  return error;
}

WampClient::Error closed_error() { return {"crosspoint.error.closed", "the client has been closed", {}, {}}; }

}  // namespace wamp::client

namespace {

WampClient::Peer to_peer(const std::optional<wamp::Disclosed>& who) {
  if (!who) return {};
  return {wamp::number(who->session), std::string(who->authid), std::string(who->authrole)};
}

WampClient::Result to_result(const Payload& payload) {
  auto [args, kwargs] = wamp::client::values_of(payload);
  return {std::move(args), std::move(kwargs)};
}

wamp::Match to_wamp(WampClient::Match match) {
  switch (match) {
    case WampClient::Match::exact: return wamp::Match::exact;
    case WampClient::Match::prefix: return wamp::Match::prefix;
    case WampClient::Match::wildcard: return wamp::Match::wildcard;
  }
  return wamp::Match::exact;
}

wamp::Invoke to_wamp(WampClient::Invoke invoke) {
  switch (invoke) {
    case WampClient::Invoke::single: return wamp::Invoke::single;
    case WampClient::Invoke::roundrobin: return wamp::Invoke::roundrobin;
    case WampClient::Invoke::random: return wamp::Invoke::random;
    case WampClient::Invoke::first: return wamp::Invoke::first;
    case WampClient::Invoke::last: return wamp::Invoke::last;
  }
  return wamp::Invoke::single;
}

}  // namespace

WampClient::Pending<WampClient::Result> WampClient::Implementation::call(std::string_view procedure,
                                                                         const List& args, const Map& kwargs,
                                                                         CallOptions options) {
  auto [pending, promise] = make_pending<Result>();
  // Known on the network's thread, where the order to cancel comes later than the call itself.
  const auto id = std::make_shared<std::optional<wamp::client::CallId>>();
  pending.state_->cancel = [door = door_, id] {
    door->order([id](Implementation& client) {
      if (*id) client.link_.agent().cancel(**id, wamp::CancelMode::kill);
    });
  };
  order([word = std::move(promise), id, procedure = std::string(procedure),
         payload = wamp::client::spell(format_, args, kwargs),
         options = std::move(options)](Implementation& client) mutable {
    wamp::client::CallOrder call{procedure, payload.view(), options.on_progress != nullptr,
                                 options.disclose_me, options.timeout};
    const auto made = client.link_.agent().call(call, client.link_.now());
    if (!made) return word.keep(wamp::client::to_error(wamp::client::failure_of(made.error())));
    *id = *made;
    auto on_progress =
        options.on_progress
            ? std::make_shared<std::function<void(const Result&)>>(std::move(options.on_progress))
            : nullptr;
    client.calls_.emplace(*made, OpenCall{std::move(word), std::move(on_progress)});
  });
  return pending;
}

WampClient::Pending<std::uint64_t> WampClient::Implementation::publish(std::string_view topic,
                                                                       const List& args, const Map& kwargs,
                                                                       const PublishOptions& options) {
  auto [pending, promise] = make_pending<std::uint64_t>();
  order([word = std::move(promise), topic = std::string(topic),
         payload = wamp::client::spell(format_, args, kwargs), options](Implementation& client) mutable {
    const auto made = client.link_.agent().publish({.topic = topic,
                                                    .payload = payload.view(),
                                                    .acknowledge = options.acknowledge,
                                                    .exclude_me = options.exclude_me,
                                                    .retain = options.retain,
                                                    .disclose_me = options.disclose_me});
    if (!made) return word.keep(wamp::client::to_error(wamp::client::failure_of(made.error())));
    if (!options.acknowledge) return word.keep(std::uint64_t{0});
    client.publications_.emplace(*made, std::move(word));
  });
  return pending;
}

std::uint64_t WampClient::Implementation::keep_handler(const std::shared_ptr<Handler>& handler) {
  const std::lock_guard lock(mutex_);
  handlers_.emplace(++handles_, handler);
  return handles_;
}

WampClient::Pending<WampClient::Subscription> WampClient::Implementation::subscribe(
    std::string_view topic, std::function<void(const Event&)> handler, const SubscribeOptions& options) {
  auto [pending, promise] = make_pending<Subscription>();
  auto kept = std::make_shared<Handler>();
  kept->uri = topic;
  kept->on_event = std::move(handler);
  const auto handle = keep_handler(kept);
  order([word = std::move(promise), kept, handle, options](Implementation& client) mutable {
    const auto id = client.link_.agent().subscribe({kept->uri, to_wamp(options.match), options.get_retained});
    client.wishes_.emplace(id, Wish{handle, kept, std::move(word), {}});
  });
  return pending;
}

WampClient::Pending<WampClient::Registration> WampClient::Implementation::register_procedure(
    std::string_view procedure, std::function<void(Invocation)> handler, const RegisterOptions& options) {
  auto [pending, promise] = make_pending<Registration>();
  auto kept = std::make_shared<Handler>();
  kept->uri = procedure;
  kept->on_invocation = std::move(handler);
  const auto handle = keep_handler(kept);
  order([word = std::move(promise), kept, handle, options](Implementation& client) mutable {
    const auto id = client.link_.agent().register_procedure(
        {kept->uri, to_wamp(options.match), to_wamp(options.invoke), options.concurrency, options.force});
    client.wishes_.emplace(id, Wish{handle, kept, {}, std::move(word)});
  });
  return pending;
}

void WampClient::Implementation::give_up(std::uint64_t handle) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = handlers_.find(handle);
    if (found == handlers_.end()) return;
    found->second->given_up = true;
    handlers_.erase(found);
  }
  order([handle](Implementation& client) {
    for (auto& [id, wish]: client.wishes_) {
      if (wish.handle != handle) continue;
      client.link_.agent().withdraw(id);
      client.wishes_.erase(id);
      return;
    }
  });
}

void WampClient::Implementation::on_progress(wamp::client::CallId call, const Payload& payload) {
  const auto found = calls_.find(call);
  if (found == calls_.end() || !found->second.on_progress) return;
  deliver(Inbox::Kind::event, payload.bytes(),
          [callback = found->second.on_progress, kept = wamp::KeptPayload(payload)] {
            (*callback)(to_result(kept.view()));
          });
}

void WampClient::Implementation::on_result(wamp::client::CallId call,
                                           const crosspoint::Result<Payload, Failure>& result) {
  auto open = calls_.extract(call);
  if (open.empty()) return;
  if (result) return open.mapped().promise.keep(to_result(*result));
  open.mapped().promise.keep(wamp::client::to_error(result.error()));
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
  deliver(Inbox::Kind::call, 0, [this, uri = wish.handler->uri, error] { options_.on_lost(uri, error); });
}

void WampClient::Implementation::on_event(wamp::client::WishId id, const wamp::Event& event) {
  const auto found = wishes_.find(id);
  if (found == wishes_.end()) return;
  auto told = Event{std::string(event.topic),
                    {},
                    {},
                    wamp::number(event.publication),
                    to_peer(event.publisher),
                    event.retained};
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
  if (found == wishes_.end()) return link_.agent().refuse(invoked.id, wamp::error_uri::unavailable, {});
  auto state = std::make_shared<Invocation::State>();
  state->door = door_;
  state->id = invoked.id;
  state->format = format_;
  state->procedure = invoked.procedure;
  state->caller = to_peer(invoked.caller);
  state->wants_progress = invoked.receive_progress;
  state->payload = wamp::KeptPayload(invoked.payload);
  invocations_.emplace(invoked.id, state);
  deliver(Inbox::Kind::call, 0, [handler = found->second.handler, state = std::move(state)] {
    auto [args, kwargs] = wamp::client::values_of(state->payload.view());
    state->args = std::move(args);
    state->kwargs = std::move(kwargs);
    Invocation invocation(state);
    if (handler->given_up) return invocation.fail(wamp::error_uri::unavailable);
    handler->on_invocation(std::move(invocation));
  });
}

void WampClient::Implementation::on_interrupt(wamp::client::InvocationId id) {
  const auto found = invocations_.find(id);
  const auto state = found == invocations_.end() ? nullptr : found->second.lock();
  if (!state) return;
  std::function<void()> on_cancel;
  {
    const std::lock_guard lock(state->mutex);
    if (std::exchange(state->cancelled, true)) return;
    on_cancel = std::exchange(state->on_cancel, nullptr);
  }
  if (on_cancel) deliver(Inbox::Kind::call, 0, std::move(on_cancel));
}

WampClient::Pending<WampClient::Result> WampClient::call(std::string_view procedure, List args, Map kwargs) {
  return call(procedure, std::move(args), std::move(kwargs), {});
}
WampClient::Pending<WampClient::Result> WampClient::call(std::string_view procedure, List args, Map kwargs,
                                                         CallOptions options) {
  return implementation_->call(procedure, args, kwargs, std::move(options));
}
WampClient::Pending<std::uint64_t> WampClient::publish(std::string_view topic, List args, Map kwargs) {
  return publish(topic, std::move(args), std::move(kwargs), {});
}
WampClient::Pending<std::uint64_t> WampClient::publish(std::string_view topic, List args, Map kwargs,
                                                       PublishOptions options) {
  return implementation_->publish(topic, args, kwargs, options);
}
WampClient::Pending<WampClient::Subscription> WampClient::subscribe(
    std::string_view topic, std::function<void(const Event&)> handler) {
  return subscribe(topic, std::move(handler), {});
}
WampClient::Pending<WampClient::Subscription> WampClient::subscribe(std::string_view topic,
                                                                    std::function<void(const Event&)> handler,
                                                                    SubscribeOptions options) {
  return implementation_->subscribe(topic, std::move(handler), options);
}
WampClient::Pending<WampClient::Registration> WampClient::register_procedure(
    std::string_view procedure, std::function<void(Invocation)> handler) {
  return register_procedure(procedure, std::move(handler), {});
}
WampClient::Pending<WampClient::Registration> WampClient::register_procedure(
    std::string_view procedure, std::function<void(Invocation)> handler, RegisterOptions options) {
  return implementation_->register_procedure(procedure, std::move(handler), options);
}
void WampClient::unsubscribe(Subscription subscription) { implementation_->give_up(subscription.id); }
void WampClient::unregister(Registration registration) { implementation_->give_up(registration.id); }
const WampValue& WampClient::Result::value() const {
  static const WampValue none;
  return args.empty() ? none : args.front();
}

}  // namespace crosspoint
