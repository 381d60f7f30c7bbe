// Sessions over HTTP requests, some of which come over another loop than the router's.
#include "wamp/io/long_poll_desk.h"

#include <gmock/gmock.h>

#include "http/io/test_server.h"
#include "wamp/io/test_node.h"

namespace crosspoint::wamp {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct LongPollTest : NodeTest {
  LongPollTest() { listen_on_other_loop(); }
  void listen_on_other_loop() {
    const net::Network::ListenPoint point{&world.loop(2), &other_server};
    listeners.push_back(std::move(world.network().listen(other_endpoint, {}, {&point, 1})->front()));
  }

  static std::string post(std::string_view path, std::string_view body = "", std::string_view fields = "") {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" + std::string(fields) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  }
  // Over a connection of its own; status 0 if there is no answer yet.
  http::Answer ask(std::string_view path, std::string_view body = "", std::string_view fields = "") {
    const auto client = connect(at);
    const auto answers = http::answers_in(say(*client, post(path, body, fields)));
    return answers.empty() ? http::Answer{{.status = 0, .reason = {}, .fields = {}}, {}} : answers.front();
  }
  std::string open(std::string_view protocol = "wamp.2.json") {
    const auto answer = ask("/lp/open", R"({"protocols":[")" + std::string(protocol) + "\"]}");
    EXPECT_EQ(answer.head.status, 200);
    const auto begin = answer.body.find(R"("transport":")") + 13;
    return "/lp/" + answer.body.substr(begin, answer.body.find('"', begin) - begin);
  }
  std::string join(std::string_view protocol = "wamp.2.json") {
    const auto transport = open(protocol);
    const bool batched = protocol.ends_with(".batched");
    EXPECT_EQ(ask(transport + "/send", hello + (batched ? "\x1e" : "")).head.status, 204);
    EXPECT_THAT(ask(transport + "/receive").body, StartsWith("[2,42,{"));
    return transport;
  }
  // Asks for what there will be.
  std::unique_ptr<testing::RawClient> begin_to_receive(std::string_view transport) {
    auto client = connect(at);
    EXPECT_EQ(say(*client, post(std::string(transport) + "/receive")), "");
    return client;
  }
  void publish(std::string_view args, bool may_be_missed = false) {
    const Payload payload{data::Format::json, as_bytes(args), {}};
    const Event said{.subscription = SubscriptionId{1},
                     .publication = PublicationId{2},
                     .payload = payload,
                     .may_be_missed = may_be_missed};
    SharedEvent event(said);
    lobby.peer->send_event(event);
    world.run_until_idle();
  }

