// What the program asks.
#include <algorithm>
#include <utility>

#include "wamp/client/io/public_client.h"

namespace crosspoint {

WampClient::Pending<WampClient::Result> WampClient::Implementation::call(std::string_view procedure,
                                                                         const List& args, const Map& kwargs,
                                                                         CallOptions options) {
  auto [pending, promise] = make_pending<Result>();
  if (auto error = misuse(args, kwargs, options.passthru)) return promise.keep(std::move(*error)), pending;
  auto spelled = wamp::client::spell(format_, args, kwargs);
  if (!has_room_for_order(spelled.bytes())) return promise.keep(wamp::client::queue_full_error()), pending;
  // Known on the network's thread, where the order to cancel comes later than the call itself.
  const auto id = std::make_shared<std::optional<wamp::client::CallId>>();
  pending.state_->cancel = [door = door_, id](Cancel mode) {
    door->order([id, mode](Implementation& client) {
      if (*id) client.link_.agent().cancel(**id, wamp::client::to_wamp(mode), client.link_.now());
    });
  };
  if (options.more_follows) {
    pending.state_->send_more = [door = door_, id, format = format_](const List& more, const Map& by_name,
                                                                     bool follows) {
      door->order(
          [id, payload = wamp::client::spell(format, more, by_name), follows](Implementation& client) {
            if (*id) client.send_more(**id, payload.view(), follows);
          });
    };
  }
  order([word = std::move(promise), id, procedure = std::string(procedure), payload = std::move(spelled),
         options = std::move(options)](Implementation& client) mutable {
    wamp::client::CallOrder call{
        procedure,       payload.view(),       options.on_progress != nullptr,         options.disclose_me,
        options.timeout, options.more_follows, wamp::client::to_wamp(options.passthru)};
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

std::optional<WampClient::Error> WampClient::Implementation::misuse(
    const List& args, const Map& kwargs, const std::optional<WampPassthru>& how) const {
  if (!how) return std::nullopt;
  const bool fits = args.size() == 1 && args[0].binary() != nullptr && kwargs.empty() && !how->scheme.empty();
  if (fits && options_.passthru) return std::nullopt;
  return Error{std::string(wamp::error_uri::invalid_argument),
               fits ? "Options::passthru is not set"
                    : "a payload that is passed through is one binary argument, and has a scheme",
               {},
               {}};
}

// A call whose arguments are not whole is of no use.
void WampClient::Implementation::send_more(wamp::client::CallId call, const wamp::Payload& payload,
                                           bool follows) {
  const auto told = link_.agent().call_more(call, payload, follows);
  if (told == wamp::client::Told::yes) return;
  auto open = calls_.extract(call);
  if (open.empty()) return;
  link_.agent().cancel(call, wamp::CancelMode::killnowait, link_.now());
  open.mapped().promise.keep(wamp::client::to_error(wamp::client::failure_of(told)));
}

WampClient::Pending<std::uint64_t> WampClient::Implementation::publish(std::string_view topic,
                                                                       const List& args, const Map& kwargs,
                                                                       const PublishOptions& options) {
  auto [pending, promise] = make_pending<std::uint64_t>();
  if (auto error = misuse(args, kwargs, options.passthru)) return promise.keep(std::move(*error)), pending;
  auto spelled = wamp::client::spell(format_, args, kwargs);
  if (!has_room_for_order(spelled.bytes())) return promise.keep(wamp::client::queue_full_error()), pending;
  order([word = std::move(promise), topic = std::string(topic), payload = std::move(spelled),
         options](Implementation& client) mutable {
    const auto made = client.link_.agent().publish({.topic = topic,
                                                    .payload = payload.view(),
                                                    .acknowledge = options.acknowledge,
                                                    .exclude_me = options.exclude_me,
                                                    .retain = options.retain,
                                                    .disclose_me = options.disclose_me,
                                                    .lists = wamp::client::lists_of(options),
                                                    .pass_through = wamp::client::to_wamp(options.passthru)});
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
    const auto id = client.link_.agent().subscribe(wamp::client::to_wamp(kept->uri, options));
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
    const auto id = client.link_.agent().register_procedure(wamp::client::to_wamp(kept->uri, options));
    client.wishes_.emplace(id, Wish{handle, kept, {}, std::move(word)});
  });
  return pending;
}

WampClient::Pending<WampClient::Done> WampClient::Implementation::give_up(std::uint64_t handle) {
  auto [pending, promise] = make_pending<Done>();
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = handlers_.find(handle); found != handlers_.end()) {
      found->second->given_up = true;
      handlers_.erase(found);
    }
  }
  order([handle, word = std::move(promise)](Implementation& client) mutable {
    const auto found = std::ranges::find_if(client.wishes_,
                                            [&](const auto& entry) { return entry.second.handle == handle; });
    if (found == client.wishes_.end()) return word.keep(Done{});
    const auto id = found->first;
    client.wishes_.erase(found);
    if (client.link_.agent().withdraw(id)) return word.keep(Done{});
    client.withdrawals_.emplace(id, std::move(word));
  });
  return pending;
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
WampClient::Pending<WampClient::Done> WampClient::unsubscribe(Subscription subscription) {
  return implementation_->give_up(subscription.id);
}
WampClient::Pending<WampClient::Done> WampClient::unregister(Registration registration) {
  return implementation_->give_up(registration.id);
}
}  // namespace crosspoint
