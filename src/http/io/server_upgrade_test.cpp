// Connections that stop being HTTP's: what came with the request stays with them, byte for byte, once.

#include <gtest/gtest.h>

#include <functional>

#include "http/io/server.h"
#include "http/io/test_server.h"

namespace crosspoint::http {
namespace {

using namespace std::string_literals;

constexpr std::string_view upgrade_request =
    "GET /out/video?code=1 HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: "
    "WebSocket\r\n\r\n";

// Takes connections over as a WebSocket room would: an answer first, then whatever arrives.
class Taker final : private net::StreamEvents {
 public:
  Route route(std::string path, std::string methods = "GET") {
    Route row;
    row.methods = std::move(methods);
    row.path = std::move(path);
    row.handler = UpgradeHandler([this](Request&& request, Takeover&& takeover) {
      requests.push_back(std::move(request));
      on_takeover(std::move(takeover));
    });
    return row;
  }
  void take(Takeover&& takeover) {
    stream = std::move(takeover.stream);
    received = as_text(takeover.early_bytes);
    stream->start(*this);
    stream->resume_reading();
    ASSERT_TRUE(stream->write_some(as_bytes("HTTP/1.1 101 Switching Protocols\r\n\r\n")));
  }

  std::function<void(Takeover&&)> on_takeover = [this](Takeover&& takeover) { take(std::move(takeover)); };
  std::vector<Request> requests;
  std::unique_ptr<net::Stream> stream;
  std::string received;
  bool ended = false;

