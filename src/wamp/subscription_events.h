#pragma once
// What a broker tells about its subscriptions. The realm makes `wamp.subscription.on_…` events of it.
//
// on_create comes before the first on_subscribe, on_delete after the last on_unsubscribe. Told at the end of
// what changed it, so the realm may publish from inside, and ask; it may not change subscriptions.

#include "wamp/participant.h"

namespace crosspoint::wamp {

class Subscription;

class SubscriptionEvents {
 public:
  virtual void on_create(const Participant& subscriber, const Subscription& subscription) = 0;
  virtual void on_subscribe(const Participant& subscriber, const Subscription& subscription) = 0;
  virtual void on_unsubscribe(const Participant& subscriber, const Subscription& subscription) = 0;
  // The subscription can no longer be found; it lasts until this returns.
  virtual void on_delete(const Participant& last_subscriber, const Subscription& subscription) = 0;

 protected:
  ~SubscriptionEvents() = default;
};

}  // namespace crosspoint::wamp
