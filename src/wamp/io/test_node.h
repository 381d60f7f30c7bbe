#pragma once
// A node between clients of bytes and a realm on a table-top, in a world of its own. For tests only.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "testing/raw_client.h"
#include "testing/world.h"
#include "wamp/io/node.h"
#include "wamp/test_lobby.h"

namespace crosspoint::wamp {

inline const std::string hello = R"([1,"realm1",{"roles":{"caller":{}}}])";

// An HTTP server with the node's rows before an ordinary WebSocket row, on one port.
struct NodeTest : ::testing::Test {
  NodeTest() {
    routes.rows.push_back(node.websocket_row());
    for (auto& row: node.long_poll_rows()) routes.rows.push_back(row);
    routes.rows.push_back(
        {.methods = "GET", .path = "*", .handler = http::UpgradeHandler([this](auto&&, auto&& takeover) {
                                          ++others;
                                          takeover.refuse(http::text_response(404, "not WAMP"));
                                        })});
    routes.foreign = node.rawsocket_on_http_ports();
    listen(endpoint, server);
    listen(rawsocket_endpoint, node.rawsocket_acceptor());
  }
  void listen(const net::Endpoint& at, net::Acceptor& acceptor) {
    const net::Network::ListenPoint point{&world.loop(), &acceptor};
    listeners.push_back(std::move(world.network().listen(at, {}, {&point, 1})->front()));
  }
  std::unique_ptr<testing::RawClient> connect(const net::Endpoint& at) {
    auto client = std::make_unique<testing::RawClient>(world.loop(1), world.network(), at);
    world.run_until_idle();
    return client;
  }
  std::unique_ptr<testing::RawClient> connect_websocket(std::string_view offered,
                                                        std::string_view path = "/ws",
                                                        std::string_view more_fields = "") {
    return connect_websocket_at(endpoint, offered, path, more_fields);
  }
  std::unique_ptr<testing::RawClient> connect_websocket_at(const net::Endpoint& at, std::string_view offered,
                                                           std::string_view path = "/ws",
                                                           std::string_view more_fields = "") {
    auto client = connect(at);
    client->send("GET " + std::string(path) +
                 " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                 (offered.empty() ? "" : "Sec-WebSocket-Protocol: " + std::string(offered) + "\r\n") +
                 std::string(more_fields) + "\r\n");
    world.run_until_idle();
    return client;
  }
  std::string say(testing::RawClient& client, std::string_view bytes) {
    client.send(bytes);
    world.run_until_idle();
    return client.take_received();
  }

  static net::Endpoint tcp(std::uint16_t port) { return {net::Endpoint::Kind::tcp, "127.0.0.1", port, {}}; }
  const net::Endpoint endpoint = tcp(8080), rawsocket_endpoint = tcp(8081);
  testing::MemoryWorld world;
  TestLobby lobby;
  SeededRandom random{1};
  NodeSettings settings = [] {
    NodeSettings chosen;
    chosen.long_poll.base = "/lp";
    chosen.long_poll.transports_max = 20;
    chosen.long_poll.waiting_messages_max = 100;
    chosen.whole_connections_max = 0;
    chosen.allows_origin = [](std::optional<std::string_view> origin) {
      return !origin || *origin == "http://localhost";
    };
    return chosen;
  }();
  Node node{world.loop(), lobby, random, settings};
  http::Routes routes;
  http::Server server{world.loop(), routes, {}};
  std::vector<std::unique_ptr<net::Listener>> listeners;
  int others = 0;
};

// Another node with settings of its own, at port 8082.
struct OwnNode {
  OwnNode(NodeTest& test, const NodeSettings& settings)
      : node(test.world.loop(), test.lobby, test.random, settings), server(test.world.loop(), routes, {}) {
    routes.rows.push_back(node.websocket_row());
    test.listen(NodeTest::tcp(8082), server);
  }
  Node node;
  http::Routes routes;
  http::Server server;
};

}  // namespace crosspoint::wamp
