#pragma once
// One WebSocket connection on one loop, for either role: RFC 6455 after the handshake, permessage-deflate if
// it was agreed (RFC 7692), pings, deadlines, the close handshake. Codecs are next door (frame_decoder.h,
// message_assembler.h, …); this is where they meet a stream.
//
// Sending: what is sent goes into the outbox and is written once, at the end of the turn. Spans of a topic's
// log (already framed for a server) enter the outbox directly; private messages and control frames are framed
// here. Control frames slip in between whole frames only.

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "fanout/outbox.h"
#include "net/loop.h"
#include "net/stream.h"
#include "websocket/message.h"

namespace crosspoint::websocket {

struct DeflateAgreement;  // handshake.h

// Shared by many sockets; outlives them.
struct SocketLimits {
  std::size_t message_bytes_max = 10 * 1024 * 1024;
  std::size_t empty_fragments_max = 1024;             // of one message; more is 1008 (row B5)
  Duration message_time_max = 30s;                    // from the first byte of a message to its last (row B4)
  std::uint32_t control_frames_per_second_max = 50;   // received; more is 1008 (row B8)
  Duration ping_every = 54s;                          // zero: never
  Duration dead_after = 60s;                          // without a byte from the peer
  Duration write_time_max = 10s;                      // without progress while something waits to be written
  Duration close_time_max = 1s;                       // from our close frame to the end of TCP
  std::uint64_t receive_bytes_per_second_max = 0;     // 0: no limit; over it reading pauses (row D6)
  std::uint64_t receive_messages_per_second_max = 0;  // the same
};

class SocketEvents {
 public:
  // A whole message; valid until the call returns. Text has been checked to be UTF-8.
  virtual void on_message(MessageType type, Bytes payload) = 0;
  // The connection is over: `peer` is what the other side said (or 1006 if nothing), `own` what we said, if
  // we did. Nothing follows. The socket must not be destroyed inside this call: give it, or its owner, to
  // Loop::dispose.
  virtual void on_closed(const CloseReason& peer, const std::optional<CloseReason>& own) = 0;
  // The outbox has been written out after it once could not be.
  virtual void on_drained() {}

 protected:
  ~SocketEvents() = default;
};

struct SocketCounters {
  std::uint64_t messages_received = 0, bytes_received = 0;  // payload of data messages
  std::uint64_t messages_sent = 0, bytes_sent = 0;          // private ones; a topic counts its own
};

class Socket final : private net::StreamEvents, private net::TurnEndHook {
 public:
  // `early` was read together with the handshake and comes before what the stream still has; it is handled in
  // start(). `random` gives mask keys (client role). Everything referred to outlives the socket.
  Socket(net::Loop& loop, std::unique_ptr<net::Stream> stream, Role role, const SocketLimits& limits,
         Random& random, SocketEvents& events, const DeflateAgreement* deflate = nullptr);
  ~Socket();
  // Writes `handshake` (a server's 101, empty for a client), then begins to read. Callbacks may come before
  // this returns when there are early bytes.
  void start(Bytes handshake, ByteVector early);

  void send(MessageType type, Bytes payload);
  // The queue of what is to be written. Spans of server-framed log may be pushed by a topic, followed by
  // wake().
  fanout::Outbox& outbox() { return outbox_; }
  // Write what is in the outbox at the end of this turn.
  void wake();

  // Begins the close handshake: what is in the outbox goes first, then the close frame. on_closed follows in
  // any case, at the latest after close_time_max. A second call changes nothing.
  void close(CloseCode code, std::string_view reason = {});
  // Ends the connection at once with TCP reset, for a peer that takes nothing. on_closed follows at the end
  // of the turn.
  void abort();
  bool open() const;  // neither side has begun to close

  void pause_reading();
  void resume_reading();

  const SocketCounters& counters() const;
  net::Address peer_address() const;
  std::size_t unwritten_bytes() const;

 private:
  void on_bytes(MutableBytes bytes) override;
  void on_end() override;
  void on_failure(net::StreamError error) override;
  void on_writable() override;
  void on_turn_end() override;

  net::Loop& loop_;
  std::unique_ptr<net::Stream> stream_;
  const SocketLimits& limits_;
  Random& random_;
  SocketEvents& events_;
  fanout::Outbox outbox_;
  // The builder of this room adds the rest; an idle socket should stay well under 300 bytes, timers included.
};

}  // namespace crosspoint::websocket