  http::Server other_server{world.loop(2), routes, {}};
  const net::Endpoint other_endpoint = tcp(8082);
  net::Endpoint at = endpoint;
  std::unique_ptr<testing::RawClient> held;  // goes before the servers do
};

TEST_F(LongPollTest, ASessionFromOpenToCloseOnTheRoutersLoopAndOnAnother) {
  for (const auto& where: {endpoint, other_endpoint}) {
    at = where;
    const auto left = lobby.left;
    const auto transport = join();
    EXPECT_EQ(ask(transport + "/send", R"([32,1,{},"com.a"])").head.status, 204);
    EXPECT_EQ(lobby.taken.back(), Code::subscribe);
    publish("[1]");
    const auto event = ask(transport + "/receive");
    EXPECT_EQ(event.body, "[36,1,2,{},[1]]");
    EXPECT_EQ(event.head.fields.find("Content-Type"), "application/json");
    EXPECT_EQ(event.head.fields.find("Cache-Control"), "no-store");
    EXPECT_EQ(ask(transport + "/close").head.status, 204);
    EXPECT_EQ(lobby.left, left + 1);
    EXPECT_EQ(ask(transport + "/receive").head.status, 404);
    EXPECT_EQ(node.connections(), 0u);
  }
}

TEST_F(LongPollTest, TheAnswerToOpenNamesTheProtocolAndATransportThatCannotBeGuessed) {
  const auto answer = ask("/lp/open?x=1", R"({"protocols":["wamp.2.flatbuffers","wamp.2.cbor.batched"]})");
  EXPECT_THAT(answer.body, HasSubstr(R"("protocol":"wamp.2.cbor.batched")"));
  EXPECT_EQ(open().size(), std::string("/lp/").size() + 32) << "128 bits";
  EXPECT_NE(open(), open());
}

TEST_F(LongPollTest, WhatCannotBeOpenedIsRefused) {
  EXPECT_EQ(ask("/lp/open", "[]").head.status, 400);
  EXPECT_EQ(ask("/lp/open", R"({"protocols":["wamp.2.flatbuffers"]})").head.status, 400);
  EXPECT_EQ(ask("/lp/elsewhere").head.status, 404);
  EXPECT_EQ(ask("/lp/0123456789abcdef0123456789abcdef/send", hello).head.status, 404);
  const auto client = connect(endpoint);
  EXPECT_THAT(say(*client, "GET /lp/open HTTP/1.1\r\nHost: a\r\n\r\n"), StartsWith("HTTP/1.1 405"));
}

TEST_F(LongPollTest, ARequestToReceiveIsHeldUntilThereIsAMessage) {
  const auto transport = join();
  const auto client = begin_to_receive(transport);
  world.advance(9s);
  world.run_until_idle();
  EXPECT_EQ(client->received(), "");
  publish("[1]");
  EXPECT_THAT(client->take_received(), HasSubstr("[36,1,2,{},[1]]"));
}

TEST_F(LongPollTest, ItIsAnsweredWithNothingBeforeTheClientGivesUp) {
  const auto transport = join();
  const auto client = begin_to_receive(transport);
  world.advance(10s);
  world.run_until_idle();
  EXPECT_EQ(http::statuses_in(client->take_received()), "204");
  EXPECT_EQ(node.connections(), 1u);
}

TEST_F(LongPollTest, AClientThatAsksForNothingAnyMoreIsGone) {
  const auto transport = join();
  world.advance(29s);
  world.run_until_idle();
  EXPECT_EQ(lobby.left, 0);
  world.advance(1s);
  world.run_until_idle();
  EXPECT_EQ(lobby.left, 1);
  EXPECT_EQ(ask(transport + "/receive").head.status, 404);
}

TEST_F(LongPollTest, WhoeverAsksAgainTakesThePlaceOfTheOlderRequest) {
  const auto transport = join();
  const auto first = begin_to_receive(transport);
  const auto second = begin_to_receive(transport);
  EXPECT_EQ(http::statuses_in(first->received()), "204");
  publish("[1]");
  EXPECT_THAT(second->received(), HasSubstr("[36,1,2,{},[1]]"));
}

TEST_F(LongPollTest, AMessageThatReachedNobodyEndsTheSession) {
  for (const auto& where: {endpoint, other_endpoint}) {
    at = where;
    const auto left = lobby.left;
    const auto transport = join();
    const auto client = begin_to_receive(transport);
    client->reset();
    world.run_until_idle();
    publish("[1]");
    EXPECT_EQ(lobby.left, left + 1);
  }
}

TEST_F(LongPollTest, PlainMessagesComeOneByOneAndBatchesAtOnce) {
  auto transport = join();
  publish("[1]"), publish("[2]");
  EXPECT_EQ(ask(transport + "/receive").body, "[36,1,2,{},[1]]");
  EXPECT_EQ(ask(transport + "/receive").body, "[36,1,2,{},[2]]");

  transport = join("wamp.2.json.batched");
  publish("[1]"), publish("[2]");
  EXPECT_EQ(ask(transport + "/receive").body, "[36,1,2,{},[1]]\x1e[36,1,2,{},[2]]\x1e");
  const auto subscribe = R"([32,1,{},"com.a"])"s;
  EXPECT_EQ(ask(transport + "/send", subscribe + "\x18" + subscribe + "\x18").head.status, 204);
  EXPECT_THAT(lobby.taken, ElementsAre(Code::subscribe, Code::subscribe));
  publish("[3]");
  EXPECT_EQ(ask(transport + "/receive").body, "[36,1,2,{},[3]]\x18");
}

TEST_F(LongPollTest, ABatchHoldsNoMoreThanItsBound) {
  const auto transport = join("wamp.2.json.batched");
  const auto args = "[\"" + std::string(settings.transports.batch_bytes_max / 2, 'x') + "\"]";
  publish(args), publish(args);
  const auto event = "[36,1,2,{}," + args + "]\x1e";
  EXPECT_EQ(ask(transport + "/receive").body, event);
  EXPECT_EQ(ask(transport + "/receive").body, event);
}

TEST_F(LongPollTest, GarbageIsAnsweredWith400AndTheNextAnswerSaysWhy) {
  for (const auto* const protocol: {"wamp.2.json", "wamp.2.json.batched"}) {
    const auto transport = join(protocol);
    EXPECT_EQ(ask(transport + "/send", "garbage").head.status, 400);
    EXPECT_THAT(ask(transport + "/receive").body, HasSubstr("wamp.error.protocol_violation"));
    EXPECT_EQ(ask(transport + "/receive").head.status, 404);
  }
  EXPECT_EQ(node.counters().violations, 2u);
  EXPECT_EQ(node.connections(), 0u);
}

TEST_F(LongPollTest, WhatIsSentWhileAMessageWaitsForTheGateWaitsBehindIt) {
  const auto transport = join();
  lobby.decides_later = true;
  for (const char* message: {R"([48,1,{},"p"])", R"([16,2,{},"t"])", R"([6,{},"wamp.close.normal"])"}) {
    EXPECT_EQ(ask(transport + "/send", message).head.status, 204);
  }
  EXPECT_THAT(lobby.taken, ElementsAre(Code::call));

  lobby.decides_later = false;
  lobby.control->on_decided({world.loop().now(), world.loop().wall_now()});
  world.run_until_idle();

  EXPECT_THAT(lobby.taken, ElementsAre(Code::call, Code::call, Code::publish));
  EXPECT_THAT(ask(transport + "/receive").body, HasSubstr("wamp.close.goodbye_and_out"));
}

TEST_F(LongPollTest, MoreThanMayWaitBehindAMessageEndsTheSession) {
  const auto transport = join();
  lobby.decides_later = true;
  ask(transport + "/send", R"([48,1,{},"p"])");
  const std::string large = R"([16,2,{},"t",[")" + std::string(700'000, 'x') + "\"]]";
  EXPECT_EQ(ask(transport + "/send", large).head.status, 204);
  EXPECT_EQ(lobby.left, 0);
  ask(transport + "/send", large);
  EXPECT_EQ(lobby.left, 1);
  EXPECT_THAT(ask(transport + "/receive").body, HasSubstr("wamp.error.unavailable"));
}

