#pragma once
// To a router over WebSocket: subprotocol wamp.2.… of the one format that the client speaks.

#include <memory>
#include <optional>

#include "wamp/client/io/transport.h"
#include "websocket/io/connector.h"

namespace crosspoint::wamp::client {

class WebSocketTransport final : public Transport, private websocket::SocketEvents {
 public:
  WebSocketTransport(net::Loop& loop, net::Network& network, Random& random,
                     const TransportSettings& settings, TransportEvents& events);
  ~WebSocketTransport() override;

  // WebSocket itself has no bound, and routers do not say theirs.
  std::size_t message_bytes_max() const override { return settings_.message_bytes_max; }
  std::size_t unwritten_bytes() const override { return socket_ ? socket_->unwritten_bytes() : 0; }
  const proof::ChannelBindings& bindings() const override { return bindings_; }
  void send(Bytes message) override;
  void close() override;

 private:
  void on_attempt_done(Result<websocket::Connected, websocket::ConnectError> result);
  void on_message(websocket::MessageType, Bytes payload) override { events_.on_message(payload); }
  void on_closed(const websocket::CloseReason& peer,
                 const std::optional<websocket::CloseReason>& own) override;

  net::Loop& loop_;
  Random& random_;
  const TransportSettings& settings_;
  TransportEvents& events_;
  websocket::SocketLimits limits_;
  proof::ChannelBindings bindings_;
  std::unique_ptr<websocket::Connector> connector_;
  std::unique_ptr<websocket::Socket> socket_;
};

}  // namespace crosspoint::wamp::client
