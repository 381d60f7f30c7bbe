#include "wamp/broker.h"

#include <algorithm>

#include "wamp/error_uri.h"

namespace crosspoint::wamp {
namespace {

PublicationId draw_publication(Random& random) { return PublicationId{1 + random.below(id_max)}; }

void send_error(const Participant& to, Code type, RequestId request, std::string_view error,
                std::string_view text) {
  ErrorOut message;
  message.type = type;
  message.request = request;
  message.error = error;
  message.text = text;
  to.peer().send(message);
}

Event retained_event(const KeptEvent& kept, const Subscription& subscription) {
  Event event;
  event.subscription = subscription.id();
  event.publication = kept.publication;
  if (subscription.match() != Match::exact) event.topic = kept.topic;
  if (kept.publisher) event.publisher = kept.publisher->view();
  event.retained = true;
  event.pass_through = kept.pass_through.view();
  event.payload = kept.payload.view();
  return event;
}

}  // namespace

Broker::Broker(const BrokerSettings& settings, Random& random, SubscriptionEvents& events)
    : settings_(settings), random_(random), events_(events), subscriptions_(settings), retention_(settings) {}

void Broker::subscribe(const Participant& subscriber, const Subscribe& message, WallTime now) {
  const auto joined = subscriptions_.join(subscriber, message.topic, message.match, now);
  if (!joined) {
    const bool session = joined.error() == Subscriptions::Full::session;
    ++(session ? counters_.subscriptions_refused_for_session : counters_.subscriptions_refused);
    return send_error(subscriber, Code::subscribe, message.request, error_uri::unavailable,
                      session ? "this session has as many subscriptions as one may have"
                              : "there are as many subscriptions as this router may have");
  }
  const Subscription& subscription = *joined->subscription;
  subscriber.peer().send(Subscribed{message.request, subscription.id()});
  if (message.get_retained) send_retained(subscriber, subscription);
  if (joined->created) events_.on_create(subscriber, subscription);
  if (joined->joined) events_.on_subscribe(subscriber, subscription);
}

void Broker::send_retained(const Participant& subscriber, const Subscription& subscription) {
  DeliveryCount delivered;
  for (const auto& kept: retention_.select(subscription.uri(), subscription.match(), subscriber)) {
    if (!can_read(subscriber, kept->pass_through.view())) {
      ++delivered.without_pass_through;
    } else {
      delivered.note(subscriber.peer().send(retained_event(*kept, subscription)));
    }
  }
  count(delivered);
}

void Broker::unsubscribe(const Participant& subscriber, const Unsubscribe& message) {
  Subscription* subscription = subscriptions_.find(message.subscription);
  if (subscription == nullptr || !subscriptions_.leave(subscriber, *subscription)) {
    return send_error(subscriber, Code::unsubscribe, message.request, error_uri::no_such_subscription,
                      "this session is not subscribed there");
  }
  subscriber.peer().send(Unsubscribed{message.request});
  end_subscription(subscriber, *subscription);
}

void Broker::event_received(const Participant&, const EventReceived&) { ++counters_.events_received; }

Result<void, Broker::RemoveError> Broker::remove_subscriber(SubscriptionId id, SessionId session,
                                                            std::string_view reason) {
  Subscription* subscription = subscriptions_.find(id);
  if (subscription == nullptr) return fail(RemoveError::no_such_subscription);
  const auto there = std::ranges::find(subscription->subscribers(), session,
                                       [](const Subscriber& subscriber) { return subscriber.who->id(); });
  if (there == subscription->subscribers().end()) return fail(RemoveError::not_a_subscriber);
  const Participant& who = *there->who;
  subscriptions_.leave(who, *subscription);
  ++counters_.revoked;
  if (who.features().has(Feature::subscriber_revocation)) who.peer().send(SubscriptionRevoked{id, reason});
  end_subscription(who, *subscription);
  return {};
}

// First it is out everywhere: the meta events that follow are not for it.
void Broker::leave(const Participant& participant) {
  for (Subscription* subscription: subscriptions_.leave_all(participant)) {
    end_subscription(participant, *subscription);
  }
}

void Broker::end_subscription(const Participant& subscriber, Subscription& subscription) {
  events_.on_unsubscribe(subscriber, subscription);
  if (const auto taken = subscriptions_.take_unused(subscription)) events_.on_delete(subscriber, *taken);
}

PublishOutcome Broker::publish(const Participant* publisher, const Publish& message,
                               const PublishTerms& terms, WallTime now) {
  if (message.lists && entry_count(*message.lists) > settings_.receiver_list_entries_max) {
    ++counters_.publications_refused_for_lists;
    return refuse(publisher, message, error_uri::invalid_argument, "the lists of receivers are too long");
  }
  if (message.retain && settings_.retained_topics_max == 0) {
    ++counters_.publications_refused_for_retention;
    return refuse(publisher, message, error_uri::option_not_allowed, "this realm retains no events");
  }
  const PublicationId id = draw_publication(random_);
  const Participant* disclosed = terms.disclose ? publisher : nullptr;
  SharedKeptEvent kept;  // made when it is needed
  if (message.retain) kept = keep_event(message, id, disclosed, now);
  if (message.retain && !retain(kept, terms)) {
    ++counters_.publications_refused_for_retention;
    return refuse(publisher, message, error_uri::unavailable, "this router retains as many events as it may");
  }
  EventDelivery delivery(message, id, publisher,
                         disclosed == nullptr ? std::nullopt : std::optional(disclosed->disclosed()),
                         terms.may_be_missed);
  bool retain_anyway = false;
  subscriptions_.match(message.topic, [&](const Subscription& subscription) {
    delivery.deliver(subscription);
    retain_anyway = retain_anyway || subscription.retains();
    if (subscription.history() == nullptr || !History::keeps(message)) return;
    if (kept == nullptr) kept = keep_event(message, id, disclosed, now);
    subscription.history()->add(kept);
  });
  if (retain_anyway && !message.retain) {
    if (kept == nullptr) kept = keep_event(message, id, disclosed, now);
    if (!retain(kept, terms)) ++counters_.events_not_retained;
  }
  ++counters_.publications;
  count(delivery.count());
  if (publisher != nullptr && message.acknowledge) publisher->peer().send(Published{message.request, id});
  return {id, delivery.count()};
}

bool Broker::retain(const SharedKeptEvent& event, const PublishTerms& terms) {
  if (!terms.empty_clears_retained || event->payload.bytes() > 0) return retention_.keep(event);
  retention_.clear(event->topic);
  return true;
}

PublishOutcome Broker::refuse(const Participant* publisher, const Publish& message, std::string_view error,
                              std::string_view text) {
  if (publisher != nullptr && message.acknowledge) {
    send_error(*publisher, Code::publish, message.request, error, text);
  }
  return {};
}

void Broker::count(const DeliveryCount& delivered) {
  counters_.events += delivered.sent;
  counters_.events_too_large += delivered.too_large;
  counters_.events_not_spellable += delivered.not_spellable;
  counters_.events_without_pass_through += delivered.without_pass_through;
}

Subscription& Broker::keep_history(std::string_view uri, Match match, const HistoryLimits& limits,
                                   WallTime now) {
  Subscription& subscription = subscriptions_.keep_history(uri, match, limits, now);
  histories_.push_back(subscription.history());
  return subscription;
}

Subscription& Broker::retain_all(std::string_view uri, Match match, WallTime now) {
  return subscriptions_.retain_all(uri, match, now);
}

void Broker::expire_histories(WallTime now) {
  for (History* history: histories_) history->expire(now);
}

}  // namespace crosspoint::wamp
