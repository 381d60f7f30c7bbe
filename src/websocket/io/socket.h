#pragma once
// One WebSocket connection on one loop, for either role: RFC 6455 after the handshake, permessage-deflate if
// it was agreed (RFC 7692), pings, deadlines, the close handshake. Codecs are next door (frame_decoder.h,
// message_assembler.h, …); this is where they meet a stream.
//
// Sending: what is sent goes into the outbox and is written once, at the end of the turn. Spans of a topic's
// log (already framed for a server) enter the outbox directly; private messages and control frames are framed
// here. Control frames slip in between whole frames only, ahead of what waits.
//
// Receiving: messages are handed out as they complete. An idle connection holds neither decoder nor buffer
// nor compression state: they exist while a message is half here.
//
// The outbox has no bound of its own: its owner has a policy for peers that do not read (unwritten_bytes(),
// on_drained(), on_slow()).

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "fanout/outbox.h"
#include "net/loop.h"
#include "net/stream.h"
#include "websocket/message.h"

namespace crosspoint::websocket {

struct DeflateAgreement;  // handshake.h
struct Message;           // message_assembler.h

// Shared by many sockets; outlives them. Times are finite and, but for ping_every, greater than zero.
struct SocketLimits {
  std::size_t message_bytes_max = 10 * 1024 * 1024;
  std::size_t empty_fragments_max = 1024;             // of one message; more is 1008 (row B5)
  Duration message_time_max = 30s;                    // from the first byte of a message to its last (row B4)
  std::uint32_t control_frames_per_second_max = 50;   // received; more is 1008 (row B8)
  Duration ping_every = 54s;                          // zero: never
  Duration dead_after = 60s;                          // without a byte from the peer, of whatever kind
  Duration write_time_max = 10s;                      // without progress while something waits to be written
  Duration waiting_age_max = 0s;                      // of the oldest in the outbox; 0: no limit
  Duration close_time_max = 1s;                       // from our decision to close to the end of TCP
  std::uint64_t receive_bytes_per_second_max = 0;     // 0: no limit; over it reading pauses (row D6)
  std::uint64_t receive_messages_per_second_max = 0;  // the same
  // A close frame without a code is answered with 1000 instead of without one: some clients take any other
  // end for a broken connection (AutobahnJS).
  bool bare_close_is_normal = false;
};

enum class Slowness : std::uint8_t {
  stalled,  // nothing was taken for write_time_max
  behind,   // the oldest of what waits has waited for waiting_age_max
};

class SocketEvents {
 public:
  // A whole message; valid until the call returns. Text has been checked to be UTF-8.
  virtual void on_message(MessageType type, Bytes payload) = 0;
  // The connection is over: `peer` is what the other side said (or 1006 if nothing), `own` what we said or
  // were about to say, if we closed or answered. Nothing follows. Called at the end of a turn, never from
  // inside a call to the socket.
  virtual void on_closed(const CloseReason& peer, const std::optional<CloseReason>& own) = 0;
  // The outbox has been written out after it once could not be.
  virtual void on_drained() {}
  // The peer does not read, or not fast enough. Whoever does not close() now, or throw away what is too old,
  // has the connection aborted. Not called once either side has begun to close.
  virtual void on_slow(Slowness) {}

 protected:
  // The socket must not be destroyed inside any of these calls: give its owner to Loop::dispose.
  ~SocketEvents() = default;
};

struct SocketCounters {
  std::uint64_t messages_received = 0, bytes_received = 0;  // payload of data messages
  std::uint64_t messages_sent = 0, bytes_sent = 0;          // private ones; a topic counts its own
};

class Socket final : private net::StreamEvents, private net::TurnEndHook, private net::Deadline {
 public:
  // `random` gives mask keys (client role). Everything referred to outlives the socket; `deflate` is only
  // read here.
  Socket(net::Loop& loop, std::unique_ptr<net::Stream> stream, Role role, const SocketLimits& limits,
         Random& random, SocketEvents& events, const DeflateAgreement* deflate = nullptr);
  ~Socket() override;
  using net::Deadline::loop;
  // Queues `handshake` (a server's 101, empty for a client) to be written first, then begins to read. `early`
  // was read together with the handshake and comes before what the stream still has; callbacks may come from
  // it before this returns.
  void start(Bytes handshake, ByteVector early);