 private:
  void on_bytes(MutableBytes bytes) override { received += as_text(bytes); }
  void on_end() override { ended = true; }
  void on_failure(net::StreamError) override { ended = true; }
  void on_writable() override {}
};

TEST(ServerUpgrades, A8_BytesBehindTheRequestArriveOnceHoweverCut) {
  const std::string frames = "\x81\x85\x01\x02\x03\x04hello\r\n\r\nGET /x HTTP/1.1\r\n\r\n\0\xff"s;
  const std::string all = std::string(upgrade_request) + frames;
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    SCOPED_TRACE(cut);
    TestServer server({});
    Taker taker;
    server.routes = routes_of({taker.route("/out/*"), echo_route("*")});
    const auto client = server.connect();
    client->send(all.substr(0, cut));
    server.world.run_until_idle();
    client->send(all.substr(cut));
    server.world.run_until_idle();

    EXPECT_EQ(taker.received, frames);
    EXPECT_EQ(client->received(), "HTTP/1.1 101 Switching Protocols\r\n\r\n");
    ASSERT_EQ(taker.requests.size(), 1u);
    EXPECT_EQ(taker.requests[0].path, "/out/video");
    EXPECT_EQ(taker.requests[0].query, "code=1");
    EXPECT_EQ(server.server->counters().open, 0u);
  }
}

TEST(ServerUpgrades, A8_BytesSentAtOnceAndByteByByteAreTheSame) {
  TestServer server({});
  Taker taker;
  server.routes = routes_of({taker.route("*")});
  testing::LinkSettings settings;
  settings.segment_bytes_max = 1;
  server.world.network().set_link_settings(settings);
  const auto client = server.connect();
  const std::string frames(5000, '\x82');
  client->send(std::string(upgrade_request) + frames);
  server.world.run_until_idle();

  EXPECT_EQ(taker.received, frames);
}

TEST(ServerUpgrades, A8_AWholeReadBufferOfEarlyBytesIsKept) {
  TestServer server({});
  Taker taker;
  server.routes = routes_of({taker.route("*")});
  const auto client = server.connect();
  std::string frames;
  for (int i = 0; i < 200'000; ++i) frames += static_cast<char>(i * 7);
  client->send(std::string(upgrade_request) + frames);
  server.world.run_until_idle();

  EXPECT_EQ(taker.received, frames);
}

TEST(ServerUpgrades, AnUpgradeMayFollowOrdinaryRequests) {
  TestServer server({});
  Taker taker;
  server.routes = routes_of({taker.route("/out/*"), echo_route("*")});
  const auto client = server.connect();
  client->send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(upgrade_request) + "early");
  server.world.run_until_idle();

  EXPECT_EQ(statuses_in(client->received()), "200 101");
  EXPECT_EQ(taker.received, "early");
}

TEST(ServerUpgrades, NothingOfTheServerStaysAfterwards) {
  TestServer server({});
  Taker taker;
  server.routes = routes_of({taker.route("*")});
  const auto client = server.connect();
  client->send(upgrade_request);
  server.world.run_until_idle();

  server.world.advance(1h);  // no time-out of the server applies any more
  server.listeners.clear();
  server.server.reset();
  client->send("still here");
  server.world.run_until_idle();

  EXPECT_EQ(taker.received, "still here");
  EXPECT_FALSE(client->over());
}

TEST(ServerUpgrades, ATakeoverMayBeDroppedOnTheFloor) {
  TestServer server({});
  Taker taker;
  taker.on_takeover = [](Takeover&&) {};
  server.routes = routes_of({taker.route("*")});
  const auto client = server.connect();
  client->send(upgrade_request);
  server.world.run_until_idle();

  EXPECT_TRUE(client->over());
  EXPECT_EQ(server.server->counters().open, 0u);
}

TEST(ServerUpgrades, ATakeoverMayWaitForADecisionAndMoveToAnotherLoop) {
  TestServer server({});
  Taker taker;
  Takeover kept;
  taker.on_takeover = [&](Takeover&& takeover) { kept = std::move(takeover); };
  server.routes = routes_of({taker.route("*")});
  const auto client = server.connect();
  client->send(std::string(upgrade_request) + "early ");
  server.world.run_until_idle();
  client->send("late");
  server.world.run_until_idle();
  EXPECT_EQ(taker.received, "");

  kept.stream->detach();
  kept.stream->attach(server.world.loop(2));
  taker.take(std::move(kept));
  server.world.run_until_idle();

  EXPECT_EQ(taker.received, "early late");
}

TEST(ServerUpgrades, C13_ARefusedUpgradeIsAPlainAnswerAndAClosedConnection) {
  for (const bool at_once: {true, false}) {
    TestServer server({});
    Taker taker;
    Takeover kept;
    taker.on_takeover = [&](Takeover&& takeover) {
      if (at_once) return takeover.refuse(text_response(401, "Unauthorized\n"));
      kept = std::move(takeover);
    };
    server.routes = routes_of({taker.route("*")});
    const auto client = server.connect();
    client->send(std::string(upgrade_request) + "frames that nobody may see");
    server.world.run_until_idle();
    if (!at_once) kept.refuse(text_response(401, "Unauthorized\n"));
    server.world.run_until_idle();

    const auto answers = answers_in(client->received());
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers[0].head.status, 401);
    EXPECT_EQ(answers[0].body, "Unauthorized\n");
    EXPECT_TRUE(client->ended());
    EXPECT_FALSE(client->failure());
    server.world.advance(1s);
    EXPECT_EQ(server.server->counters().open, 0u);
  }
}

TEST(ServerUpgrades, RefusingAfterTheServerHasGoneJustCloses) {
  TestServer server({});
  Taker taker;
  Takeover kept;
  taker.on_takeover = [&](Takeover&& takeover) { kept = std::move(takeover); };
  server.routes = routes_of({taker.route("*")});
  const auto client = server.connect();
  client->send(upgrade_request);
  server.world.run_until_idle();
  server.listeners.clear();
  server.server.reset();

  kept.refuse(text_response(401, ""));
  server.world.run_until_idle();

  EXPECT_EQ(client->received(), "");
  EXPECT_TRUE(client->over());
}

