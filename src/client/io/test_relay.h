#pragma once
// A WebSocket server that keeps everything it is told, and behaves as badly as a test wants. For tests of
// clients only.

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/io/server.h"
#include "testing/world.h"
#include "websocket/handshake.h"
#include "websocket/io/socket.h"

namespace crosspoint::client {

class TestRelay {
 public:
  enum class Mood {
    welcome,
    refuse,          // 503
    close_at_once,   // 101, then a close frame
    captive_portal,  // 200 and a page
    redirect,        // 302 to another relay
    break_off,       // 101, then TCP ends
  };

  struct Message {
    websocket::MessageType type;
    std::string payload;
    MonotonicTime at;
  };

  // One connection to the relay.
  class Guest final : private websocket::SocketEvents {
   public:
    Guest(TestRelay& relay, http::Request&& with_request, http::Takeover&& takeover)
        : request(std::move(with_request)),
          stream(*takeover.stream),
          socket(relay.world_.loop(1), std::move(takeover.stream), websocket::Role::server, relay.limits,
                 relay.random_, *this),
          relay_(relay) {
      const std::array<std::string_view, 1> null{"null"};
      const auto acceptance = websocket::accept(request.head, {.subprotocols = null, .allow_deflate = false});
      socket.start(as_bytes(acceptance->response), std::move(takeover.early_bytes));
      stream.resume_reading();  // the HTTP server hands it over paused
    }

    http::Request request;
    net::Stream& stream;  // the socket's; gone when it is closed
    websocket::Socket socket;
    std::vector<Message> messages;
    std::optional<websocket::CloseReason> closed;  // what the client said

    // All payloads, one after the other.
    std::string bytes() const {
      std::string all;
      for (const auto& message: messages) all += message.payload;
      return all;
    }
    std::vector<std::string> payloads() const {
      std::vector<std::string> all;
      for (const auto& message: messages) all.push_back(message.payload);
      return all;
    }

   private:
    void on_message(websocket::MessageType type, Bytes payload) override {
      messages.push_back({type, crosspoint::to_string(payload), relay_.world_.loop(1).now()});
    }
    void on_closed(const websocket::CloseReason& peer,
                   const std::optional<websocket::CloseReason>&) override {
      closed = peer;
    }
    TestRelay& relay_;
  };

  TestRelay(testing::World& world, std::string name, std::uint16_t port = 80)
      : world_(world), name_(std::move(name)), port_(port) {
    http::Route route;
    route.methods = "*";
    route.path = "*";
    route.handler = http::UpgradeHandler([this](http::Request&& request, http::Takeover&& takeover) {
      receive(std::move(request), std::move(takeover));
    });
    routes_.rows.push_back(std::move(route));
    server_ = std::make_unique<http::Server>(world_.loop(1), routes_, http::ServerLimits{});
    listen();
  }

  void listen() {
    const net::Network::ListenPoint point{&world_.loop(1), server_.get()};
    listeners_ = std::move(*world_.network().listen(endpoint(), {}, std::span(&point, 1)));
  }
  // As if its machine were gone: connections break, new ones are refused.
  void go_away() {
    listeners_.clear();
    for (auto& guest: guests)
      if (!guest->closed) guest->socket.abort();
  }

  // With the real port, where 0 was asked for.
  net::Endpoint endpoint() const {
    return listeners_.empty() ? net::Endpoint{net::Endpoint::Kind::tcp, name_, port_, {}}
                              : listeners_.front()->endpoint();
  }
  std::string url(std::string_view path) const {
    return "ws://" + net::to_string(endpoint()) + std::string(path);
  }
  Guest& guest() { return *guests.back(); }

  Mood mood = Mood::welcome;
  websocket::SocketLimits limits;
  std::vector<std::unique_ptr<Guest>> guests;  // in the order they came
  std::vector<MonotonicTime> attempts;
  std::vector<http::RequestHead> heads;  // of all attempts

 private:
  void receive(http::Request&& request, http::Takeover&& takeover) {
    attempts.push_back(world_.loop(1).now());
    heads.push_back(request.head);
    switch (mood) {
      case Mood::refuse: return takeover.refuse(http::text_response(503, "full\n"));
      case Mood::captive_portal:
        return takeover.refuse(http::text_response(200, "<html>please log in</html>"));
      case Mood::redirect: {
        http::Response response;
        response.status = 302;
        response.fields.add("Location", "ws://elsewhere:80/in/stolen");
        return takeover.refuse(std::move(response));
      }
      case Mood::welcome:
      case Mood::close_at_once:
      case Mood::break_off: break;
    }
    guests.push_back(std::make_unique<Guest>(*this, std::move(request), std::move(takeover)));
    if (mood == Mood::close_at_once) guest().socket.close(websocket::CloseCode::try_again_later, "not now");
    if (mood == Mood::break_off) guest().socket.abort();
  }

  testing::World& world_;
  std::string name_;
  std::uint16_t port_;
  SeededRandom random_{99};
  http::Routes routes_;
  std::unique_ptr<http::Server> server_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
};

}  // namespace crosspoint::client
