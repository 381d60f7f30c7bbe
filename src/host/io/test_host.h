#pragma once
// The whole agent on a network in memory, and everybody who talks to it: curl, ffmpeg, local programs,
// relays. For tests only.

#include <gtest/gtest.h>

#include <fmt/core.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/io/test_relay.h"
#include "host/io/host.h"
#include "testing/raw_client.h"
#include "testing/world.h"
#include "websocket/io/connector.h"

namespace crosspoint::host {

using client::TestRelay;
using websocket::MessageType;
using Texts = std::vector<std::string>;

struct HttpAnswer {
  int status = 0;
  std::string head;
  std::string body;

  bool has(std::string_view line) const { return head.find(line) != std::string::npos; }
};

// A program on /ws/NAME.
class Program final : private websocket::SocketEvents {
 public:
  Program(testing::MemoryWorld& world, const std::string& url, std::vector<std::string> subprotocols = {})
      : world_(world) {
    websocket::ConnectRequest request;
    request.url = *http::parse_url(url);
    request.subprotocols = std::move(subprotocols);
    connector_ = std::make_unique<websocket::Connector>(
        world_.loop(2), world_.network(), random_, std::move(request),
        [this](Result<websocket::Connected, websocket::ConnectError> result) {
          if (!result) {
            error = result.error();
            return;
          }
          subprotocol = result->subprotocol;
          socket = std::make_unique<websocket::Socket>(world_.loop(2), std::move(result->stream),
                                                       websocket::Role::client, limits, random_,
                                                       static_cast<websocket::SocketEvents&>(*this));
          socket->start({}, std::move(result->early_bytes));
        });
    world_.run_until_idle();
  }

  void send(std::string_view text, MessageType type = MessageType::text) {
    socket->send(type, as_bytes(text));
  }

  std::optional<websocket::ConnectError> error;
  std::string subprotocol;
  websocket::SocketLimits limits;
  std::unique_ptr<websocket::Socket> socket;
  Texts got;
  std::vector<MessageType> types;
  std::optional<websocket::CloseReason> closed;  // what the agent said

 private:
  void on_message(MessageType type, Bytes payload) override {
    got.push_back(crosspoint::to_string(payload));
    types.push_back(type);
  }
  void on_closed(const websocket::CloseReason& peer, const std::optional<websocket::CloseReason>&) override {
    closed = peer;
  }
  testing::MemoryWorld& world_;
  SeededRandom random_{7};
  std::unique_ptr<websocket::Connector> connector_;
};

class HostTest : public ::testing::Test {
 protected:
  void start_host() {
    host = std::make_unique<Host>(world.loop(), world.network(), world.files(), random, settings);
    ASSERT_TRUE(host->start());
    world.run_until_idle();
  }
  void SetUp() override { start_host(); }

  static net::Endpoint endpoint() { return {net::Endpoint::Kind::tcp, "127.0.0.1", 8888, {}}; }

  std::unique_ptr<testing::RawClient> connect() {
    auto client = std::make_unique<testing::RawClient>(world.loop(2), world.network(), endpoint());
    world.run_until_idle();
    return client;
  }

  static HttpAnswer parse(const std::string& text) {
    HttpAnswer answer;
    const auto end = text.find("\r\n\r\n");
    if (!text.starts_with("HTTP/1.1 ") || end == std::string::npos) return answer;
    answer.status = std::stoi(text.substr(9, 3));
    answer.head = text.substr(0, end + 2);
    answer.body = text.substr(end + 4);
    return answer;
  }

  HttpAnswer ask(std::string_view method, std::string_view path, std::string_view body = {}) {
    const auto client = connect();
    client->send(fmt::format(
        "{} {} HTTP/1.1\r\nHost: localhost:8888\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{}", method,
        path, body.size(), body));
    world.run_until([&] { return client->over(); }, 1s);
    return parse(client->received());
  }
  HttpAnswer set_stream(std::string_view name, std::string_view feeds) {
    return ask("POST", "/api/streams", fmt::format(R"({{"stream":"{}","feeds":{}}})", name, feeds));
  }
  HttpAnswer set_destination(std::string_view id, std::string_view stream, std::string_view url) {
    return ask("POST", "/api/destinations",
               fmt::format(R"({{"id":"{}","stream":"{}","destination":"{}"}})", id, stream, url));
  }

  std::unique_ptr<Program> program(std::string_view name) {
    return std::make_unique<Program>(world, fmt::format("ws://127.0.0.1:8888/ws/{}", name));
  }

  // ffmpeg: a request whose body comes in chunks and never ends by itself.
  std::unique_ptr<testing::RawClient> upload(std::string_view name) {
    auto client = connect();
    client->send(fmt::format(
        "POST /ts/{} HTTP/1.1\r\nTransfer-Encoding: chunked\r\nUser-Agent: Lavf/59\r\nConnection: close\r\n"
        "Host: localhost:8888\r\nIcy-MetaData: 1\r\n\r\n",
        name));
    world.run_until_idle();
    return client;
  }
  void send_chunk(testing::RawClient& to, Bytes bytes) {
    to.send(fmt::format("{:x}\r\n", bytes.size()));
    to.send(bytes);
    to.send("\r\n");
    world.run_until_idle();
  }

  DestinationReport destination(std::string_view id) const {
    for (const auto& report: host->status().destinations)
      if (report.id == id) return report;
    ADD_FAILURE() << "no destination " << id;
    return {};
  }
  FeedReport feed(std::string_view name) const {
    for (const auto& report: host->status().feeds)
      if (report.name == name) return report;
    ADD_FAILURE() << "no feed " << name;
    return {};
  }

  testing::MemoryWorld world;
  SeededRandom random{3};
  HostSettings settings;
  std::unique_ptr<Host> host;
};

}  // namespace crosspoint::host
