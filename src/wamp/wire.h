#pragma once
// What a session needs from its transport: WebSocket, RawSocket, long-poll. The transport frames and writes;
// it knows nothing of what a message says.

#include "base/bytes.h"
#include "base/segment.h"
#include "data/format.h"
#include "fanout/outbox.h"
#include "wamp/shared_event.h"

namespace crosspoint::wamp {

// Why a session ends its transport: transports that can say so to the other end, do (WebSocket's close code).
enum class Farewell : std::uint8_t {
  done,                // GOODBYE was said both ways, or the client left
  refused,             // ABORT was sent: the realm or the client's credentials are no good
  protocol_violation,  // ABORT was sent
  silent,              // it did not say HELLO in time
  too_slow,            // it does not read, or not fast enough
  shutdown,            // the router ends
};

class Wire {
 public:
  virtual data::Format format() const = 0;
  // One number for each format and framing.
  virtual WireKind kind() const = 0;
  // The longest message that the other end takes.
  virtual std::size_t message_bytes_max() const = 0;

  // Queues one message for the client, in order with everything else.
  virtual void send(Bytes message) = 0;
  // Frames a message so that all wires of this kind can send it, and queues such a frame, which may be thrown
  // away later, for others, if it may.
  virtual Span frame_for_many(Bytes message) = 0;
  virtual void send_frame(const Span& frame, fanout::Keep keep) = 0;
  // While a message waits for the gate nothing more need be read, where that can be stopped. What was read
  // already may still be given to the session.
  virtual void pause_reading() {}
  virtual void resume_reading() {}
  // What is queued goes first. The session is told when the transport is gone, never from inside this call.
  virtual void close(Farewell why) = 0;
  // Session::deadline() is another, and nothing that came by this wire is the reason: somebody ended the
  // session. Wires that look at it at the end of each turn in which they sent need do nothing.
  virtual void deadline_changed() {}

 protected:
  ~Wire() = default;
};

}  // namespace crosspoint::wamp
