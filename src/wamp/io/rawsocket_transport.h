#pragma once
// A WAMP session over RawSocket (wamp-router §6.2), on TCP, TLS or a Unix socket.
//
// We answer PINGs and send none: Autobahn's older clients take a PING for a message of 16 MiB and hang up. A
// dead line is noticed by TCP (net::StreamOptions).

#include <cstdint>
#include <memory>
#include <optional>

#include "base/receive_throttle.h"
#include "fanout/outbox.h"
#include "net/stream.h"
#include "wamp/io/transport.h"
#include "wamp/rawsocket.h"

namespace crosspoint::wamp {

struct RawSocketSettings {
  Duration handshake_time_max = 5s;
  Duration write_time_max = 10s;  // without progress while something waits to be written
  Duration close_time_max = 1s;   // from our last byte to the client's
  ReceiveRates receive;           // over it reading pauses
  data::Format ubjson_as = data::Format::ubjson;
};

class RawSocketTransport final : public Transport,
                                 private net::StreamEvents,
                                 private Wire,
                                 private net::TurnEndHook,
                                 private net::Deadline {
 public:
  RawSocketTransport(TransportHome& home, TransportOwner& owner, std::unique_ptr<net::Stream> stream,
                     const RawSocketSettings& settings, TransportFacts facts);
  ~RawSocketTransport() override;

  // `early` was read before the stream came here.
  void start(ByteVector early);
  void shut_down() override;
  void abort() override;

 private:
  // net::StreamEvents
  void on_bytes(MutableBytes bytes) override;
  void on_end() override;
  void on_failure(net::StreamError error) override;
  void on_writable() override;

  // Wire
  data::Format format() const override { return format_; }
  WireKind kind() const override { return wire_kind(Framing::rawsocket, format_); }
  std::size_t message_bytes_max() const override { return client_message_bytes_max_; }
  void send(Bytes message) override;
  Span frame_for_many(Bytes message) override;
  void send_frame(const Span& frame, fanout::Keep keep) override;
  void pause_reading() override;
  void resume_reading() override;
  void close(Farewell why) override;

  void on_turn_end() override;
  void on_due() override;

  void charge(std::size_t bytes, std::size_t messages);
  void apply_pause();
  void take(Bytes bytes);
  void take_handshake(Bytes& bytes);
  void take_frames(Bytes bytes);
  void take_frame(const rawsocket::Frame& frame);
  bool has_room_for(std::size_t bytes);
  void drop_events(std::size_t bytes, MonotonicTime before);
  void give_up();
  void end_too_slow();
  std::optional<MonotonicTime> behind_at() const;
  void wake() { loop().at_turn_end(*this); }
  void flush();
  void finish();
  void watch_deadlines();

  enum class Phase : std::uint8_t { handshake, open, closing, ending, over };

  TransportHome& home_;
  TransportOwner& owner_;
  const RawSocketSettings& settings_;
  std::unique_ptr<net::Stream> stream_;
  Phase phase_ = Phase::handshake;
  data::Format format_ = data::Format::json;
  bool blocked_ = false;
  Slow slow_ = Slow::no;
  bool paused_ = false;     // by the session
  bool throttled_ = false;  // by its rates
  bool stream_paused_ = true;
  std::uint8_t handshake_bytes_ = 0;
  rawsocket::HandshakeBytes handshake_{};
  std::size_t client_message_bytes_max_ = rawsocket::message_bytes_most;
  std::optional<MonotonicTime> own_deadline_;  // of the handshake, of writing, of the end
  std::unique_ptr<ReceiveThrottle> throttle_;  // if there are rates
  rawsocket::FrameReader reader_;
  fanout::Outbox outbox_{rawsocket::frame_length};
  TransportFacts facts_;            // until there is a session
  std::optional<Session> session_;  // after the handshake
};

}  // namespace crosspoint::wamp
