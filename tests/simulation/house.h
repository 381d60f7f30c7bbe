#pragma once
// The router as the product has it (wamp::auth::ConfiguredRouter: realms and roles of a configuration, a
// dynamic authorizer, transports), with its limits and its wiring chosen by the dice: WebSocket, RawSocket on
// TCP and on a Unix socket, sometimes with sockets on another loop than the router.
//
// Roles of the one realm: "guest" (anonymous) and "operator" may do everything; "student" what the procedure
// `authorizer` lets it. An operator registers that.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dice.h"
#include "http/io/server.h"
#include "testing/world.h"
#include "wamp/auth/io/configured_router.h"

namespace crosspoint::simulation {

inline constexpr std::string_view realm_name = "sim";
inline constexpr std::string_view authorizer_procedure = "sim.may";
inline constexpr std::string_view ticket = "a ticket";  // of whoever has a name
// A place among URIs that the authorizer keeps students from.
inline constexpr std::string_view closed_component = ".closed";

class House {
 public:
  // Loop 0 of the world is the router's, 1 is for clients, 2 for sockets away from the router.
  House(testing::MemoryWorld& world, Dice& dice, std::uint64_t seed);

  // Where a client may connect to, "ws://…", "rs://…", "unix:…".
  const std::vector<std::string>& websockets() const { return websockets_; }
  const std::vector<std::string>& rawsockets() const { return rawsockets_; }

  bool drops_events() const {
    return settings_.realms[0].deliveries.slow_subscriber == wamp::SlowSubscriber::drop;
  }
  wamp::auth::ConfiguredRouter& router() { return router_; }
  wamp::Node& node() { return router_.node(); }
  // Null before the first session.
  wamp::Realm* realm() { return router_.router().find(realm_name); }

 private:
  static wamp::auth::WampSettings some_settings(Dice& dice);
  static wamp::NodeSettings some_node(Dice& dice);
  void listen(std::vector<std::string>& list, const std::string& address, net::Loop& loop,
              net::Acceptor& acceptor);

  testing::MemoryWorld& world_;
  SeededRandom random_;
  const wamp::auth::WampSettings settings_;
  wamp::auth::ConfiguredRouter router_;
  http::Routes routes_;
  http::Server server_, far_server_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
  std::vector<std::string> websockets_, rawsockets_;
};

}  // namespace crosspoint::simulation
