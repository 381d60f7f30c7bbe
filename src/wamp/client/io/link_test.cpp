#include "wamp/client/io/link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "testing/certificates.h"
#include "testing/recording_server.h"
#include "testing/tls_network.h"
#include "wamp/client/io/test_router_node.h"
#include "wamp/client/test_line.h"

namespace crosspoint::wamp::client {
namespace {

using crosspoint::testing::Fate;
using crosspoint::testing::MemoryWorld;
using crosspoint::testing::RecordingServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* addresses[] = {"ws://localhost:8080/ws", "rs://localhost:8081", "unix:/run/test.sock"};

Payload json(std::string_view args) { return {data::Format::json, as_bytes(args), {}}; }

// A program on a link: what it is told as text.
struct Program final : LinkEvents {
  void on_joined(const Joined&) override { heard.emplace_back("joined"); }
  void on_ended(const Ending& ending) override { heard.push_back("ended: " + ending.sentence); }
  void on_result(CallId, const Result<Payload, Failure>& result) override {
    heard.push_back(result ? in_json(*result) : std::string(result.error().uri));
  }
  void on_granted(WishId) override { heard.emplace_back("granted"); }
  void on_event(WishId, const Event& event) override { heard.push_back("event " + in_json(event.payload)); }
  void on_invocation(WishId, const Invoked& invoked) override {
    heard.emplace_back("invoked");
    (void)link->agent().answer(invoked.id, json("[42]"), Agent::Part::last);
  }
  void on_link_changed() override {
    if (link != nullptr) states.push_back(link->status().state);
  }
  void on_closed() override { heard.emplace_back("closed"); }
  std::vector<std::string> take() { return std::exchange(heard, {}); }

  Link* link = nullptr;
  std::vector<std::string> heard;
  std::vector<LinkState> states;
};

struct LinkTest : ::testing::Test {
  struct Client {
    Program program;
    std::unique_ptr<Link> link;
    Agent& agent() { return link->agent(); }
    std::vector<std::string> heard() { return program.take(); }
    const LinkStatus& status() const { return link->status(); }
  };

  Client& start(const char* address, data::Format format = data::Format::json) {
    LinkSettings settings;
    settings.transport.place = *parse_place(address);
    settings.transport.format = format;
    settings.transport.tls = trust.get();
    settings.transport.connect_time_max = 5s;
    settings.transport.message_bytes_max = message_bytes_max;
    settings.agent = agent;
    settings.waiting_bytes_max = waiting_bytes_max;
    settings.attempts_max = attempts_max;
    auto& client = *clients.emplace_back(std::make_unique<Client>());
    client.link =
        std::make_unique<Link>(world.loop(1), world.network(), random, std::move(settings), client.program);
    client.program.link = client.link.get();
    client.link->start();
    world.run_until_idle();
    return client;
  }
  void put_up_router() { router.emplace(world); }

