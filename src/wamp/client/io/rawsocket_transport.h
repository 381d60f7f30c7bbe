#pragma once
// To a router over RawSocket (wamp-router §6.2): on TCP, TLS or a Unix socket. We answer PINGs and send none,
// as the router does: a dead line is noticed by TCP (net::StreamOptions).

#include <memory>
#include <optional>

#include "fanout/outbox.h"
#include "wamp/client/io/transport.h"
#include "wamp/rawsocket.h"

namespace crosspoint::wamp::client {

class RawSocketTransport final : public Transport,
                                 private net::StreamEvents,
                                 private net::TurnEndHook,
                                 private net::Deadline {
 public:
  RawSocketTransport(net::Loop& loop, net::Network& network, const TransportSettings& settings,
                     TransportEvents& events);
  ~RawSocketTransport() override;

  std::size_t message_bytes_max() const override { return router_message_bytes_max_; }
  std::size_t unwritten_bytes() const override { return outbox_.bytes(); }
  const proof::ChannelBindings& bindings() const override { return bindings_; }
  void send(Bytes message) override;
  void close() override;

 private:
  enum class Phase : std::uint8_t { connecting, handshake, open, closing, ending, over };

  void on_connected(Result<std::unique_ptr<net::Stream>, net::NetworkError> result);
  // net::StreamEvents
  void on_bytes(MutableBytes bytes) override;
  void on_end() override;
  void on_failure(net::StreamError error) override;
  void on_writable() override;
  void on_turn_end() override { flush(); }
  void on_due() override;

  void take_handshake(Bytes& bytes);
  void take_frames(Bytes bytes);
  void queue(rawsocket::FrameType type, Bytes payload);
  void flush();
  bool flush_handshake();
  void watch_writing(bool got_on);
  void finish(std::string sentence);

  const TransportSettings& settings_;
  TransportEvents& events_;
  std::unique_ptr<net::Connecting> connecting_;
  std::unique_ptr<net::Stream> stream_;
  net::TlsStream* tls_ = nullptr;  // stream_, where it is one
  proof::ChannelBindings bindings_;
  Phase phase_ = Phase::connecting;
  bool blocked_ = false;
  std::size_t offer_written_ = 0;
  rawsocket::HandshakeBytes offer_;
  std::size_t answer_read_ = 0;
  rawsocket::HandshakeBytes answer_{};
  std::size_t router_message_bytes_max_ = rawsocket::message_bytes_most;
  rawsocket::FrameReader reader_;
  fanout::Outbox outbox_{rawsocket::frame_length};
};

}  // namespace crosspoint::wamp::client
