#pragma once
// Hands one publication to the subscribers of each subscription that it matches. Lives on the stack of a
// PUBLISH; a plain one allocates nothing.

#include <cstdint>
#include <optional>

#include "wamp/incoming.h"
#include "wamp/participant.h"
#include "wamp/receiver_filter.h"
#include "wamp/shared_event.h"
#include "wamp/subscription.h"

namespace crosspoint::wamp {

// What became of the EVENTs of one publication.
struct DeliveryCount {
  std::size_t sent = 0;
  std::size_t too_large = 0;             // see Sent
  std::size_t not_spellable = 0;         // see Sent
  std::size_t without_pass_through = 0;  // the subscriber did not announce that it reads such payloads

  void note(Sent outcome);
};

// Payloads that the router does not read are for those that announced `payload_passthru_mode`. Autobahn's
// older keys are announced under other names, and read by all that could meet them.
bool can_read(const Participant& who, const PassThrough& keys);

class EventDelivery {
 public:
  // `publisher` may be null: the router itself. `disclosed`: what subscribers are told of it. All outlive
  // this.
  EventDelivery(const Publish& message, PublicationId publication, const Participant* publisher,
                std::optional<Disclosed> disclosed, bool may_be_missed);

  void deliver(const Subscription& subscription);

  const DeliveryCount& count() const { return count_; }

 private:
  void send(const Subscription& subscription, SharedEvent& plain, SharedEvent& acknowledged);
  bool may_receive(const Participant& who) const;

  const Publish& message_;
  const Participant* const publisher_;
  std::optional<ReceiverFilter> filter_;
  Event event_;
  DeliveryCount count_;
};

}  // namespace crosspoint::wamp
