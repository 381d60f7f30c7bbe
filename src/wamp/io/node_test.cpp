#include "wamp/io/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "testing/raw_client.h"
#include "testing/world.h"
#include "wamp/test_lobby.h"
#include "websocket/test_frames.h"

namespace crosspoint::wamp {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using websocket::Opcode;

const std::string hello = R"([1,"realm1",{"roles":{"caller":{}}}])";

// An HTTP server with the node's rows before an ordinary WebSocket row, on one port.
struct NodeTest : ::testing::Test {
  NodeTest() {
    routes.rows.push_back(node.websocket_row());
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
  std::unique_ptr<testing::RawClient> connect_websocket(std::string_view subprotocols,
                                                        std::string_view path = "/ws",
                                                        std::string_view more_fields = "") {
    auto client = connect(endpoint);
    client->send(
        "GET " + std::string(path) +
        " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
        (subprotocols.empty() ? "" : "Sec-WebSocket-Protocol: " + std::string(subprotocols) + "\r\n") +
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

TEST_F(NodeTest, AHandshakeThatOffersWampIsASessionOnAnyPath) {
  for (const auto* path: {"/ws", "/", "/some/topic"}) {
    const auto client = connect_websocket("wamp.2.json", path);
    EXPECT_THAT(client->take_received(), HasSubstr("Sec-WebSocket-Protocol: wamp.2.json\r\n"));
    EXPECT_THAT(say(*client, masked_frame(Opcode::text, hello)), HasSubstr("[2,42,{"));
  }
  EXPECT_EQ(others, 0);
}

TEST_F(NodeTest, AHandshakeThatDoesNotIsTheRelays) {
  EXPECT_THAT(connect_websocket("")->received(), HasSubstr("404"));
  EXPECT_THAT(connect_websocket("null")->received(), HasSubstr("404"));
  EXPECT_EQ(others, 2);
}

TEST_F(NodeTest, TheClientsOrderOfSubprotocolsCounts) {
  const auto client = connect_websocket("wamp.2.flatbuffers, wamp.2.cbor, wamp.2.json");
  EXPECT_THAT(client->received(), HasSubstr("Sec-WebSocket-Protocol: wamp.2.cbor\r\n"));
}

TEST_F(NodeTest, APageFromElsewhereIsNotLetInByTheBrowserThatShowsIt) {
  EXPECT_THAT(connect_websocket("wamp.2.json", "/ws", "Origin: https://evil.example\r\n")->received(),
              HasSubstr("403 Forbidden"));
  EXPECT_THAT(connect_websocket("wamp.2.json", "/ws", "Origin: http://localhost\r\n")->received(),
              HasSubstr("101 Switching"));
}

TEST_F(NodeTest, JsonInABinaryMessageIsAViolation) {
  const auto client = connect_websocket("wamp.2.json");
  client->take_received();
  const auto said = say(*client, masked_frame(Opcode::binary, hello));
  EXPECT_THAT(said, HasSubstr("wamp.error.protocol_violation"));
  EXPECT_THAT(said, HasSubstr("\x03\xea"s)) << "close code 1002";
  EXPECT_EQ(node.counters().violations, 1u);
}

TEST_F(NodeTest, RawSocketOnThePortOfHttp) {
  const auto client = connect(endpoint);
  EXPECT_EQ(to_hex(as_bytes(say(*client, "\x7f\xf1\0\0"s))), "7f e1 00 00");
  EXPECT_THAT(say(*client, "\0\0\0"s + static_cast<char>(hello.size()) + hello), HasSubstr("[2,42,{"));
  EXPECT_EQ(node.connections(), 1u);
}

TEST_F(NodeTest, RawSocketOnAPortOfItsOwnByteByByte) {
  const auto client = connect(rawsocket_endpoint);
  std::string heard;
  for (const char c: "\x7f\xf1\0\0\0\0\0"s + static_cast<char>(hello.size()) + hello)
    heard += say(*client, std::string(1, c));
  EXPECT_THAT(heard, HasSubstr("[2,42,{"));
}

TEST_F(NodeTest, ARawSocketHandshakeThatIsRefusedIsToldWhy) {
  const auto unknown_serializer = connect(rawsocket_endpoint), reserved_bits = connect(rawsocket_endpoint);
  EXPECT_EQ(to_hex(as_bytes(say(*unknown_serializer, "\x7f\xfe\0\0"s))), "7f 10 00 00");
  EXPECT_EQ(to_hex(as_bytes(say(*reserved_bits, "\x7f\xf1\0\1"s))), "7f 30 00 00");
  EXPECT_TRUE(unknown_serializer->over() && reserved_bits->over());
}

TEST_F(NodeTest, WhatIsNoRawSocketIsHungUpOn) {
  const auto client = connect(rawsocket_endpoint);
  EXPECT_EQ(say(*client, "GET / HTTP/1.1\r\n\r\n"), "");
  EXPECT_TRUE(client->over());
  EXPECT_EQ(node.connections(), 0u);
}

TEST_F(NodeTest, ARawSocketPingIsAnsweredWithItsPayload) {
  const auto client = connect(rawsocket_endpoint);
  say(*client, "\x7f\xf1\0\0"s);
  EXPECT_EQ(say(*client, "\1\0\0\5hello"s), "\2\0\0\5hello"s);
}

TEST_F(NodeTest, ARawSocketFrameThatIsTooLongEndsTheSession) {
  const auto client = connect(rawsocket_endpoint);
  say(*client, "\x7f\xf1\0\0"s);
  EXPECT_THAT(say(*client, "\0\xff\xff\xff"s), HasSubstr("wamp.error.protocol_violation"));
  EXPECT_TRUE(client->over());
}

TEST_F(NodeTest, WhoSaysNothingIsHungUpOn) {
  const auto raw = connect(rawsocket_endpoint), after_handshake = connect(rawsocket_endpoint);
  say(*after_handshake, "\x7f\xf1\0\0"s);
  const auto web = connect_websocket("wamp.2.json");
  web->take_received();
  world.advance(15s);
  world.run_until_idle();
  EXPECT_TRUE(raw->over() && after_handshake->over());
  EXPECT_THAT(web->take_received(), HasSubstr("no HELLO came in time"));
  EXPECT_EQ(node.connections(), 0u);
}

TEST_F(NodeTest, ALineThatBreaksLeavesTheRealm) {
  const auto client = connect_websocket("wamp.2.json");
  say(*client, masked_frame(Opcode::text, hello));
  client->reset();
  world.run_until_idle();
  EXPECT_EQ(lobby.left, 1);
  EXPECT_EQ(node.connections(), 0u);
}

// While a message waits for the gate its client is not read; then everything is taken in its order.
struct WaitingTest : NodeTest {
  void decide() {
    lobby.decides_later = false;
    lobby.control->on_decided({world.loop().now(), world.loop().wall_now()});
    world.run_until_idle();
  }
  void wait_and_go_on(testing::RawClient& client, const std::function<std::string(std::string)>& framed) {
    const std::string call = R"([48,1,{},"p"])", publish = R"([16,2,{},"t"])";
    lobby.taken.clear();
    lobby.decides_later = true;
    say(client, framed(call) + framed(publish));
    EXPECT_THAT(lobby.taken, ElementsAre(Code::call));
    const auto read = node.counters().messages_in;
    say(client, framed(R"([6,{},"wamp.close.normal"])"));
    EXPECT_EQ(node.counters().messages_in, read);

    decide();

    EXPECT_THAT(lobby.taken, ElementsAre(Code::call, Code::call, Code::publish));
    EXPECT_EQ(node.counters().messages_in, read + 1);
    EXPECT_THAT(client.take_received(), HasSubstr("wamp.close.goodbye_and_out"));
  }
  static std::string in_rawsocket(const std::string& message) {
    return "\0\0\0"s + static_cast<char>(message.size()) + message;
  }
};

TEST_F(WaitingTest, OverWebSocket) {
  const auto client = connect_websocket("wamp.2.json");
  say(*client, masked_frame(Opcode::text, hello));
  wait_and_go_on(*client, [](const std::string& message) { return masked_frame(Opcode::text, message); });
}

TEST_F(WaitingTest, OverRawSocket) {
  const auto client = connect(rawsocket_endpoint);
  say(*client, "\x7f\xf1\0\0"s + in_rawsocket(hello));
  wait_and_go_on(*client, in_rawsocket);
}

TEST_F(WaitingTest, AGoodbyeThatWaitedGivesTheClientTheUsualTimeForAnotherHello) {
  const auto web = connect_websocket("wamp.2.json");
  say(*web, masked_frame(Opcode::text, hello));
  lobby.decides_later = true;
  say(*web, masked_frame(Opcode::text, R"([48,1,{},"p"])") +
                masked_frame(Opcode::text, R"([6,{},"wamp.close.normal"])"));
  decide();
  world.advance(11s);
  world.run_until_idle();
  EXPECT_EQ(node.connections(), 0u);
}

TEST_F(WaitingTest, AClientThatIsToGoWhileItWaitsMayStillSayGoodbye) {
  const auto client = connect(rawsocket_endpoint);
  say(*client, "\x7f\xf1\0\0"s + in_rawsocket(hello));
  lobby.decides_later = true;
  say(*client, in_rawsocket(R"([48,1,{},"p"])"));
  lobby.control->end("wamp.close.killed", "", {world.loop().now(), world.loop().wall_now()});
  world.run_until_idle();
  EXPECT_THAT(client->take_received(), HasSubstr("wamp.close.killed"));
  EXPECT_FALSE(client->over());
  say(*client, in_rawsocket(R"([6,{},"wamp.close.goodbye_and_out"])"));
  EXPECT_TRUE(client->over());
}

// Says large things to the client until its transport has enough of it.
struct SlowTest : NodeTest {
  void fill(Peer& peer, bool events) {
    const std::string args = "[\"" + std::string(100'000, 'x') + "\"]";
    const Payload payload{data::Format::json, as_bytes(args), {}};
    for (int i = 0; i < 200; ++i) {
      if (events) {
        const Event said{SubscriptionId{1}, PublicationId{2}, "", {}, false, false, {}, payload};
        SharedEvent event(said);
        peer.send_event(event);
      } else {
        peer.send(CallResult{RequestId{1}, false, {}, payload});
      }
      world.run_until_idle();
    }
  }
};

TEST_F(SlowTest, AClientThatDoesNotReadIsClosedAtTheBoundAndItsSeatLeft) {
  for (const bool events: {true, false}) {
    SCOPED_TRACE(events);
    const auto client = connect_websocket("wamp.2.json");
    say(*client, masked_frame(Opcode::text, hello));
    client->stop_reading();
    const auto left = lobby.left;
    const auto closed = node.counters().closed_too_slow;
    fill(*lobby.peer, events);
    EXPECT_EQ(lobby.left, left + 1);
    EXPECT_EQ(node.counters().closed_too_slow, closed + 1);
  }
}

TEST_F(SlowTest, TheSameOverRawSocket) {
  for (const bool events: {true, false}) {
    SCOPED_TRACE(events);
    const auto client = connect(rawsocket_endpoint);
    say(*client, "\x7f\xf1\0\0"s);
    say(*client, "\0\0\0"s + static_cast<char>(hello.size()) + hello);
    client->stop_reading();
    const auto left = lobby.left;
    fill(*lobby.peer, events);
    EXPECT_EQ(lobby.left, left + 1);
  }
  EXPECT_EQ(node.counters().closed_too_slow, 2u);
}

TEST_F(NodeTest, StoppingSaysGoodbyeToEverybodyAndWaitsForThem) {
  const auto web = connect_websocket("wamp.2.json"), raw = connect(rawsocket_endpoint);
  say(*web, masked_frame(Opcode::text, hello));
  say(*raw, "\x7f\xf1\0\0\0\0\0"s + static_cast<char>(hello.size()) + hello);
  bool stopped = false;
  node.stop(5s, [&] { stopped = true; });
  world.run_until_idle();
  EXPECT_THAT(web->take_received(), HasSubstr("wamp.close.system_shutdown"));
  EXPECT_THAT(raw->take_received(), HasSubstr("wamp.close.system_shutdown"));
  EXPECT_FALSE(stopped);
  world.advance(6s);
  world.run_until_idle();
  EXPECT_TRUE(stopped);
  EXPECT_EQ(lobby.left, 2);
}

}  // namespace
}  // namespace crosspoint::wamp
