#include "wamp/io/node.h"

#include <gmock/gmock.h>

#include <string>

#include "net/tls_session.h"
#include "testing/tls_network.h"
#include "wamp/io/test_node.h"
#include "wamp/rawsocket.h"
#include "websocket/deflate.h"
#include "websocket/test_frames.h"

namespace crosspoint::wamp {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;
using websocket::Opcode;

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

TEST_F(NodeTest, WhoWantsWampInAFormatThatWeDoNotSpeakIsRefused) {
  for (const auto* offered:
       {"wamp.2.flatbuffers", "wamp.2.flatbuffers.batched, null", "wamp.2.foo", "WAMP.2.JSON", "wamp"}) {
    const auto client = connect_websocket(offered);
    EXPECT_THAT(client->received(), HasSubstr("HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_THAT(client->received(), HasSubstr("wamp.2.json"));
  }
  EXPECT_EQ(others, 0);
  EXPECT_EQ(node.connections(), 0u);
}

TEST_F(NodeTest, AMessageMayComeInFragments) {
  const auto client = connect_websocket("wamp.2.json");
  client->take_received();
  const auto half = hello.size() / 2;
  EXPECT_EQ(say(*client, masked_frame(Opcode::text, hello.substr(0, half), {.final = false})), "");
  EXPECT_THAT(say(*client, masked_frame(Opcode::continuation, hello.substr(half))), HasSubstr("[2,42,{"));
}

TEST_F(NodeTest, MessagesMayComeAndGoCompressed) {
  auto compressing = settings;
  compressing.deflate = true;
  OwnNode own(*this, compressing);
  const auto client = connect_websocket_at(tcp(8082), "wamp.2.json", "/ws",
                                           "Sec-WebSocket-Extensions: permessage-deflate\r\n");
  ASSERT_THAT(client->take_received(), HasSubstr("Sec-WebSocket-Extensions: permessage-deflate"));
  ByteVector deflated;
  websocket::Deflater(15, websocket::Deflater::Context::kept).compress(as_bytes(hello), deflated);
  const auto welcome =
      say(*client, masked_frame(Opcode::text, as_text(Bytes(deflated)), {.compressed = true}));
  EXPECT_EQ(lobby.entered, 1);
  ASSERT_FALSE(welcome.empty());
  EXPECT_EQ(static_cast<unsigned char>(welcome[0]), 0xc1) << "a whole text, compressed";
  client->reset();
  world.run_until_idle();
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

TEST_F(NodeTest, ARawSocketClientThatCannotTakeAWelcomeIsToldSo) {
  const auto narrow = connect(rawsocket_endpoint), wide = connect(rawsocket_endpoint);
  EXPECT_EQ(to_hex(as_bytes(say(*narrow, "\x7f\x11\0\0"s))), "7f 20 00 00");
  EXPECT_TRUE(narrow->over());
  EXPECT_EQ(to_hex(as_bytes(say(*wide, "\x7f\x21\0\0"s))), "7f e1 00 00");
  const auto welcome = say(*wide, "\0\0\0"s + static_cast<char>(hello.size()) + hello);
  EXPECT_THAT(welcome, HasSubstr("[2,42,{"));
  EXPECT_LE(welcome.size(), rawsocket::header_bytes + rawsocket::welcome_bytes);
}

TEST_F(NodeTest, ARawSocketClientTooManyIsToldSo) {
  auto none = settings;
  none.connections_max = 0;
  Node own(world.loop(), lobby, random, none);
  listen(tcp(8082), own.rawsocket_acceptor());
  const auto client = connect(tcp(8082));
  EXPECT_EQ(to_hex(as_bytes(client->take_received())), "7f 40 00 00");
  EXPECT_TRUE(client->over());
  EXPECT_EQ(own.connections_refused(), 1u);
}

TEST_F(NodeTest, AWebSocketOrLongPollClientTooManyIsAnsweredWith503) {
  auto one = settings;
  one.connections_max = 1;
  OwnNode own(*this, one);
  for (auto& row: own.node.long_poll_rows()) own.routes.rows.push_back(row);
  const auto first = connect_websocket_at(tcp(8082), "wamp.2.json");
  EXPECT_THAT(first->received(), HasSubstr("101 Switching"));
  EXPECT_THAT(connect_websocket_at(tcp(8082), "wamp.2.json")->received(), HasSubstr("503"));
  const auto poller = connect(tcp(8082));
  EXPECT_THAT(say(*poller,
                  "POST /lp/open HTTP/1.1\r\nHost: a\r\nContent-Length: 29\r\n\r\n"
                  R"({"protocols":["wamp.2.json"]})"),
              HasSubstr("503"));
  EXPECT_EQ(own.node.connections_refused(), 2u);
  first->reset();
  world.run_until_idle();
  EXPECT_THAT(connect_websocket_at(tcp(8082), "wamp.2.json")->received(), HasSubstr("101 Switching"));
}

// Row D6, as over WebSocket.
TEST_F(NodeTest, D6_ARawSocketClientThatSendsTooMuchIsReadMoreSlowlyAndLosesNothing) {
  for (const ReceiveRates rates:
       {ReceiveRates{.bytes_per_second_max = 10'000}, {.messages_per_second_max = 10}}) {
    auto slow = settings;
    slow.rawsocket.receive = rates;
    Node own(world.loop(), lobby, random, slow);
    listen(tcp(8083), own.rawsocket_acceptor());
    world.network().set_link_settings({.capacity_bytes = 4096, .segment_bytes_max = 1000});
    const auto client = connect(tcp(8083));
    say(*client, "\x7f\xf1\0\0\0\0\0"s + static_cast<char>(hello.size()) + hello);
    const std::string subscribe = "[32,1,{},\"" + std::string(985, 'a') + "\"]";
    std::string bytes;
    for (int i = 0; i < 40; ++i) bytes += "\0\0\x03"s + static_cast<char>(subscribe.size() - 768) + subscribe;
    lobby.taken.clear();

    client->send(bytes);
    world.run_until_idle();
    EXPECT_GE(lobby.taken.size(), 8u) << "a second's worth may come at once";
    EXPECT_LE(lobby.taken.size(), 12u);
    world.advance(1s);
    EXPECT_LE(lobby.taken.size(), 22u);
    world.advance(3s);

    EXPECT_EQ(lobby.taken.size(), 40u);
    EXPECT_FALSE(client->over());
    client->reset();
    world.run_until_idle();
    listeners.pop_back();
  }
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

TEST_F(NodeTest, WhoIsToldToGoAndDoesNotIsHungUpOn) {
  const auto web = connect_websocket("wamp.2.json");
  say(*web, masked_frame(Opcode::text, hello));
  lobby.control->end("wamp.close.killed", "", {world.loop().now(), world.loop().wall_now()});
  const auto raw = connect(rawsocket_endpoint);
  say(*raw, "\x7f\xf1\0\0\0\0\0"s + static_cast<char>(hello.size()) + hello);
  lobby.control->end("wamp.close.killed", "", {world.loop().now(), world.loop().wall_now()});
  world.run_until_idle();
  EXPECT_THAT(web->take_received(), HasSubstr("wamp.close.killed"));
  EXPECT_THAT(raw->take_received(), HasSubstr("wamp.close.killed"));

  world.advance(5s);

  EXPECT_THAT(web->take_received(), HasSubstr("\x03\xe8"s)) << "close code 1000";
  EXPECT_TRUE(raw->over());
}

TEST_F(NodeTest, WhatTlsKnowsOfAConnectionTheSessionKnows) {
  testing::TlsNetwork tls(world.network(), testing::test_identity(),
                          testing::test_authority().certificate_pem());
  const std::pair<net::Endpoint, net::Acceptor*> doors[] = {{tcp(8443), &server},
                                                            {tcp(8444), &node.rawsocket_acceptor()}};
  for (const auto& [at, acceptor]: doors) {
    const net::Network::ListenPoint point{&world.loop(), acceptor};
    listeners.push_back(std::move(tls.listen(at, {}, {&point, 1})->front()));
    testing::RawClient client(world.loop(1), tls, at);
    world.run_until_idle();
    client.send("\x7f\xf1\0\0\0\0\0"s + static_cast<char>(hello.size()) + hello);
    world.run_until_idle();

    ASSERT_NE(lobby.facts.tls, nullptr);
    const auto& seen = *client.stream().tls();
    EXPECT_EQ(lobby.facts.tls->exporter, seen.channel_binding(net::ChannelBinding::tls_exporter));
    EXPECT_EQ(lobby.facts.tls->exporter.size(), 32u);
    EXPECT_EQ(lobby.facts.tls->server_end_point,
              seen.channel_binding(net::ChannelBinding::tls_server_end_point));
    EXPECT_TRUE(lobby.facts.tls->certificate_sha256.empty()) << "nobody asked for one";
    lobby.facts = {};
  }
}

// A node that knows browsers by their cookie; "known" stands for somebody.
struct CookieTest : NodeTest {
  class TestCookies final : public Cookies {
   public:
    bool wanted() override { return are_wanted; }
    bool knows(std::string_view cookie) override { return cookie == "known"; }
    Duration age_max() override { return 1h; }
    bool are_wanted = true;
  };
  void listen() {
    own_routes.rows.push_back(own.websocket_row());
    NodeTest::listen(tcp(8082), own_server);
  }
  // What the handshake is answered.
  std::string shake_hands(std::string_view fields) {
    clients.push_back(connect(tcp(8082)));
    clients.back()->send(
        "GET /ws HTTP/1.1\r\nHost: lab.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Protocol: wamp.2.json\r\n" +
        std::string(fields) + "\r\n");
    world.run_until_idle();
    return clients.back()->take_received();
  }
  // The cookie that the session has.
  std::string cookie_of_session() {
    say(*clients.back(), masked_frame(Opcode::text, hello));
    return lobby.facts.cookie;
  }

  TestCookies cookies;
  Node own{world.loop(), lobby, random, [this] {
             NodeSettings chosen;
             chosen.cookies = &cookies;
             return chosen;
           }()};
  http::Routes own_routes;
  http::Server own_server{world.loop(), own_routes, {}};
  std::vector<std::unique_ptr<testing::RawClient>> clients;
};

TEST_F(CookieTest, ABrowserWithoutOneIsGivenOne) {
  listen();
  const auto answer = shake_hands("");
  ASSERT_THAT(answer, HasSubstr("\r\nSet-Cookie: cbtid="));
  EXPECT_THAT(answer, HasSubstr("; Max-Age=3600; Path=/; HttpOnly; SameSite=Strict\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
  const auto cookie = cookie_of_session();
  EXPECT_THAT(answer, HasSubstr("cbtid=" + cookie + ";"));
  EXPECT_EQ(cookie.size(), 24u);
}

TEST_F(CookieTest, OneThatStandsForSomebodyIsKeptAndAnyOtherReplaced) {
  listen();
  EXPECT_THAT(shake_hands("Cookie: a=b; cbtid=known\r\n"), ::testing::Not(HasSubstr("Set-Cookie")));
  EXPECT_EQ(cookie_of_session(), "known");
  EXPECT_THAT(shake_hands("Cookie: cbtid=planted\r\n"), HasSubstr("Set-Cookie"));
  EXPECT_NE(cookie_of_session(), "planted");
}

TEST_F(CookieTest, APageOfAnotherHostHasNone) {
  listen();
  EXPECT_THAT(shake_hands("Cookie: cbtid=known\r\nOrigin: https://evil.example\r\n"),
              ::testing::Not(HasSubstr("Set-Cookie")));
  EXPECT_EQ(cookie_of_session(), "");
  shake_hands("Cookie: cbtid=known\r\nOrigin: https://lab.example\r\n");
  EXPECT_EQ(cookie_of_session(), "known");
}

TEST_F(CookieTest, WhereNoRealmTakesThemThereAreNone) {
  listen();
  cookies.are_wanted = false;
  EXPECT_THAT(shake_hands("Cookie: cbtid=known\r\n"), ::testing::Not(HasSubstr("Set-Cookie")));
  EXPECT_EQ(cookie_of_session(), "");
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

// The list of connections changes while they are cut.
TEST_F(NodeTest, WhoDoesNotAnswerGoodbyeIsCutAtTheLimit) {
  std::vector<std::unique_ptr<testing::RawClient>> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(connect(rawsocket_endpoint));
    say(*clients.back(), "\x7f\xf1\0\0\0\0\0"s + static_cast<char>(hello.size()) + hello);
  }
  bool stopped = false;
  node.stop(1s, [&] { stopped = true; });
  world.advance(1s);
  world.run_until_idle();
  EXPECT_TRUE(stopped);
  EXPECT_EQ(node.connections(), 0u);
  EXPECT_EQ(lobby.left, 4);
}

}  // namespace
}  // namespace crosspoint::wamp
