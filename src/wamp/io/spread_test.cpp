// Sessions whose sockets are on another loop than the router.
#include <gmock/gmock.h>

#include <set>
#include <string>
#include <vector>

#include "testing/tls_network.h"
#include "testing/watched_stream.h"
#include "wamp/error_uri.h"
#include "wamp/io/test_node.h"
#include "websocket/test_frames.h"

namespace crosspoint::wamp {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using websocket::Opcode;

// The router is on loop 0, clients on 1; a server like that of the router's own loop is on 2.
struct SpreadTest : NodeTest {
  SpreadTest() {
    net::Loop* const loops[] = {&world.loop(0), &world.loop(2)};
    node.spread_over(loops);
    listen_far(far_endpoint, far_server);
    const auto points = node.rawsocket_points();
    EXPECT_EQ(points.size(), 2u);
    EXPECT_EQ(points[0].acceptor, &node.rawsocket_acceptor());
    EXPECT_EQ(points[1].loop, loops[1]);
    listen_far(far_rawsocket, *points[1].acceptor);
  }
  void listen_far(const net::Endpoint& at, net::Acceptor& acceptor) {
    const net::Network::ListenPoint point{&world.loop(2), &acceptor};
    listeners.push_back(std::move(world.network().listen(at, {}, {&point, 1})->front()));
  }
  std::unique_ptr<testing::RawClient> join_by_websocket() {
    auto client = connect_websocket_at(far_endpoint, "wamp.2.json");
    EXPECT_THAT(client->take_received(), HasSubstr("101 Switching"));
    EXPECT_THAT(say(*client, masked_frame(Opcode::text, hello)), HasSubstr("[2,42,{"));
    return client;
  }
  std::unique_ptr<testing::RawClient> join_by_rawsocket(const net::Endpoint& at) {
    auto client = connect(at);
    EXPECT_THAT(say(*client, "\x7f\xf1\0\0\0\0\0"s + static_cast<char>(hello.size()) + hello),
                HasSubstr("[2,42,{"));
    return client;
  }