  // Text must be UTF-8: the peer would hang up on anything else. Ignored once either side has begun to close.
  void send(MessageType type, Bytes payload);
  // The queue of what is to be written. Spans of server-framed log may be pushed by a topic, followed by
  // wake(). What is pushed after close() may not be sent any more. What waits may be thrown away, unless own
  // messages are compressed with context takeover: later ones refer to those that would be missing.
  fanout::Outbox& outbox() { return outbox_; }
  // Write what is in the outbox at the end of this turn.
  void wake();

  // Begins the close handshake: what is in the outbox goes first, then the close frame; what comes in is read
  // but not handed out. on_closed follows in any case, at the latest after close_time_max. A second call
  // changes nothing. The code must be one that may travel (close.h), or no_status for a frame without one.
  void close(CloseCode code, std::string_view reason = {});
  // Ends the connection at once with TCP reset, for a peer that takes nothing. on_closed follows at the end
  // of the turn.
  void abort();
  bool open() const { return !closing_ && !finished_; }  // neither side has begun to close

  // What was read already is still handed out. While paused, the peer's silence is not held against it.
  // close() ends a pause.
  void pause_reading();
  void resume_reading();

  const SocketCounters& counters() const;
  net::Address peer_address() const;  // none once the connection is over
  std::size_t unwritten_bytes() const;

 private:
  struct Reception;  // a message, or a frame, that is half here
  struct Urgent;     // what goes before the outbox: the handshake, control frames
  struct Closing;    // the close handshake
  struct Extras;     // what only those have who send messages, or with whom something was agreed

  // net::StreamEvents, net::TurnEndHook, net::Deadline
  void on_bytes(MutableBytes bytes) override;
  void on_end() override;
  void on_failure(net::StreamError error) override;
  void on_writable() override;
  void on_turn_end() override;
  void on_due() override;  // one Deadline serves all: it is set for the earliest, and then looks again

  // socket_receive.cpp
  bool listening() const;  // what the peer sends still matters
  void receive(Reception& reception, MutableBytes bytes);
  void take_message(Reception& reception, const Message& message);
  void take_data(const Message& message);
  void take_ping(Bytes payload);
  void take_close(Bytes payload);
  bool admit_control_frame();
  void charge(std::size_t bytes, std::size_t messages);
  void apply_pause();

  // socket_send.cpp
  struct Batch;
  void push_frame(Opcode opcode, Bytes payload, bool compressed);
  void push_masked(Opcode opcode, Bytes payload, bool compressed);
  Urgent& urgent();
  void append_control(Opcode opcode, Bytes payload);
  void flush();
  void make_control_frames();
  std::size_t outbox_allowance() const;
  Batch next_batch() const;
  void account(const Batch& batch, std::size_t written);
  bool nothing_waits() const;

  // socket.cpp
  Extras& extras();
  void arm();
  void begin_closing(CloseCode code, std::string_view reason, bool failing);
  void fail_connection(CloseCode code, std::string_view reason);
  void end_conversation_if_over();
  void finish();
  void conclude();
  MonotonicTime next_deadline() const;
  bool behind(MonotonicTime now) const;
  void find_slow(MonotonicTime now, Slowness how);
  void schedule();

  std::unique_ptr<net::Stream> stream_;
  const SocketLimits& limits_;
  Random& random_;
  SocketEvents& events_;
  fanout::Outbox outbox_;
  MonotonicTime last_received_{};
  MonotonicTime ping_due_{};
  MonotonicTime stalled_since_{};  // while waiting_: when writing last got on
  std::unique_ptr<Reception> reception_;
  std::unique_ptr<Urgent> urgent_;
  std::unique_ptr<Closing> closing_;
  std::unique_ptr<Extras> extras_;
  std::uint32_t control_frames_ = 0;  // received in the second below
  // Of the monotonic clock, its lower bits: to be taken for another, a second must come 18 silent hours
  // later.
  std::uint16_t control_frames_second_ = 0;
  Role role_ : 1;
  bool started_ : 1 = false;  // the stream tells us what happens
  bool blocked_ : 1 = false;  // the stream will say when it is writable
  bool waiting_ : 1 = false;  // something could not be written at once
  bool ping_wanted_ : 1 = false;
  bool paused_by_owner_ : 1 = false;
  bool paused_by_throttle_ : 1 = false;
  bool stream_paused_ : 1 = false;
  bool ended_ : 1 = false;     // the peer's FIN has come
  bool finished_ : 1 = false;  // on_closed is due
  bool over_ : 1 = false;      // on_closed was called
};

}  // namespace crosspoint::websocket
