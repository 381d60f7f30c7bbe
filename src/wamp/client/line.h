#pragma once
// What a client's session needs from its transport: WebSocket or RawSocket (io/transport.h), or a table-top
// in tests. The transport frames and writes; it knows nothing of what a message says.

#include <cstddef>

#include "base/bytes.h"
#include "data/format.h"
#include "wamp/client/login.h"

namespace crosspoint::wamp::client {

class Line {
 public:
  virtual data::Format format() const = 0;
  // What proofs are tied to; asked for once, when the session begins.
  virtual Channel channel() = 0;
  // The longest message that the router said it takes.
  virtual std::size_t message_bytes_max() const = 0;
  // May so many bytes more wait to be written?
  virtual bool has_room_for(std::size_t bytes) const = 0;
  // Queues one message for the router, in order with everything else.
  virtual void send(Bytes message) = 0;
  // What is queued goes first. The session is told when the transport is gone, never from inside this call.
  virtual void close() = 0;

 protected:
  ~Line() = default;
};

}  // namespace crosspoint::wamp::client
