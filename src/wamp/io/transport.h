#pragma once
// The end of a client's line on this side: a WebSocket, a RawSocket, a series of HTTP requests. Each owns its
// Session and is its Wire; all live on the router's loop and are owned by the Node.

#include <algorithm>
#include <array>
#include <cstdint>

#include "net/loop.h"
#include "wamp/io/frame_slab.h"
#include "wamp/session.h"
#include "wamp/wire.h"

namespace crosspoint::wamp {

enum class Framing : std::uint8_t {
  websocket,
  rawsocket,
  batched,         // one message in a WebSocket frame that is a batch (batch.h)
  batched_cancel,  // the same with batch::Separator::cancel, JSON only
};

constexpr WireKind wire_kind(Framing framing, data::Format format) {
  constexpr unsigned formats_max = 8;
  return static_cast<WireKind>(static_cast<unsigned>(framing) * formats_max + static_cast<unsigned>(format));
}
static_assert(wire_kind(Framing::batched_cancel, data::Format::bjdata) < wire_kinds_max);

struct TransportSettings {
  SessionSettings session;
  std::size_t message_bytes_max = 10 * 1024 * 1024;  // of one message, or one batch, from a client
  std::size_t batch_messages_max = 4096;             // in one batch from a client
  std::size_t batch_bytes_max = 64 * 1024;           // of a batch to a client, unless one message is longer
  // Queued for one client, and how long the oldest of it may wait. At either, events go that may; if that is
  // not enough, the session ends, as it does when the client takes nothing for write_time_max.
  std::size_t waiting_bytes_max = 8 * 1024 * 1024;
  Duration waiting_age_max = 30s;

  // When room is made, more than is needed: what it costs is shared by all that is sent into that room.
  std::size_t room_bytes(std::size_t needed) const { return std::max(needed, waiting_bytes_max / 8); }
  MonotonicTime old_before(MonotonicTime now) const { return now - waiting_age_max + waiting_age_max / 8; }
};

// Of a client that does not read fast enough.
enum class Slow : std::uint8_t {
  no,
  found,  // nothing more is queued; at the end of the turn its session ends
  told,   // it has ended: its last words wait
};

struct TransportCounters {
  std::uint64_t messages_in = 0, messages_out = 0, events_out = 0;
  std::uint64_t events_dropped = 0;   // for clients that are too slow
  std::uint64_t closed_too_slow = 0;  // those clients
  std::uint64_t violations = 0;
};

class Transport;

// What transports of one loop share.
struct TransportHome {
  net::Loop& loop;
  const TransportSettings& settings;
  Lobby& lobby;
  std::array<FrameSlab, wire_kinds_max> slabs = {};
  TransportCounters counters = {};
  net::TurnEndHook* after_messages = nullptr;  // called at the end of a turn in which a message came

  void note_message() {
    ++counters.messages_in;
    if (after_messages != nullptr) loop.at_turn_end(*after_messages);
  }
  Moment now() const { return {loop.now(), loop.wall_now()}; }
};

class TransportOwner {
 public:
  // The connection is over and the session has left; the transport may be disposed of.
  virtual void on_transport_over(Transport& transport) = 0;

 protected:
  ~TransportOwner() = default;
};

class Transport : public net::Disposable {
 public:
  // The router ends.
  virtual void shut_down() = 0;
  virtual void abort() = 0;
  std::uint32_t place = 0;  // the owner's: where in its list
};

}  // namespace crosspoint::wamp