  const net::Endpoint far_endpoint = tcp(9080), far_rawsocket = tcp(9081);
  http::Server far_server{world.loop(2), routes, {}};
};

TEST_F(SpreadTest, AllDoorsLeadToTheRouter) {
  const auto web = join_by_websocket();
  const auto raw = join_by_rawsocket(far_endpoint), raw_port = join_by_rawsocket(far_rawsocket);
  const auto near = connect_websocket("wamp.2.json");
  EXPECT_EQ(node.connections(), 4u);
  EXPECT_EQ(lobby.facts.peer.substr(0, 10), "127.0.0.1:");
}

// Told by what crosses: bytes of a far stream need a turn of the other loop.
TEST_F(SpreadTest, WhileThereAreFewConnectionsTheyMoveWhole) {
  NodeSettings chosen;
  chosen.whole_connections_max = 1;
  Node own(world.loop(0), lobby, random, chosen);
  net::Loop* const other[] = {&world.loop(2)};
  own.spread_over(other);
  listen_far(tcp(9090), *own.rawsocket_points()[1].acceptor);
  const auto answered_without_the_other_loop = [&](testing::RawClient& client) {
    client.send("\x7f\xf1\0\0"s);
    for (int i = 0; i < 10; ++i) {
      world.loop(1).turn();
      world.loop(0).turn();
    }
    const bool answered = !client.received().empty();
    world.run_until_idle();
    EXPECT_EQ(client.received().size(), 4u);
    return answered;
  };

  const auto first = connect(tcp(9090)), second = connect(tcp(9090));

  EXPECT_EQ(own.connections(), 2u);
  EXPECT_TRUE(answered_without_the_other_loop(*first));
  EXPECT_FALSE(answered_without_the_other_loop(*second));
}

TEST_F(SpreadTest, ALineThatBreaksLeavesTheRealm) {
  const auto client = join_by_websocket();
  client->reset();
  world.run_until_idle();
  EXPECT_EQ(lobby.left, 1);
  EXPECT_EQ(node.connections(), 0u);
}

TEST_F(SpreadTest, AClientThatDoesNotReadIsClosedAtTheBound) {
  const auto web = join_by_websocket();
  const auto raw = join_by_rawsocket(far_endpoint);
  web->stop_reading();
  raw->stop_reading();
  const std::string args = "[\"" + std::string(100'000, 'x') + "\"]";
  const Payload payload{data::Format::json, as_bytes(args), {}};
  for (int i = 0; i < 200; ++i) {
    lobby.peer->send(CallResult{RequestId{1}, false, {}, payload});
    world.run_until_idle();
  }
  EXPECT_THAT(lobby.ends, ElementsAre(SessionEnd::too_slow));
  EXPECT_EQ(node.counters().closed_too_slow, 1u);
  raw->resume_reading();
  world.run_until_idle();
  EXPECT_THAT(raw->received().substr(raw->received().size() - 100), HasSubstr(error_uri::close_too_slow));
  EXPECT_FALSE(web->over());
}

// serve.write-time-max: nothing moves for so long, and the reason does not either, for a second.
TEST_F(SpreadTest, AClientThatTakesNothingIsCutInTime) {
  for (const bool by_websocket: {true, false}) {
    lobby.ends.clear();
    const auto client = by_websocket ? join_by_websocket() : join_by_rawsocket(far_endpoint);
    client->stop_reading();
    const std::string args = "[\"" + std::string(1'000'000, 'x') + "\"]";
    lobby.peer->send(CallResult{RequestId{1}, false, {}, {data::Format::json, as_bytes(args), {}}});
    world.advance(9s);
    EXPECT_THAT(lobby.ends, ElementsAre());
    world.advance(1s);
    EXPECT_THAT(lobby.ends, ElementsAre(SessionEnd::too_slow));
    EXPECT_EQ(node.connections(), 1u);
    world.advance(1s);
    EXPECT_EQ(node.connections(), 0u);
  }
  EXPECT_EQ(node.counters().closed_too_slow, 2u);
}

TEST_F(SpreadTest, WhatTlsKnowsOfAConnectionTheSessionKnows) {
  testing::TlsNetwork tls(world.network(), testing::test_identity(),
                          testing::test_authority().certificate_pem());
  const net::Network::ListenPoint point{&world.loop(2), &far_server};
  listeners.push_back(std::move(tls.listen(tcp(8443), {}, {&point, 1})->front()));
  testing::RawClient client(world.loop(1), tls, tcp(8443));
  world.run_until_idle();
  client.send("\x7f\xf1\0\0\0\0\0"s + static_cast<char>(hello.size()) + hello);
  world.run_until_idle();

  ASSERT_NE(lobby.facts.tls, nullptr);
  EXPECT_EQ(lobby.facts.tls->exporter,
            client.stream().tls()->channel_binding(net::ChannelBinding::tls_exporter));
  EXPECT_THAT(client.received(), HasSubstr("[2,42,{"));
}

// What serve.rawsocket-listen is with certificates: an HTTP server that has nothing but the other protocol.
TEST_F(SpreadTest, RawSocketAloneOverTlsWaitsForItsClientsWhereTheyWereAccepted) {
  http::Routes none;
  none.foreign = node.rawsocket_on_http_ports();
  http::Server door(world.loop(2), none, {});
  testing::TlsNetwork tls(world.network(), testing::test_identity(),
                          testing::test_authority().certificate_pem());
  const net::Network::ListenPoint point{&world.loop(2), &door};
  const auto listener = std::move(tls.listen(tcp(8444), {}, {&point, 1})->front());
  testing::RawClient client(world.loop(1), tls, tcp(8444)), browser(world.loop(1), tls, tcp(8444)),
      silent(world.loop(1), tls, tcp(8444));
  world.run_until_idle();
  EXPECT_EQ(node.connections(), 0u);

  client.send("\x7f\xf1\0\0\0\0\0"s + static_cast<char>(hello.size()) + hello);
  browser.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  world.run_until_idle();

  EXPECT_THAT(client.received(), HasSubstr("[2,42,{"));
  ASSERT_NE(lobby.facts.tls, nullptr);
  EXPECT_EQ(lobby.facts.tls->exporter,
            client.stream().tls()->channel_binding(net::ChannelBinding::tls_exporter));
  EXPECT_EQ(lobby.facts.protocol, "rawsocket");
  EXPECT_THAT(browser.received(), HasSubstr("HTTP/1.1 404"));
  world.advance(http::ServerLimits{}.head_time_max + 1s);
  EXPECT_TRUE(silent.over());
  EXPECT_FALSE(client.over());
}

TEST_F(SpreadTest, AnEventForManySocketsOfAnotherLoopIsWrittenThereFromOnePlace) {
  std::vector<testing::WatchedWrite> writes;
  world.network().wrap_streams(
      [&](auto stream) { return std::make_unique<testing::WatchedStream>(std::move(stream), writes); });
  std::vector<std::unique_ptr<testing::RawClient>> clients;
  std::vector<Peer*> peers;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(i % 2 == 0 ? join_by_websocket() : join_by_rawsocket(far_endpoint));
    peers.push_back(lobby.peer);
  }
  writes.clear();
  const std::string args = "[\"" + std::string(16'000, 'x') + "\"]";
  const Event said{SubscriptionId{1},
                   PublicationId{2},
                   "",
                   {},
                   false,
                   false,
                   {},
                   {data::Format::json, as_bytes(args), {}}};

  {
    SharedEvent event(said);
    for (auto* peer: peers) peer->send_event(event);
  }
  clients.back()->reset();  // while it is on its way
  world.run_until_idle();

  std::set<const std::byte*> places;
  for (const auto& pieces: writes) {
    for (const auto& piece: pieces) places.insert(piece.data());
  }
  EXPECT_EQ(places.size(), 2u);  // one of each framing
  for (const auto& client: clients)
    EXPECT_EQ(client->received().ends_with(args + "]"), client != clients.back());
  EXPECT_EQ(node.connections(), 3u);
}

TEST_F(SpreadTest, StoppedMeansThatTheSocketsHaveHeardOfIt) {
  const auto web = join_by_websocket();
  const auto raw = join_by_rawsocket(far_endpoint);
  std::size_t links_left = 99;
  node.stop(1s, [&] { links_left = world.network().links().size(); });
  world.run_until_idle();
  EXPECT_THAT(web->take_received(), HasSubstr("wamp.close.system_shutdown"));
  EXPECT_THAT(raw->take_received(), HasSubstr("wamp.close.system_shutdown"));
  EXPECT_EQ(links_left, 99u);

  world.advance(2s);

  EXPECT_TRUE(web->over() && raw->over());
  EXPECT_EQ(lobby.left, 2);
  EXPECT_NE(links_left, 99u);
}

TEST_F(SpreadTest, AStoppingNodeRefusesWhoIsOnTheWay) {
  node.stop(1s, [] {});
  world.run_until_idle();
  const auto client = connect(far_rawsocket);
  world.run_until_idle();
  EXPECT_TRUE(client->over());
  EXPECT_EQ(node.connections_refused(), 1u);
}

}  // namespace
}  // namespace crosspoint::wamp
