#pragma once
// The broker of one realm: who subscribes to what, and who gets what is published (wamp-router section 7).
//
// Before it is called the realm has checked URIs (is_uri(), is_pattern()), permissions, and whether a
// publisher is disclosed. What a client asked for is answered here: SUBSCRIBED, PUBLISHED, ERROR. A
// participant stays known until leave().
//
// Ordering: what a publisher publishes reaches each subscriber in that order, since every PUBLISH is carried
// out before the next; SUBSCRIBED goes out before the subscription's first EVENT, and none follows
// UNSUBSCRIBED.

#include <optional>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "wamp/broker_settings.h"
#include "wamp/event_delivery.h"
#include "wamp/incoming.h"
#include "wamp/participant.h"
#include "wamp/retention.h"
#include "wamp/subscription_events.h"
#include "wamp/subscriptions.h"

namespace crosspoint::wamp {

// What the realm has decided about a PUBLISH.
struct PublishTerms {
  bool disclose = false;       // subscribers are told who published
  bool may_be_missed = false;  // by subscribers that are too slow (delivery_policy.h)
  bool empty_clears_retained =
      false;  // MQTT's rule: `retain` without a payload means that nothing is retained
};

struct PublishOutcome {
  std::optional<PublicationId> publication;  // none: it was refused, and nobody got it
  DeliveryCount delivered;
};

class Broker {
 public:
  // All outlive it.
  Broker(const BrokerSettings& settings, Random& random, SubscriptionEvents& events);
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  void subscribe(const Participant& subscriber, const Subscribe& message, WallTime now);
  void unsubscribe(const Participant& subscriber, const Unsubscribe& message);
  // `publisher`: null for what the router itself has to say; nobody is answered then.
  PublishOutcome publish(const Participant* publisher, const Publish& message, const PublishTerms& terms,
                         WallTime now);
  void event_received(const Participant& subscriber, const EventReceived& message);

  // Takes a subscriber out against its will; it is told when it announced `subscription_revocation`. `reason`
  // is a URI, or empty.
  enum class RemoveError : unsigned char { no_such_subscription, not_a_subscriber };
  Result<void, RemoveError> remove_subscriber(SubscriptionId subscription, SessionId session,
                                              std::string_view reason);
  // The participant is gone: nothing is sent to it any more, and nothing of it is left here.
  void leave(const Participant& participant);

  // Events that match are kept from now on; the subscription it returns has them as its history().
  Subscription& keep_history(std::string_view uri, Match match, const HistoryLimits& limits, WallTime now);
  // Each event that matches is retained from now on, whether its publisher asks for it or not. One for which
  // there is no room is delivered all the same.
  Subscription& retain_all(std::string_view uri, Match match, WallTime now);
  // Forgets the events of histories that have become too old; once a minute will do.
  void expire_histories(WallTime now);
  bool keeps_histories() const { return !histories_.empty(); }

  const Subscriptions& subscriptions() const { return subscriptions_; }
  Retention& retention() { return retention_; }
  const BrokerCounters& counters() const { return counters_; }

 private:
  void send_retained(const Participant& subscriber, const Subscription& subscription);
  bool retain(const SharedKeptEvent& event, const PublishTerms& terms);
  PublishOutcome refuse(const Participant* publisher, const Publish& message, std::string_view error,
                        std::string_view text);
  void end_subscription(const Participant& subscriber, Subscription& subscription);
  void count(const DeliveryCount& delivered);

  const BrokerSettings& settings_;
  Random& random_;
  SubscriptionEvents& events_;
  Subscriptions subscriptions_;
  Retention retention_;
  std::vector<History*> histories_;  // owned by their subscriptions, which stay
  BrokerCounters counters_;
};

}  // namespace crosspoint::wamp
