#pragma once
// A WAMP session over WebSocket (wamp-router §6.1): one WAMP message in each WebSocket message.

#include <memory>
#include <optional>
#include <string_view>

#include "wamp/io/transport.h"
#include "websocket/io/socket.h"

namespace crosspoint::wamp {

// The format that a subprotocol means; `ubjson_as` is what this node takes "wamp.2.ubjson" for. Nothing: none
// of ours.
std::optional<data::Format> find_subprotocol(std::string_view name, data::Format ubjson_as);

class WebSocketTransport final : public Transport,
                                 private websocket::SocketEvents,
                                 private Wire,
                                 private net::TurnEndHook,
                                 private net::Deadline {
 public:
  WebSocketTransport(TransportHome& home, TransportOwner& owner, std::unique_ptr<net::Stream> stream,
                     const websocket::SocketLimits& limits, Random& random, data::Format format,
                     TransportFacts facts, const websocket::DeflateAgreement* deflate);
  ~WebSocketTransport() override;

  void start(Bytes handshake, ByteVector early) { socket_.start(handshake, std::move(early)); }
  void shut_down() override;
  void abort() override { socket_.abort(); }

 private:
  // websocket::SocketEvents
  void on_message(websocket::MessageType type, Bytes payload) override;
  void on_closed(const websocket::CloseReason& peer,
                 const std::optional<websocket::CloseReason>& own) override;

  // Wire
  data::Format format() const override { return format_; }
  WireKind kind() const override { return wire_kind(Framing::websocket, format_); }
  std::size_t message_bytes_max() const override;
  void send(Bytes message) override;
  fanout::Span frame_for_many(Bytes message) override;
  void send_frame(const fanout::Span& frame) override;
  void pause_reading() override { socket_.pause_reading(); }
  void resume_reading() override;
  void close(Farewell why) override;

  void on_turn_end() override;  // the bound was reached
  void on_due() override;
  void watch_deadline();

  websocket::MessageType message_type() const;

  TransportHome& home_;
  TransportOwner& owner_;
  const data::Format format_;
  bool too_slow_ = false;
  websocket::Socket socket_;
  Session session_;
};

}  // namespace crosspoint::wamp
