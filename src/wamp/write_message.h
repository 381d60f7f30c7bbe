#pragma once
// Writes what the router sends: one message, in the format of the peer. A payload of the same format is
// spliced, of another it is transcoded; Details are put together here.
//
// What wamp-router §1 asks of a router is held here once: no null for Args or Kwargs, [] for Args where there
// are Kwargs only.

#include "base/bytes.h"
#include "data/format.h"
#include "wamp/outgoing.h"
#include "wamp/peer.h"

namespace crosspoint::wamp {

// Appends the message to `out`. Sent::not_spellable: nothing was appended. Never too_large, which a transport
// knows.
Sent write_message(data::Format format, const Outgoing& message, ByteVector& out);

// The same of an EVENT, without a variant around it.
Sent write_event(data::Format format, const Event& event, ByteVector& out);

}  // namespace crosspoint::wamp
