#pragma once
// A WebSocket client as a test sees it: opens a path, keeps what comes, says what it is told to say. Built on
// the product's own client side; the clients that nobody here wrote are in tests/interop.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "testing/world.h"
#include "websocket/io/connector.h"
#include "websocket/io/socket.h"

namespace crosspoint::journeys {

struct Received {
  websocket::MessageType type;
  std::string payload;
  bool text() const { return type == websocket::MessageType::text; }
  bool operator==(const Received&) const = default;
};

inline Received text(std::string payload) { return {websocket::MessageType::text, std::move(payload)}; }
inline Received binary(std::string payload) { return {websocket::MessageType::binary, std::move(payload)}; }

struct WebClientOptions {
  http::Fields fields;
  std::vector<std::string> subprotocols;
  const net::TlsContext* tls = nullptr;  // then wss
};

class WebClient final : private websocket::SocketEvents {
 public:
  using Options = WebClientOptions;
  WebClient(testing::World& world, const net::Endpoint& server, const std::string& path, Options options = {},
            std::size_t loop = 0)
      : loop_(world.loop(loop)) {
    limits_.message_bytes_max = 64 * 1024 * 1024;
    limits_.ping_every = 0s;
    limits_.dead_after = 24h;
    limits_.write_time_max = 24h;
    websocket::ConnectRequest request;
    request.tls = options.tls;
    request.url = {.scheme = options.tls == nullptr ? "ws" : "wss",
                   .host = server.host,
                   .port = server.port,
                   .target = path};
    request.fields = std::move(options.fields);
    request.subprotocols = std::move(options.subprotocols);
    connector_ =
        std::make_unique<websocket::Connector>(loop_, world.network(), random_, std::move(request),
                                               [this](auto result) { on_connected(std::move(result)); });
  }
  WebClient(const WebClient&) = delete;
  WebClient& operator=(const WebClient&) = delete;

  bool open() const { return socket_ && !closed; }
  void send(std::string_view payload, websocket::MessageType type = websocket::MessageType::text) {
    socket_->send(type, as_bytes(payload));
  }
  void send_binary(Bytes payload) { socket_->send(websocket::MessageType::binary, payload); }
  void stop_reading() { socket_->pause_reading(); }
  void resume_reading() { socket_->resume_reading(); }
  void close() { socket_->close(websocket::CloseCode::normal); }

  std::vector<Received> take() { return std::exchange(messages, {}); }
  // Everything binary that came, one message after the other.
  std::string bytes() const {
    std::string all;
    for (const auto& message: messages) all += message.payload;
    return all;
  }

  std::vector<Received> messages;
  std::optional<websocket::ConnectError> refused;
  std::optional<websocket::CloseReason> closed;  // what the server said
  std::string subprotocol;

 private:
  void on_connected(Result<websocket::Connected, websocket::ConnectError> result) {
    if (!result) {
      refused = std::move(result.error());
      return;
    }
    subprotocol = result->subprotocol;
    socket_ =
        std::make_unique<websocket::Socket>(loop_, std::move(result->stream), websocket::Role::client,
                                            limits_, random_, static_cast<websocket::SocketEvents&>(*this));
    socket_->start({}, std::move(result->early_bytes));
  }
  void on_message(websocket::MessageType type, Bytes payload) override {
    messages.push_back({type, to_string(payload)});
  }
  void on_closed(const websocket::CloseReason& peer, const std::optional<websocket::CloseReason>&) override {
    closed = peer;
  }

  net::Loop& loop_;
  SeededRandom random_{7};
  websocket::SocketLimits limits_;
  std::unique_ptr<websocket::Connector> connector_;
  std::unique_ptr<websocket::Socket> socket_;
};

}  // namespace crosspoint::journeys
