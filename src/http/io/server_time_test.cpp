// Slow peers and floods of them. The clock is moved by hand; nobody waits.

#include <gtest/gtest.h>

#include "http/io/server.h"
#include "http/io/test_server.h"

namespace crosspoint::http {
namespace {

constexpr std::string_view get_x = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

// Sends `text` byte by byte, one each `pause`, until it is through or the connection is over.
Duration trickle(TestServer& server, testing::RawClient& client, std::string_view text, Duration pause) {
  const auto began = server.world.clock().monotonic();
  for (const char c: text) {
    client.send(std::string_view(&c, 1));
    server.world.run_until_idle();
    if (client.over()) break;
    server.world.advance(pause);
    if (client.over()) break;
  }
  return server.world.clock().monotonic() - began;
}

TEST(ServerTime, A4_ASlowHeadIsCutOffFiveSecondsAfterAccept) {
  TestServer server(echo_everywhere());
  const auto client = server.connect();
  const std::string head = "GET /x HTTP/1.1\r\nHost: a\r\nX: " + std::string(1000, 'x');

  const auto took = trickle(server, *client, head, 100ms);

  EXPECT_EQ(took, 5s);
  EXPECT_EQ(statuses_in(client->received()), "408");
  EXPECT_EQ(server.server->counters().timed_out, 1u);
  EXPECT_EQ(server.server->counters().open, 0u);
}

TEST(ServerTime, A4_ASilentConnectionIsClosedFiveSecondsAfterAccept) {
  TestServer server(echo_everywhere());
  const auto client = server.connect();

  server.world.advance(5s - 1ns);
  EXPECT_FALSE(client->over());
  server.world.advance(1ns);

  EXPECT_TRUE(client->over());
  EXPECT_EQ(client->received(), "");
}

TEST(ServerTime, A4_ASlowSecondHeadIsCutOffFiveSecondsAfterItsFirstByte) {
  TestServer server(echo_everywhere());
  const auto separate = server.connect();
  const auto pipelined = server.connect();
  separate->send(get_x);
  pipelined->send(std::string(get_x) + "G");
  server.world.run_until_idle();
  server.world.advance(4s);
  separate->send("G");
  server.world.run_until_idle();

  server.world.advance(1s);
  EXPECT_EQ(statuses_in(pipelined->received()), "200 408");
  EXPECT_FALSE(separate->over());
  trickle(server, *separate, "ET /x HTTP/1.1\r\nHost: a\r\n\r\n", 1s);

  EXPECT_EQ(statuses_in(separate->received()), "200 408");
  EXPECT_EQ(server.server->counters().open, 0u);
}

TEST(ServerTime, A4_ASlowCollectedBodyIsCutOffFiveSecondsAfterItsHead) {
  TestServer server(echo_everywhere());
  for (const std::string framing: {"Content-Length: 1000", "Transfer-Encoding: chunked"}) {
    const auto client = server.connect();
    client->send("POST /x HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n");

    const auto took = trickle(server, *client, "3e8\r\n" + std::string(1000, 'x'), 100ms);

    EXPECT_EQ(took, 5s);
    EXPECT_EQ(statuses_in(client->received()), "408");
  }
}

TEST(ServerTime, A4_ASlowReaderIsCutOffWhenItsAnswerHardlyMoves) {
  Route row;
  row.methods = "GET";
  row.path = "*";
  row.handler = CollectedHandler([](Request&&, Responder responder) {
    responder.respond(text_response(200, std::string(10'000'000, 'x')));
  });
  TestServer server(routes_of({row}));
  testing::LinkSettings settings;
  settings.capacity_bytes = 1000;
  const auto connect_at = [&](std::uint64_t bytes_per_second) {
    settings.bytes_per_second = bytes_per_second;
    server.world.network().set_link_settings(settings);
    auto client = server.connect();
    client->send(get_x);
    return client;
  };
  const auto stalled = connect_at(0);
  stalled->stop_reading();
  const auto trickling = connect_at(500);
  const auto steady = connect_at(2000);
  server.world.advance(4s);
  EXPECT_EQ(server.server->counters().open, 3u);

  server.world.advance(2s);
  EXPECT_EQ(server.server->counters().timed_out, 2u);
  server.world.advance(60s);

  EXPECT_EQ(server.server->counters().open, 1u);
  EXPECT_GE(steady->received().size(), 100'000u);
  EXPECT_FALSE(steady->over());
  EXPECT_TRUE(trickling->over());
  stalled->resume_reading();
  server.world.run_until_idle();
  EXPECT_EQ(stalled->failure(), net::StreamError::reset);
}

TEST(ServerTime, A4_OthersAreServedWhileManyAreSlow) {
  TestServer server(echo_everywhere());
  std::vector<std::unique_ptr<testing::RawClient>> slow;
  for (int i = 0; i < 300; ++i) {
    slow.push_back(server.connect());
    slow.back()->send("GET /x HTTP/1.1\r\nX: ");
  }
  for (int tenth = 0; tenth < 49; ++tenth) {
    for (const auto& client: slow) client->send("x");
    server.world.advance(100ms);
    EXPECT_EQ(statuses_in(server.ask(get_x)), "200");
  }
  EXPECT_EQ(server.server->counters().timed_out, 0u);

  server.world.advance(100ms);

  EXPECT_EQ(server.server->counters().timed_out, 300u);
  EXPECT_EQ(server.server->counters().open, 0u);
}

TEST(ServerTime, IdleConnectionsAreKeptForAMinute) {
  TestServer server(echo_everywhere());
  const auto client = server.connect();
  client->send(get_x);
  server.world.advance(59s);
  client->send(get_x);
  server.world.advance(60s - 1ns);
  EXPECT_FALSE(client->over());

  server.world.advance(1ns);

  EXPECT_TRUE(client->over());
  EXPECT_EQ(statuses_in(client->received()), "200 200");
  EXPECT_EQ(server.server->counters().timed_out, 0u);
}

TEST(ServerTime, AHandlerMayTakeItsTime) {
  std::vector<Responder> responders;
  Route row;
  row.methods = "GET";
  row.path = "*";
  row.handler =
      CollectedHandler([&](Request&&, Responder responder) { responders.push_back(std::move(responder)); });
  TestServer server(routes_of({row}));
  const auto client = server.connect();
  client->send(get_x);
  server.world.advance(1h);

  responders.at(0).respond(text_response(200, "x"));
  server.world.run_until_idle();

  EXPECT_EQ(statuses_in(client->received()), "200");
}

net::Address ipv4(std::uint8_t last) {
  net::Address address;
  address.family = net::Address::Family::ipv4;
  address.bytes = {10, 0, 0, last};
  address.port = 40000;
  return address;
}

TEST(ServerTime, D1_OverTheLimitTheOldestSilentConnectionGoes) {
  TestServer server(echo_everywhere(), {.waiting_connections_max = 3, .waiting_connections_per_host_max = 3});
  std::vector<std::unique_ptr<testing::RawClient>> clients;
  for (std::uint8_t i = 0; i < 5; ++i) {
    server.world.network().connect_from(ipv4(i));
    clients.push_back(server.connect());
  }

  EXPECT_TRUE(clients[0]->over());
  EXPECT_TRUE(clients[1]->over());
  for (std::size_t i = 2; i < 5; ++i) {
    EXPECT_FALSE(clients[i]->over());
  }
  EXPECT_EQ(server.server->counters().dropped_waiting, 2u);
  EXPECT_EQ(server.server->counters().open, 3u);
}

TEST(ServerTime, D1_OneHostPutsOutItsOwnOnly) {
  TestServer server(echo_everywhere(),
                    {.waiting_connections_max = 100, .waiting_connections_per_host_max = 2});
  server.world.network().connect_from(ipv4(1));
  const auto other = server.connect();
  server.world.network().connect_from(ipv4(2));
  std::vector<std::unique_ptr<testing::RawClient>> flood;
  for (int i = 0; i < 10; ++i) flood.push_back(server.connect());

  EXPECT_FALSE(other->over());
  EXPECT_EQ(server.server->counters().open, 3u);
  EXPECT_FALSE(flood[9]->over());
  EXPECT_FALSE(flood[8]->over());
  EXPECT_TRUE(flood[7]->over());
}

TEST(ServerTime, D1_AConnectionWithARequestUnderWayIsNotPutOut) {
  std::vector<Responder> responders;
  auto routes = echo_everywhere();
  Route row;
  row.methods = "GET";
  row.path = "/later";
  row.handler =
      CollectedHandler([&](Request&&, Responder responder) { responders.push_back(std::move(responder)); });
  routes.rows.insert(routes.rows.begin(), row);
  TestServer server(std::move(routes), {.waiting_connections_max = 2});
  const auto busy = server.connect();
  busy->send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
  server.world.run_until_idle();

  std::vector<std::unique_ptr<testing::RawClient>> flood;
  for (int i = 0; i < 50; ++i) flood.push_back(server.connect());
  responders.at(0).respond(text_response(200, "still here"));
  server.world.run_until_idle();

  EXPECT_EQ(statuses_in(busy->received()), "200");
  EXPECT_EQ(server.server->counters().open, 2u);
}

TEST(ServerTime, D1_ConnectionsThatLingerAfterARefusalCountToo) {
  TestServer server(echo_everywhere(), {.waiting_connections_max = 2});
  std::vector<std::unique_ptr<testing::RawClient>> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(server.connect());
    clients.back()->send("nonsense\r\n");
    server.world.run_until_idle();
    EXPECT_EQ(statuses_in(clients.back()->received()), "400");
  }

  EXPECT_EQ(server.server->counters().open, 2u);
}

}  // namespace
}  // namespace crosspoint::http
