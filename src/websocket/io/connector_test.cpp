#include "websocket/io/connector.h"

#include <gtest/gtest.h>

#include "testing/recording_server.h"
#include "testing/world.h"
#include "websocket/io/socket.h"
#include "websocket/io/test_socket.h"
#include "websocket/test_frames.h"

namespace crosspoint::websocket {
namespace {

using crosspoint::testing::Fate;
using Cause = ConnectError::Cause;

class ConnectorTest : public ::testing::Test {
 protected:
  void listen() {
    const net::Network::ListenPoint point{&world.loop(), &server};
    listeners = *world.network().listen(endpoint, {}, std::span(&point, 1));
  }
  ConnectRequest request(std::string_view url = "ws://127.0.0.1:9000/out/video?code=secret") {
    return {.url = *http::parse_url(url), .subprotocols = {}, .fields = {}};
  }
  void connect(ConnectRequest what) {
    connector = std::make_unique<Connector>(world.loop(), world.network(), random, std::move(what),
                                            [this](auto the_result) {
                                              ASSERT_FALSE(result) << "called twice";
                                              result = std::move(the_result);
                                              if (destroy_inside) connector.reset();
                                            });
    world.run_until_idle();
  }
  // Answers the request that has come as a right server would, with what else is given.
  void answer(std::string_view more_fields = {}, std::string_view early = {}) {
    const std::string& asked = server.connections.at(0)->received;
    const std::string_view name = "Sec-WebSocket-Key: ";
    const std::string key = asked.substr(asked.find(name) + name.size(), 24);
    say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
        "Upgrade\r\nSec-WebSocket-Accept: " +
        accept_value(key) + "\r\n" + std::string(more_fields) + "\r\n" + std::string(early));
  }
  void say(std::string_view text) {
    ASSERT_EQ(server.connections.at(0)->stream->write_some(as_bytes(text)), text.size());
    world.run_until_idle();
  }
  void expect_error(Cause cause, int status = 0) {
    ASSERT_TRUE(result);
    ASSERT_FALSE(result->has_value());
    EXPECT_EQ(result->error().cause, cause);
    EXPECT_EQ(result->error().http_status, status);
    EXPECT_NE(result->error().sentence, "");
    EXPECT_EQ(result->error().sentence.find("secret"), std::string::npos);
  }