  MemoryWorld world;
  SeededRandom random{7};
  std::unique_ptr<net::TlsContext> trust =
      std::move(*net::TlsContext::client(crosspoint::testing::test_authority().certificate_pem()));
  AgentSettings agent;
  std::size_t message_bytes_max = 1 << 20, waiting_bytes_max = 1 << 20;
  std::uint64_t attempts_max = 0;
  std::optional<TestRouterNode> router;
  std::vector<std::unique_ptr<Client>> clients;
};

TEST_F(LinkTest, JoinsAndCallsOnEveryTransportInEveryFormat) {
  put_up_router();
  auto& callee = start("ws://localhost:8080/ws");
  callee.agent().register_procedure({.procedure = "p"});
  for (const auto* address: addresses) {
    for (const auto format: {data::Format::json, data::Format::msgpack, data::Format::cbor}) {
      SCOPED_TRACE(fmt::format("{} {}", address, data::to_string(format)));
      auto& client = start(address, format);
      ASSERT_THAT(client.heard(), ElementsAre("joined"));
      ASSERT_TRUE(client.agent().call({"p", json("[1]")}, client.link->now()));
      world.run_until_idle();
      EXPECT_THAT(client.heard(), ElementsAre("[42]"));
    }
  }
}

TEST_F(LinkTest, EveryTransportIsReadByteByByte) {
  crosspoint::testing::LinkSettings cable;
  cable.segment_bytes_max = 1;
  cable.write_bytes_max = 4;  // a RawSocket handshake goes in one write
  world.network().set_link_settings(cable);
  put_up_router();
  for (const auto* address: addresses) {
    SCOPED_TRACE(address);
    auto& client = start(address);
    client.agent().register_procedure({.procedure = address + 3});
    world.run_until_idle();
    EXPECT_THAT(client.heard(), ElementsAre("joined", "granted"));
  }
}

TEST_F(LinkTest, LeavingSaysGoodbyeAndClosesTheConnection) {
  put_up_router();
  for (const auto* address: addresses) {
    SCOPED_TRACE(address);
    auto& client = start(address);
    ASSERT_EQ(router->connections(), 1u);
    client.link->leave();
    world.run_until_idle();
    world.advance(1s);
    EXPECT_THAT(client.heard(), ElementsAre("joined", "ended: left the realm", "closed"));
    EXPECT_EQ(client.status().state, LinkState::closed);
    EXPECT_EQ(router->connections(), 0u);
    EXPECT_EQ(client.status().last_error, "");
  }
}

TEST_F(LinkTest, ComesBackAfterACutAndAsksForEverythingAgain) {
  put_up_router();
  for (const auto* address: addresses) {
    SCOPED_TRACE(address);
    auto& client = start(address);
    client.agent().register_procedure({.procedure = std::string("p.") + (address + 5)});
    client.agent().subscribe({"t"});
    world.run_until_idle();
    world.network().newest_link()->cut();
    world.run_until_idle();
    EXPECT_EQ(client.status().state, LinkState::waiting);
    EXPECT_NE(client.status().last_error, "");
    EXPECT_EQ(client.agent().call({"p", {}}, client.link->now()).error(), Told::not_joined);
    client.heard();
    world.advance(2s);
    EXPECT_THAT(client.heard(), ElementsAre("joined", "granted", "granted"));
    EXPECT_EQ(client.status().joins, 2u);
    client.link->leave();
    world.advance(2s);
  }
}

TEST_F(LinkTest, ARouterThatIsNotThereYetIsDialledLessAndLessOften) {
  auto& client = start("rs://localhost:8081");
  EXPECT_EQ(client.status().state, LinkState::waiting);
  EXPECT_THAT(client.status().last_error, HasSubstr("localhost:8081"));
  world.advance(20s);
  EXPECT_GE(client.status().attempts, 4u);  // after 1, 2, 4, 8 s and a fifth
  EXPECT_LE(client.status().attempts, 6u);
  put_up_router();
  world.advance(15s);
  EXPECT_EQ(client.status().state, LinkState::joined);
}

TEST_F(LinkTest, GivesUpAfterSoManyAttemptsInARow) {
  attempts_max = 3;
  auto& client = start("rs://localhost:8081");
  world.advance(60s);
  EXPECT_EQ(client.status().attempts, 3u);
  EXPECT_EQ(client.status().state, LinkState::closed);
  EXPECT_THAT(client.heard(), ElementsAre("closed"));
  EXPECT_THAT(client.status().last_error, HasSubstr("localhost:8081"));

  put_up_router();
  auto& other = start("rs://localhost:8081");
  for (int i = 0; i < 4; ++i) {  // a session that ends is no failed attempt
    world.network().newest_link()->cut();
    world.advance(15s);
  }
  EXPECT_EQ(other.status().joins, 5u);
}

TEST_F(LinkTest, ASilentLinkIsNoticed) {
  put_up_router();
  for (const auto* address: addresses) {
    SCOPED_TRACE(address);
    auto& client = start(address);
    world.network().newest_link()->go_silent();
    world.advance(61s);
    EXPECT_THAT(client.heard(), ElementsAre("joined", StartsWith("ended:"), "joined"));
    client.link->leave();
    world.advance(2s);
  }
}

TEST_F(LinkTest, ARouterThatDoesNotAnswerIsGivenUp) {
  world.network().set_fate(TestRouterNode::tcp(8080), Fate::no_answer);
  auto& websocket = start("ws://localhost:8080/ws");
  RecordingServer deaf;
  const net::Network::ListenPoint point{&world.loop(), &deaf};
  const auto listener = world.network().listen(TestRouterNode::tcp(8081), {}, {&point, 1});
  auto& rawsocket = start("rs://localhost:8081");
  world.advance(5s - 1ms);
  EXPECT_EQ(websocket.status().state, LinkState::connecting);
  EXPECT_EQ(rawsocket.status().state, LinkState::connecting);
  world.advance(1ms);
  EXPECT_EQ(websocket.status().state, LinkState::waiting);
  EXPECT_EQ(rawsocket.status().state, LinkState::waiting);
  EXPECT_THAT(rawsocket.status().last_error, HasSubstr("in time"));
}

// What a RawSocket client is answered, and what it makes of it.
TEST_F(LinkTest, WhatIsNoWampRouterIsNotTakenForOne) {
  using namespace std::string_literals;
  const struct {
    std::string answer;
    const char* why;
  } rows[] = {
      {"HTTP/1.1 400 Bad Request\r\n\r\n"s, "no WAMP RawSocket"},
      {"\x7f\x10\0\0"s, "does not speak this serializer"},
      {"\x7f\x40\0\0"s, "too many connections"},
      {"\x7f\xf2\0\0"s, "a serializer that was not offered"},
      {"\x7f\xf1\0\0\xff\0\0\1x"s, "malformed"},
      {"\x7f\xf1\0\0\0\xff\xff\xff"s, "too long"},
      {"\x7f\xf1\0\0\0\0\0\2{}"s, "a list"},
      {"\x7f\xf1\0\0\0\0\0\6[50,1]"s, "ends before"},
  };
  RecordingServer impostor;
  const net::Network::ListenPoint point{&world.loop(), &impostor};
  const auto listener = world.network().listen(TestRouterNode::tcp(8081), {}, {&point, 1});
  for (const auto& [answer, why]: rows) {
    auto& client = start("rs://localhost:8081");
    ASSERT_TRUE(impostor.connections.back()->stream->write_some(as_bytes(answer)));
    world.run_until_idle();
    world.advance(1s);
    EXPECT_THAT(client.status().last_error, HasSubstr(why));
    EXPECT_EQ(client.status().joins, 0u);
    client.link->leave();
    world.advance(2s);
    EXPECT_EQ(client.status().state, LinkState::closed) << why;
  }
}

TEST_F(LinkTest, AWebServerIsNotTakenForARouter) {
  put_up_router();
  RecordingServer impostor;
  const net::Network::ListenPoint point{&world.loop(), &impostor};
  const auto listener = world.network().listen(TestRouterNode::tcp(9000), {}, {&point, 1});
  auto& client = start("ws://localhost:9000/secret?code=1");
  ASSERT_TRUE(impostor.connections.back()->stream->write_some(
      as_bytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")));
  world.run_until_idle();
  EXPECT_THAT(client.status().last_error, HasSubstr("404"));
  EXPECT_THAT(client.status().last_error, ::testing::Not(HasSubstr("code")));
}

TEST_F(LinkTest, TlsIsSpokenOnBothTransports) {
  crosspoint::testing::TlsNetwork tls(world.network(), crosspoint::testing::test_identity(),
                                      crosspoint::testing::test_authority().certificate_pem());
  router.emplace(world, tls);
  for (const auto* address: {"wss://localhost:8080/ws", "rss://localhost:8081"}) {
    SCOPED_TRACE(address);
    auto& client = start(address);
    EXPECT_THAT(client.heard(), ElementsAre("joined"));
    EXPECT_EQ(client.status().last_error, "");
  }
  trust = std::move(*net::TlsContext::client(crosspoint::testing::CertificateAuthority().certificate_pem()));
  for (const auto* address: {"wss://localhost:8080/ws", "rss://localhost:8081"}) {
    auto& client = start(address);
    EXPECT_THAT(client.status().last_error, HasSubstr("certificate")) << address;
    EXPECT_EQ(client.status().joins, 0u);
  }
}

TEST_F(LinkTest, WhatWaitsForTheNetworkIsBounded) {
  put_up_router();
  waiting_bytes_max = 10'000;
  for (const auto* address: addresses) {
    SCOPED_TRACE(address);
    auto& client = start(address);
    const std::string text = "[\"" + std::string(4000, 'x') + "\"]";
    std::vector<bool> taken;
    for (int i = 0; i < 4; ++i)
      taken.push_back(client.agent().publish({.topic = "t", .payload = json(text)}).has_value());
    EXPECT_THAT(taken, ElementsAre(true, true, false, false));
    world.run_until_idle();
    EXPECT_TRUE(client.agent().publish({.topic = "t", .payload = json(text)}));
  }
}

TEST_F(LinkTest, ACallsTimeoutIsWatchedOnThisSideToo) {
  RecordingServer silent_router;
  const net::Network::ListenPoint point{&world.loop(), &silent_router};
  const auto listener = world.network().listen(TestRouterNode::tcp(8081), {}, {&point, 1});
  auto& client = start("rs://localhost:8081");
  using namespace std::string_literals;
  ASSERT_TRUE(
      silent_router.connections.back()->stream->write_some(as_bytes("\x7f\xf1\0\0\0\0\0\x08[2,7,{}]"s)));
  world.run_until_idle();
  CallOrder order{"p", {}};
  order.timeout = 2s;
  ASSERT_TRUE(client.agent().call(order, client.link->now()));
  world.advance(3s);
  EXPECT_THAT(client.heard(), ElementsAre("joined", "wamp.error.timeout"));
}

TEST_F(LinkTest, MayLeaveWheneverItLikes) {
  world.network().set_fate(TestRouterNode::tcp(8080), Fate::no_answer);
  auto& connecting = start("ws://localhost:8080/ws");
  connecting.link->leave();
  auto& waiting = start("rs://localhost:8081");
  waiting.link->leave();
  waiting.link->leave();
  world.run_until_idle();
  EXPECT_THAT(connecting.heard(), ElementsAre("closed"));
  EXPECT_THAT(waiting.heard(), ElementsAre("closed"));
  world.advance(60s);
  EXPECT_EQ(waiting.status().attempts, 1u);
}

}  // namespace
}  // namespace crosspoint::wamp::client
