#include "wamp/event_delivery.h"

namespace crosspoint::wamp {

EventDelivery::EventDelivery(const Publish& message, PublicationId publication, const Participant* publisher,
                             std::optional<Disclosed> disclosed, bool may_be_missed)
    : message_(message), publisher_(publisher) {
  if (message.lists) filter_.emplace(*message.lists);
  event_.publication = publication;
  event_.publisher = disclosed;
  event_.pass_through = message.pass_through;
  event_.payload = message.payload;
  event_.may_be_missed = may_be_missed;
}

void EventDelivery::deliver(const Subscription& subscription) {
  if (subscription.subscribers().empty()) return;
  event_.subscription = subscription.id();
  event_.topic = subscription.match() == Match::exact ? std::string_view() : message_.topic;
  SharedEvent plain(event_);
  if (!message_.acknowledged_delivery) return send(subscription, plain, plain);
  Event asking = event_;
  asking.acknowledged_delivery = true;
  SharedEvent acknowledged(asking);
  send(subscription, plain, acknowledged);
}

void EventDelivery::send(const Subscription& subscription, SharedEvent& plain, SharedEvent& acknowledged) {
  for (const Subscriber& subscriber: subscription.subscribers()) {
    const Participant& who = *subscriber.who;
    if (!may_receive(who)) continue;
    if (!can_read(who, message_.pass_through)) {
      ++count_.without_pass_through;
      continue;
    }
    const bool acknowledges = who.features().has(Feature::subscriber_acknowledged_delivery);
    count_.note(who.peer().send_event(acknowledges ? acknowledged : plain));
  }
}

bool EventDelivery::may_receive(const Participant& who) const {
  if (&who == publisher_ && message_.exclude_me) return false;
  return !filter_ || filter_->admit(who);
}

bool can_read(const Participant& who, const PassThrough& keys) {
  return keys.dialect != PassThrough::Dialect::ppt ||
         who.features().has(Feature::subscriber_payload_passthru);
}

void DeliveryCount::note(Sent outcome) {
  switch (outcome) {
    case Sent::sent: ++sent; break;
    case Sent::too_large: ++too_large; break;
    case Sent::not_spellable: ++not_spellable; break;
  }
}

}  // namespace crosspoint::wamp