TEST(ServerUpgrades, AnUpgradeWithABodyIsRefused) {
  TestServer server({});
  Taker taker;
  server.routes = routes_of({taker.route("*", "*")});
  const std::string start = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";

  EXPECT_EQ(statuses_in(server.ask(start + "Content-Length: 5\r\n\r\nhello")), "400");
  EXPECT_EQ(statuses_in(server.ask(start + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")), "400");
  EXPECT_TRUE(taker.requests.empty());
  EXPECT_EQ(statuses_in(server.ask(start + "Content-Length: 0\r\n\r\n")), "101");
}

TEST(ServerUpgrades, UpgradeRowsAndOtherRowsDoNotMix) {
  TestServer server({});
  Taker taker;
  server.routes =
      routes_of({taker.route("/ws"), echo_route("/api"), echo_route("/both"), taker.route("/both")});
  const auto asks = [&](const std::string& path, const std::string& upgrade) {
    return statuses_in(server.ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + upgrade + "\r\n"));
  };

  EXPECT_EQ(asks("/ws", "Upgrade: websocket\r\n"), "101");
  EXPECT_EQ(asks("/ws", ""), "404");
  EXPECT_EQ(asks("/ws", "Upgrade: h2c\r\n"), "404");
  EXPECT_EQ(asks("/api", "Upgrade: websocket\r\n"), "404");
  EXPECT_EQ(asks("/api", "Upgrade: h2c\r\n"), "200");
  EXPECT_EQ(asks("/both", "Upgrade: h2c, websocket\r\n"), "101");
  EXPECT_EQ(asks("/both", ""), "200");
}

TEST(ServerUpgrades, UncleanPathsAreCleanedNotRedirected) {
  TestServer server({});
  Taker taker;
  server.routes = routes_of({taker.route("/a/b")});
  server.routes.redirect_unclean_paths = true;

  EXPECT_EQ(statuses_in(server.ask("GET //a/./b HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n")), "101");
  ASSERT_EQ(taker.requests.size(), 1u);
  EXPECT_FALSE(taker.requests[0].path_was_clean);
}

TEST(ServerUpgrades, APeerThatLeavesMeanwhileIsNotTakenOver) {
  TestServer server({});
  Taker taker;
  server.routes = routes_of({taker.route("*")});
  auto client = server.connect();
  client->send(upgrade_request);
  client->close();
  server.world.run_until_idle();

  EXPECT_TRUE(taker.requests.empty() || taker.ended);
  EXPECT_EQ(server.server->counters().open, 0u);
}

// A protocol that is known by its first byte, 7f.
Routes with_foreign(Taker& taker) {
  auto routes = routes_of({echo_route("*")});
  routes.foreign = {std::byte{0x7f},
                    [&taker](Takeover&& takeover, const net::Address&) { taker.take(std::move(takeover)); }};
  return routes;
}

TEST(ServerUpgrades, AnotherProtocolIsKnownByItsFirstByteAndGetsAllOfThem) {
  const std::string opening = "\x7f\xf1\0\0and more"s;
  for (std::size_t cut = 0; cut <= opening.size(); ++cut) {
    SCOPED_TRACE(cut);
    TestServer server({});
    Taker taker;
    server.routes = with_foreign(taker);
    const auto client = server.connect();
    client->send(opening.substr(0, cut));
    server.world.run_until_idle();
    client->send(opening.substr(cut));
    server.world.run_until_idle();

    EXPECT_EQ(taker.received, opening);
    EXPECT_EQ(server.server->counters().open, 0u);
  }
}

TEST(ServerUpgrades, InsideHttpThatByteIsNothingSpecial) {
  TestServer server({});
  Taker taker;
  server.routes = with_foreign(taker);
  const auto client = server.connect();
  client->send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  server.world.run_until_idle();
  client->send("\x7f\xf1\0\0\r\n\r\n"s);
  server.world.run_until_idle();

  EXPECT_EQ(statuses_in(client->received()), "200 400");
  EXPECT_EQ(taker.stream, nullptr);
}

}  // namespace
}  // namespace crosspoint::http