TEST_F(LongPollTest, TheContentTypeIsThatOfTheFormat) {
  const auto transport = join();
  EXPECT_EQ(ask(transport + "/send", hello, "Content-Type: application/cbor\r\n").head.status, 415);
  const auto subscribe = R"([32,1,{},"com.a"])";
  EXPECT_EQ(
      ask(transport + "/send", subscribe, "Content-Type: application/json; charset=utf-8\r\n").head.status,
      204);
  EXPECT_THAT(lobby.taken, ElementsAre(Code::subscribe));
}

TEST_F(LongPollTest, PagesAreLetInAsTheirOriginIs) {
  const auto request = "OPTIONS /lp/open HTTP/1.1\r\nHost: a\r\nAccess-Control-Request-Method: POST\r\n"s;
  const auto client = connect(at);
  const auto preflight =
      http::answers_in(say(*client, request + "Origin: http://localhost\r\n\r\n")).front().head;
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.fields.find("Access-Control-Allow-Origin"), "http://localhost");
  EXPECT_EQ(preflight.fields.find("Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(preflight.fields.find("Access-Control-Allow-Headers"), "Content-Type");
  EXPECT_EQ(http::statuses_in(say(*client, request + "Origin: https://evil.example\r\n\r\n")), "403");

  const auto body = R"({"protocols":["wamp.2.json"]})";
  EXPECT_EQ(ask("/lp/open", body, "Origin: https://evil.example\r\n").head.status, 403);
  const auto opened = ask("/lp/open", body, "Origin: http://localhost\r\n");
  EXPECT_EQ(opened.head.status, 200);
  EXPECT_EQ(opened.head.fields.find("Access-Control-Allow-Origin"), "http://localhost");
}

TEST_F(LongPollTest, WhoSaysNothingIsForgotten) {
  const auto transport = open();
  const auto client = begin_to_receive(transport);
  world.advance(10s);
  world.run_until_idle();
  EXPECT_EQ(node.connections(), 0u);
}

TEST_F(LongPollTest, WhatWaitsIsBoundedByMessages) {
  const auto transport = join();
  for (std::size_t i = 0; i < settings.long_poll.waiting_messages_max; ++i) publish("[1]");
  EXPECT_EQ(lobby.left, 0);
  publish("[1]");
  EXPECT_THAT(lobby.ends, ElementsAre(SessionEnd::too_slow));
  EXPECT_EQ(node.counters().closed_too_slow, 1u);
  EXPECT_THAT(ask(transport + "/receive").body, HasSubstr("crosspoint.close.too_slow"));
  EXPECT_EQ(ask(transport + "/receive").head.status, 404);
}

TEST_F(LongPollTest, WhatWaitsIsBoundedByBytesUnlessItIsOneMessage) {
  const auto transport = join();
  publish("[\"" + std::string(settings.long_poll.waiting_bytes_max + 1, 'x') + "\"]");
  EXPECT_EQ(lobby.left, 0);
  publish("[1]");
  EXPECT_EQ(lobby.left, 1);
  EXPECT_EQ(node.counters().closed_too_slow, 1u);
}

// It keeps asking, and fetches less than comes.
TEST_F(LongPollTest, WhatWaitsIsBoundedByAge) {
  const auto transport = join();
  for (int i = 0; i < 10; ++i) publish("[1]");
  for (int i = 0; i < 5; ++i) {
    world.advance(5s);
    EXPECT_EQ(ask(transport + "/receive").body, "[36,1,2,{},[1]]");
  }
  world.advance(5s - 1ns);
  EXPECT_EQ(lobby.left, 0);

  world.advance(1ns);

  EXPECT_THAT(lobby.ends, ElementsAre(SessionEnd::too_slow));
  EXPECT_EQ(node.counters().closed_too_slow, 1u);
  EXPECT_THAT(ask(transport + "/receive").body, HasSubstr("crosspoint.close.too_slow"));
}

TEST_F(LongPollTest, WhatMayBeMissedIsAtEitherBoundAndTheClientStays) {
  const auto transport = join();
  publish("[0]");
  constexpr std::size_t events = 150;
  for (std::size_t i = 0; i < events; ++i) publish("[1]", true);
  EXPECT_EQ(lobby.left, 0);
  EXPECT_GT(node.counters().events_dropped, events - settings.long_poll.waiting_messages_max);
  EXPECT_EQ(ask(transport + "/receive").body, "[36,1,2,{},[0]]");

  world.advance(25s);
  EXPECT_EQ(ask(transport + "/receive").body, "[36,1,2,{},[1]]");
  world.advance(5s);
  EXPECT_EQ(node.counters().events_dropped, events - 1) << "it had one";
  EXPECT_EQ(lobby.left, 0);
  publish("[2]", true);
  EXPECT_EQ(ask(transport + "/receive").body, "[36,1,2,{},[2]]");
}

TEST_F(LongPollTest, StoppingSaysGoodbyeToWhoIsAsking) {
  const auto transport = join();
  const auto client = begin_to_receive(transport);
  bool stopped = false;
  node.stop(5s, [&] { stopped = true; });
  world.run_until_idle();
  EXPECT_THAT(client->take_received(), HasSubstr("wamp.close.system_shutdown"));
  world.advance(6s);
  world.run_until_idle();
  EXPECT_TRUE(stopped);
  EXPECT_EQ(lobby.left, 1);
}

TEST_F(LongPollTest, ASessionThatWasEndedStillAnswersTheClientsClose) {
  for (const bool says_close: {true, false}) {
    const auto transport = join();
    lobby.control->end("com.reason.enough", "", {world.clock().monotonic(), world.clock().wall()});
    world.run_until_idle();
    EXPECT_THAT(ask(transport + "/receive").body, HasSubstr("com.reason.enough"));
    EXPECT_EQ(ask(transport + "/send", R"([6,{},"wamp.close.goodbye_and_out"])").head.status, 204);
    EXPECT_EQ(node.connections(), 1u);
    if (says_close) {
      EXPECT_EQ(ask(transport + "/close").head.status, 204);
    } else {
      world.advance(5s);
      world.run_until_idle();
    }
    EXPECT_EQ(node.connections(), 0u);
  }
}

TEST_F(LongPollTest, NoMoreTransportsThanAreAllowed) {
  for (std::size_t i = 0; i < settings.long_poll.transports_max; ++i) open();
  EXPECT_EQ(ask("/lp/open", R"({"protocols":["wamp.2.json"]})").head.status, 503);
}

TEST_F(LongPollTest, ARequestThatIsHeldWhenEverythingEndsIsNobodysTrouble) {
  const auto transport = join();
  held = begin_to_receive(transport);
}

}  // namespace
}  // namespace crosspoint::wamp
