#pragma once
// The router on a network: WebSocket on port 8080, RawSocket on port 8081 and on a Unix socket. Everybody may
// do everything. For tests only.

#include <memory>
#include <vector>

#include "http/io/server.h"
#include "testing/world.h"
#include "wamp/io/service.h"
#include "wamp/open_house.h"

namespace crosspoint::wamp::client {

class TestRouterNode {
 public:
  explicit TestRouterNode(crosspoint::testing::World& world) : TestRouterNode(world, world.network()) {}
  TestRouterNode(crosspoint::testing::World& world, net::Network& network)
      : house_(limits_, random_),
        service_(world.loop(), house_, house_, house_, 100, random_, {}),
        server_(world.loop(), routes_, {}) {
    routes_.rows.push_back(service_.node().websocket_row());
    routes_.rows.push_back(
        {.methods = "GET", .path = "*", .handler = http::UpgradeHandler([](auto&&, auto&& takeover) {
                                          takeover.refuse(http::text_response(404, "not WAMP"));
                                        })});
    listen(world, network, tcp(8080), server_);
    listen(world, network, tcp(8081), service_.node().rawsocket_acceptor());
    listen(world, network, {net::Endpoint::Kind::unix_socket, {}, 0, "/run/test.sock"},
           service_.node().rawsocket_acceptor());
  }
  std::size_t connections() { return service_.node().connections(); }

  static net::Endpoint tcp(std::uint16_t port) { return {net::Endpoint::Kind::tcp, "localhost", port, {}}; }

 private:
  void listen(crosspoint::testing::World& world, net::Network& network, const net::Endpoint& endpoint,
              net::Acceptor& acceptor) {
    const net::Network::ListenPoint point{&world.loop(), &acceptor};
    listeners_.push_back(std::move(network.listen(endpoint, {}, {&point, 1})->front()));
  }

  RealmLimits limits_;
  SeededRandom random_{1};
  OpenHouse house_;
  Service service_;
  http::Routes routes_;
  http::Server server_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
};

}  // namespace crosspoint::wamp::client