  const net::Endpoint endpoint{
      .kind = net::Endpoint::Kind::tcp, .host = "127.0.0.1", .port = 9000, .path = {}};
  crosspoint::testing::MemoryWorld world;
  SeededRandom random{1};
  crosspoint::testing::RecordingServer server;
  std::vector<std::unique_ptr<net::Listener>> listeners;
  std::optional<Result<Connected, ConnectError>> result;
  std::unique_ptr<Connector> connector;
  bool destroy_inside = false;
};

TEST_F(ConnectorTest, AsksAndHandsOutTheStream) {
  listen();
  ConnectRequest what = request();
  what.subprotocols = {"null"};
  what.fields.add("User-Agent", "test");
  connect(std::move(what));
  EXPECT_TRUE(server.connections.at(0)->received.starts_with(
      "GET /out/video?code=secret HTTP/1.1\r\nHost: 127.0.0.1:9000\r\n"));
  EXPECT_NE(server.connections.at(0)->received.find("User-Agent: test\r\n"), std::string::npos);
  EXPECT_FALSE(result);

  answer("Sec-WebSocket-Protocol: null\r\n", plain_frame(Opcode::text, "early"));

  ASSERT_TRUE(result && *result);
  EXPECT_EQ((*result)->subprotocol, "null");
  EXPECT_FALSE((*result)->deflate);
  EXPECT_EQ(to_string((*result)->early_bytes), plain_frame(Opcode::text, "early"));
}

// The stream is handed to a socket, which hears what came early, what came later, and the end.
TEST_F(ConnectorTest, ASocketGoesOnWhereTheHandshakeEnded) {
  listen();
  connect(request());
  answer({}, plain_frame(Opcode::text, "one") + plain_frame(Opcode::text, "two").substr(0, 3));
  ASSERT_TRUE(result && *result);
  Recorder recorder;
  const SocketLimits limits;
  Socket socket(world.loop(), std::move((*result)->stream), Role::client, limits, random, recorder);
  socket.start({}, std::move((*result)->early_bytes));
  world.run_until_idle();

  say(plain_frame(Opcode::text, "two").substr(3));
  server.connections.at(0)->stream->shutdown_write();
  world.run_until_idle();

  EXPECT_EQ(recorder.messages, (std::vector<Heard::One>{{Opcode::text, "one"}, {Opcode::text, "two"}}));
  EXPECT_TRUE(recorder.closed);
}

TEST_F(ConnectorTest, B12_NothingIsLostWhenTheAnswerComesByteByByte) {
  world.network().set_link_settings({.segment_bytes_max = 1});
  listen();
  connect(request());
  answer({}, plain_frame(Opcode::text, "right behind the answer"));
  ASSERT_TRUE(result && *result);
  Recorder recorder;
  const SocketLimits limits;
  Socket socket(world.loop(), std::move((*result)->stream), Role::client, limits, random, recorder);

  socket.start({}, std::move((*result)->early_bytes));
  world.run_until_idle();

  EXPECT_EQ(recorder.messages, (std::vector<Heard::One>{{Opcode::text, "right behind the answer"}}));
}

TEST_F(ConnectorTest, AgreesOnCompressionOnlyIfItWasOffered) {
  listen();
  ConnectRequest what = request();
  what.offer_deflate = true;
  connect(std::move(what));
  answer("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10\r\n");
  ASSERT_TRUE(result && *result);
  EXPECT_EQ((*result)->deflate->server_max_window_bits, 10);
}

TEST_F(ConnectorTest, H4_AnExtensionNobodyOfferedIsRefused) {
  listen();
  connect(request());
  answer("Sec-WebSocket-Extensions: permessage-deflate\r\n");
  expect_error(Cause::not_websocket, 101);
}

TEST_F(ConnectorTest, H4_NeverFollowsARedirect) {
  listen();
  ConnectRequest what = request();
  what.fields.add("Authorization", "Bearer secret");
  connect(std::move(what));
  say("HTTP/1.1 302 Found\r\nLocation: ws://elsewhere.example/\r\nContent-Length: 0\r\n\r\n");

  expect_error(Cause::refused, 302);
  EXPECT_EQ(server.connections.size(), 1u);
}

TEST_F(ConnectorTest, H4_NamesTheStatusOfARefusal) {
  listen();
  connect(request());
  say("HTTP/1.1 403 Sure, whatever the \"server\" says\r\nContent-Length: 5\r\n\r\nnever");

  expect_error(Cause::refused, 403);
  EXPECT_EQ(result->error().sentence, "127.0.0.1:9000 answered 403 Forbidden");
}

TEST_F(ConnectorTest, ARefusalIsQuotedWhereItIsShortPlainTextAndTheRequestHoldsNothingSecret) {
  listen();
  const auto sentence = [&](std::string_view said, bool ends = false, std::string target = "/ws") {
    result.reset();
    ConnectRequest what = request();
    what.url.target = std::move(target);
    what.quote_refusal = true;
    connect(std::move(what));
    for (const char c: said) {
      if (result) break;
      EXPECT_EQ(server.connections.back()->stream->write_some(as_bytes(std::string_view(&c, 1))), 1u);
      world.run_until_idle();  // cut anywhere
    }
    if (ends) server.connections.back()->stream->shutdown_write();
    world.run_until_idle();
    return result && !*result ? result->error().sentence : std::string("not refused");
  };
  const std::string head = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n";
  const std::string refused = "127.0.0.1:9000 answered 400 Bad Request";
  EXPECT_EQ(sentence(head + "Content-Length: 25\r\n\r\nThis port speaks TLS\nmore"),
            refused + ": This port speaks TLS");
  EXPECT_EQ(sentence(head + "Content-Length: 6\r\n\r\na\x1b[1m\xc2"), refused + ": a\\x1b[1m\\xc2");
  EXPECT_EQ(sentence(head + "\r\nuntil the end", true), refused + ": until the end");
  EXPECT_EQ(sentence(head + "Content-Length: 90\r\n\r\ncut off", true), refused + ": cut off");
  EXPECT_EQ(sentence(head + "Content-Length: 0\r\n\r\n"), refused);
  EXPECT_EQ(sentence(head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nxx\r\n"), refused + ": abc");
  const std::string most(quoted_bytes_max, 'a');
  EXPECT_EQ(sentence(head + "Content-Length: 200\r\n\r\n" + most), refused + ": " + most);
  EXPECT_EQ(sentence(head + "Content-Length: 999\r\n\r\n" + most + "a"), refused);
  EXPECT_EQ(sentence("HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nno"),
            refused);
  EXPECT_EQ(sentence(head + "Content-Length: 2\r\n\r\nno", false, "/ws?code=secret"), refused);
}

TEST_F(ConnectorTest, H4_WhatIsNoAnswerIsAnError) {
  struct Row {
    std::string_view said;
    int status;
  };
  const Row table[] = {
      {"SSH-2.0-OpenSSH_9.2\r\n", 0},
      {"\x16\x03\x01 not HTTP at all \r\n\r\n", 0},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", 101},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
       "Upgrade\r\nSec-WebSocket-Accept: "
       "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
       101},
  };
  for (const Row& row: table) {
    result.reset();
    listeners.clear();
    server.connections.clear();
    listen();
    connect(request());
    say(row.said);
    expect_error(Cause::not_websocket, row.status);
  }
}

TEST_F(ConnectorTest, InterimAnswersArePassedOver) {
  listen();
  connect(request());
  say("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
  EXPECT_FALSE(result);
  answer();
  EXPECT_TRUE(result && *result);
}

TEST_F(ConnectorTest, H4_AnEndlessHeadIsAnError) {
  listen();
  connect(request());
  say("HTTP/1.1 101 Switching Protocols\r\nX: " + std::string(20'000, 'x'));
  expect_error(Cause::not_websocket);
}

TEST_F(ConnectorTest, ReportsWhatTheNetworkSays) {
  connect(request());  // nobody listens
  expect_error(Cause::network);
}

TEST_F(ConnectorTest, ReportsAConnectionThatEndsWithoutAnAnswer) {
  listen();
  connect(request());
  server.connections.at(0)->stream->shutdown_write();
  world.run_until_idle();
  expect_error(Cause::network);
}

TEST_F(ConnectorTest, TheLimitIsForEverythingTogether) {
  listen();
  connect(request());
  world.advance(9s);
  say("HTTP/1.1 101 Switching ");
  EXPECT_FALSE(result);
  world.advance(1s);
  expect_error(Cause::timed_out);
}

TEST_F(ConnectorTest, AHostThatDoesNotAnswerTimesOut) {
  listen();
  world.network().set_fate(endpoint, Fate::no_answer);
  connect(request());
  world.advance(10s);
  expect_error(Cause::timed_out);
}

TEST_F(ConnectorTest, RefusesWhatItCannotDo) {
  connect(request("wss://127.0.0.1:9000/"));
  expect_error(Cause::tls_unavailable);
  result.reset();
  ConnectRequest what = request();
  what.fields.add("Authorization", "Bearer x\r\nEvil: secret");
  connect(std::move(what));
  expect_error(Cause::bad_request);
}

TEST_F(ConnectorTest, MayBeDestroyedInsideItsCallback) {
  destroy_inside = true;
  listen();
  connect(request());
  answer();
  EXPECT_TRUE(result && *result);

  result.reset();
  connect(request("ws://127.0.0.1:9001/"));
  expect_error(Cause::network);
}

TEST_F(ConnectorTest, MayBeGivenUpAtAnyStage) {
  listen();
  for (int stage = 0; stage < 4; ++stage) {
    server.connections.clear();
    connector = std::make_unique<Connector>(world.loop(), world.network(), random, request(),
                                            [](auto) { FAIL() << "called after it was given up"; });
    for (int i = 0; i < stage; ++i) world.loop(0).turn();
    connector.reset();
    world.advance(20s);
  }
}

}  // namespace
}  // namespace crosspoint::websocket
