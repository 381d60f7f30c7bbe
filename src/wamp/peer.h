#pragma once
// Someone who can be sent messages: a client at the end of a WebSocket or RawSocket, or a part of this
// program that takes part in a realm (the meta API, the management, a database). Broker and dealer cannot
// tell them apart.
//
// The transport owns its peer and tells the realm when it is gone; nothing here closes anything.

#include <cstdint>

#include "data/format.h"
#include "wamp/outgoing.h"

namespace crosspoint::wamp {

class SharedEvent;  // shared_event.h: an EVENT that many get, spelt once for each kind of wire

// What became of a message. Only a message with a payload can be anything but `sent`.
enum class Sent : std::uint8_t {
  sent,           // queued, or on its way; or the peer is going, and it no longer matters
  too_large,      // longer than the peer said it takes: it was not sent
  not_spellable,  // its payload means nothing in the peer's format (data::Cause::no_equivalent,
                  // not_a_text_key): not sent
};

class Peer {
 public:
  // The format that the peer reads.
  virtual data::Format format() const = 0;
  // May be called again from inside; never calls back into the realm.
  virtual Sent send(const Outgoing& message) = 0;
  // An EVENT goes to many: what one peer had spelt, the next of its kind uses.
  virtual Sent send_event(SharedEvent& event) = 0;

 protected:
  ~Peer() = default;
};

}  // namespace crosspoint::wamp
