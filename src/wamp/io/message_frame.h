#pragma once
// WebSocket frames around one message, as all transports of a kind share them: the message alone, or a batch
// of one (batch.h). What is in such a frame is what a long-poll answers with, header or not.

#include "wamp/batch.h"
#include "wamp/io/transport.h"
#include "wamp/subprotocol.h"

namespace crosspoint::wamp {

WireKind message_frame_kind(const Subprotocol& subprotocol, batch::Separator separator);

// In the slab of that kind.
Span message_frame(TransportHome& home, const Subprotocol& subprotocol, batch::Separator separator,
                   Bytes message);

// The frame without its header: a message, or a batch of one.
Span content_of(const Span& frame);

}  // namespace crosspoint::wamp
