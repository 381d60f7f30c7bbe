#pragma once
// Writes what a client says to a router: the other direction of read_message.h, with the same structs. For
// clients (client/), and for tests that need a message of every kind.

#include "base/bytes.h"
#include "data/format.h"
#include "wamp/incoming.h"
#include "wamp/peer.h"

namespace crosspoint::wamp {

// Appends the message to `out`. A payload of the same format is spliced, of another it is transcoded.
// Sent::not_spellable: it means nothing in this format, and nothing was appended. Never too_large, which a
// transport knows.
Sent write_request(data::Format format, const Incoming& message, ByteVector& out);

}  // namespace crosspoint::wamp
