#include "house.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "wamp/client/io/transport.h"

namespace crosspoint::simulation {
namespace {

using wamp::auth::PrincipalEntry;
using wamp::auth::Role;

wamp::DealerSettings some_dealer(Dice& dice) {
  wamp::DealerSettings dealer;
  dealer.calls_per_caller_max = dice.between(5, 60);
  dealer.calls_per_callee_max = dice.between(5, 100);
  dealer.queued_calls_max = dice.chance(300) ? 0 : dice.below(30);
  dealer.kept_bytes_per_caller_max = dice.between(500, 50'000);
  dealer.kept_bytes_max = dice.between(1000, 200'000);
  return dealer;
}

PrincipalEntry named(std::string role) {
  wamp::auth::Principal principal;
  principal.authid = role;
  principal.role = std::move(role);
  principal.ticket = wamp::auth::StoredPassword::from_clear(ticket);
  return {std::string(realm_name), std::move(principal)};
}

}  // namespace

wamp::auth::WampSettings House::some_settings(Dice& dice) {
  wamp::auth::WampSettings settings;
  settings.realms.push_back({.name = std::string(realm_name),
                             .strict_request_ids = dice.chance(300),
                             .plain_tickets = true,
                             .anonymous_role = "guest",
                             .dealer = some_dealer(dice)});
  const wamp::auth::Rule everything{
      .uri = "", .match = wamp::Match::prefix, .allow = wamp::auth::all_actions};
  settings.roles = {Role{.name = "guest", .rules = {everything}},
                    Role{.name = "operator", .rules = {everything}},
                    Role{.name = "student", .authorizer = std::string(authorizer_procedure)}};
  settings.principals = {named("operator"), named("student")};
  settings.authorizer.time_max = std::chrono::milliseconds(dice.between(10, 100));
  constexpr std::size_t bounds[] = {16 * 1024, 64 * 1024, 8 * 1024 * 1024};
  settings.waiting_bytes_max = dice.pick(bounds);
  if (dice.chance(400)) settings.realms[0].deliveries.slow_subscriber = wamp::SlowSubscriber::drop;
  return settings;
}

wamp::NodeSettings House::some_node(Dice& dice) {
  wamp::NodeSettings node;
  node.whole_connections_max = dice.below(5);
  return node;
}

House::House(testing::MemoryWorld& world, Dice& dice, std::uint64_t seed)
    : world_(world),
      random_(seed),
      settings_(some_settings(dice)),
      router_(world.loop(0), world.clock(), random_, {.settings = settings_}, {}, some_node(dice)),
      server_(world.loop(0), routes_, {}),
      far_server_(world.loop(2), routes_, {}) {
  const bool spread = dice.chance(500);
  net::Loop* const loops[] = {&world.loop(0), &world.loop(2)};
  if (spread) node().spread_over(loops);
  routes_.rows.push_back(node().websocket_row());
  routes_.foreign = node().rawsocket_on_http_ports();
  listen(websockets_, "ws://localhost:8080/ws", world.loop(0), server_);
  listen(rawsockets_, "rs://localhost:8081", world.loop(0), node().rawsocket_acceptor());
  listen(rawsockets_, "unix:/run/sim.sock", world.loop(0), node().rawsocket_acceptor());
  rawsockets_.emplace_back("rs://localhost:8080");  // told apart by its first byte
  if (!spread) return;
  listen(websockets_, "ws://localhost:9080/ws", world.loop(2), far_server_);
  listen(rawsockets_, "rs://localhost:9081", world.loop(2), *node().rawsocket_points()[1].acceptor);
}

void House::listen(std::vector<std::string>& list, const std::string& address, net::Loop& loop,
                   net::Acceptor& acceptor) {
  const auto place = wamp::client::parse_place(address);
  net::Endpoint endpoint;
  if (const auto* raw = std::get_if<wamp::client::RawPlace>(&*place)) {
    endpoint = raw->endpoint;
  } else {
    const auto& url = std::get<http::Url>(*place);
    endpoint = {.kind = net::Endpoint::Kind::tcp, .host = url.host, .port = url.port, .path = {}};
  }
  const net::Network::ListenPoint point{&loop, &acceptor};
  listeners_.push_back(
      std::move(world_.network().listen(endpoint, {.dead_link_after = 3s}, {&point, 1})->front()));
  list.push_back(address);
}

}  // namespace crosspoint::simulation
