// What the server refuses, and that nothing behind a refused request is ever interpreted.

#include <gtest/gtest.h>

#include "http/io/server.h"
#include "http/io/test_server.h"
#include "http/test_refusals.h"

namespace crosspoint::http {
namespace {

TEST(ServerRefusals, A1_OneAnswerAndNothingOfTheRest) {
  auto routes = echo_everywhere();
  std::size_t smuggled = 0;
  Route trap;
  trap.methods = "*";
  trap.path = "/smuggled";
  trap.handler = CollectedHandler([&](Request&&, Responder responder) {
    ++smuggled;
    responder.respond(text_response(200, "smuggled"));
  });
  routes.rows.insert(routes.rows.begin(), trap);
  TestServer server(std::move(routes));

  for (const auto& row: refused_requests()) {
    SCOPED_TRACE(row.name);
    const auto client = server.connect();
    client->send(row.bytes);
    client->send("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    server.world.run_until_idle();
    client->send("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    server.world.run_until_idle();

    EXPECT_EQ(statuses_in(client->received()), std::to_string(row.status));
    EXPECT_TRUE(client->over());
  }

  EXPECT_EQ(smuggled, 0u);
  EXPECT_GE(server.server->counters().refused, 200u);
  server.world.advance(ServerLimits{}.linger_time_max);
  EXPECT_EQ(server.server->counters().open, 0u);
}

TEST(ServerRefusals, A1_ControlTheTrapWorksWhenTheFirstRequestIsRight) {
  TestServer server(echo_everywhere());

  EXPECT_EQ(
      statuses_in(server.ask("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                             "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")),
      "200 200");
}

TEST(ServerRefusals, A2_OversizeHeadsAreRefusedBeforeTheyEnd) {
  TestServer server(echo_everywhere());
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\n";

  EXPECT_EQ(statuses_in(server.ask(start + "X: " + std::string(8 * 1024, 'x'))), "431");
  EXPECT_EQ(statuses_in(server.ask("GET /" + std::string(64 * 1024, 'x'))), "414");
  std::string fields;
  for (int i = 0; i < 64; ++i) fields += "X: y\r\n";
  EXPECT_EQ(statuses_in(server.ask(start + fields)), "431");
}

TEST(ServerRefusals, A3_TwoThousandFieldsWithAnUpgradeAreRefusedAndTheServerLives) {
  TestServer server(echo_everywhere());
  std::string request = "GET /x HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  for (int i = 0; i < 2000; ++i) request += "X-" + std::to_string(i) + ": y\r\n";

  EXPECT_EQ(statuses_in(server.ask(request + "\r\n")), "431");
  EXPECT_EQ(statuses_in(server.ask("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")), "200");
}

TEST(ServerRefusals, A9_PathsReachHandlersInOneFormOrNotAtAll) {
  TestServer server(echo_everywhere());
  const auto body_of = [&](const std::string& target) {
    const auto answers = answers_in(server.ask("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"));
    return answers.at(0).head.status == 200 ? answers[0].body : std::to_string(answers[0].head.status);
  };

  EXPECT_EQ(body_of("/a/%2e%2e/b"), "GET /b ");
  EXPECT_EQ(body_of("//b"), "GET /b ");
  EXPECT_EQ(body_of("/%2fb"), "GET /b ");
  EXPECT_EQ(body_of("/B"), "GET /B ");
  EXPECT_EQ(body_of("/%42"), "GET /B ");
  EXPECT_EQ(body_of("/a%00b"), "400");
  EXPECT_EQ(body_of("/%ff"), "400");
  EXPECT_EQ(body_of("/%c0%ae%c0%ae/b"), "400");
  EXPECT_EQ(body_of("/%zz"), "400");
}

TEST(ServerRefusals, A10_OtherFormsOfTargetsAndMethodsForProxiesGet4xx) {
  auto routes = echo_everywhere();
  routes.rows.insert(routes.rows.begin(), echo_route("/cors", "OPTIONS POST"));
  TestServer server(std::move(routes));
  const auto status_of_line = [&](const std::string& line) {
    return statuses_in(server.ask(line + " HTTP/1.1\r\nHost: a\r\n\r\n"));
  };

  EXPECT_EQ(status_of_line("GET http://a/x"), "400");
  EXPECT_EQ(status_of_line("GET https://a/x"), "400");
  EXPECT_EQ(status_of_line("GET a/x"), "400");
  EXPECT_EQ(status_of_line("GET *"), "400");
  EXPECT_EQ(status_of_line("CONNECT a:443"), "400");
  EXPECT_EQ(status_of_line("CONNECT /x"), "405");
  EXPECT_EQ(status_of_line("TRACE /x"), "405");
  EXPECT_EQ(status_of_line("TRACE /cors"), "405");
  EXPECT_EQ(status_of_line("OPTIONS *"), "400");
  EXPECT_EQ(status_of_line("OPTIONS /x"), "405");
  EXPECT_EQ(status_of_line("OPTIONS /cors"), "200");
}

TEST(ServerRefusals, UnknownExpectationsGet417) {
  TestServer server(echo_everywhere());

  EXPECT_EQ(statuses_in(server.ask("GET /x HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n")), "417");
}

// Closing with input unread sends a reset, which can overtake the answer: the server must read on for a
// while.
TEST(ServerRefusals, ARefusedPeerThatGoesOnSendingStillGetsItsAnswer) {
  TestServer server(echo_everywhere());
  const auto client = server.connect();
  client->send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
  server.world.run_until_idle();
  for (int i = 0; i < 20; ++i) {
    client->send(std::string(10'000, 'x'));
    server.world.advance(40ms);
  }

  EXPECT_EQ(statuses_in(client->received()), "413");
  EXPECT_TRUE(client->ended());
  EXPECT_FALSE(client->failure());

  server.world.advance(ServerLimits{}.linger_time_max);
  EXPECT_EQ(server.server->counters().open, 0u);
}

TEST(ServerRefusals, ARefusedPeerThatSendsWithoutEndIsCutOff) {
  TestServer server(echo_everywhere());
  const auto client = server.connect();
  client->send("nonsense\r\n");
  server.world.run_until_idle();

  for (int i = 0; i < 30 && !client->failure(); ++i) {
    client->send(std::string(10'000, 'x'));
    server.world.run_until_idle();
  }

  EXPECT_EQ(server.server->counters().open, 0u);
}

}  // namespace
}  // namespace crosspoint::http
