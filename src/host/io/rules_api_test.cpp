// The REST interface as a script sees it: section B.3 to B.6 of the agent's specification, byte for byte.
#include "host/io/rules_api.h"

#include "host/io/test_host.h"
#include "testing/log_text.h"

namespace crosspoint::host {
namespace {

class RulesApi : public HostTest {};

constexpr std::string_view front = R"({"stream":"/stream/front/large","feeds":["video0","audio0"]})";

TEST_F(RulesApi, F34_HealthcheckSaysOkInQuotes) {
  const auto answer = ask("GET", "/healthcheck");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "\"ok\"\n");
  EXPECT_TRUE(answer.has("Content-Type: text/plain; charset=utf-8\r\n")) << answer.head;
}

TEST_F(RulesApi, ApiAnswersEveryMethodWithNothing) {
  for (const auto* method: {"GET", "POST", "DELETE", "PATCH"}) {
    const auto answer = ask(method, "/api");
    EXPECT_EQ(answer.status, 200) << method;
    EXPECT_EQ(answer.body, "") << method;
    EXPECT_FALSE(answer.has("Content-Type:")) << answer.head;
  }
}

TEST_F(RulesApi, F35_APostedStreamIsAnsweredAsItIsKept) {
  const auto answer = ask("POST", "/api/streams", front);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"stream":"stream/front/large","feeds":["video0","audio0"]})");
  EXPECT_TRUE(answer.has("Content-Type: application/json\r\n")) << answer.head;
}

TEST_F(RulesApi, F36_StreamsAreListedAndShown) {
  EXPECT_EQ(ask("GET", "/api/streams/all").body, "{}");
  ask("POST", "/api/streams", front);

  EXPECT_EQ(ask("GET", "/api/streams/all").body, R"({"stream/front/large":["video0","audio0"]})");
  const auto one = ask("GET", "/api/streams/stream/front/large");
  EXPECT_EQ(one.status, 200);
  EXPECT_EQ(one.body, R"(["video0","audio0"])");
  EXPECT_TRUE(one.has("Content-Type: application/json\r\n")) << one.head;
  const auto none = ask("GET", "/api/streams/stream/none");
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(none.body, "Stream not found\n");
  EXPECT_TRUE(none.has("Content-Type: text/plain")) << none.head;
}

TEST_F(RulesApi, AStreamWithoutFeedsIsNull) {
  EXPECT_EQ(ask("POST", "/api/streams", R"({"stream":"stream/x"})").body,
            R"({"stream":"stream/x","feeds":null})");
  EXPECT_EQ(ask("GET", "/api/streams/stream/x").body, "null");
  EXPECT_EQ(ask("GET", "/api/streams/all").body, R"({"stream/x":null})");
}

TEST_F(RulesApi, F37_DestinationsAreListedAndShown) {
  TestRelay relay(world, "relay.test");
  EXPECT_EQ(ask("GET", "/api/destinations/all").body, "{}");
  ask("POST", "/api/streams", front);

  const auto posted = set_destination("0", "/stream/front/large", "ws://relay.test/in/video2");
  const std::string rule =
      R"({"id":"0","stream":"stream/front/large","destination":"ws://relay.test/in/video2"})";
  EXPECT_EQ(posted.status, 200);
  EXPECT_EQ(posted.body, rule);
  EXPECT_TRUE(posted.has("Content-Type: application/json\r\n")) << posted.head;
  EXPECT_EQ(ask("GET", "/api/destinations/all").body, "{\"0\":" + rule + "}");
  EXPECT_EQ(ask("GET", "/api/destinations/0").body, rule);
  EXPECT_EQ(relay.attempts.size(), 1u);
  EXPECT_EQ(relay.heads.front().target, "/in/video2");
}

TEST_F(RulesApi, AnUnknownDestinationIsAnEmptyRule) {
  const auto answer = ask("GET", "/api/destinations/7");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"id":"","stream":"","destination":""})");
}

TEST_F(RulesApi, F38_PutAndUpdateArePost) {
  for (const auto* method: {"PUT", "UPDATE"}) {
    EXPECT_EQ(ask(method, "/api/streams", front).status, 200) << method;
    EXPECT_EQ(ask(method, "/api/destinations", R"({"id":"0","stream":"v","destination":"ws://relay.test/x"})")
                  .status,
              200)
        << method;
    EXPECT_EQ(ask("GET", "/api/destinations/all").body,
              R"({"0":{"id":"0","stream":"v","destination":"ws://relay.test/x"}})");
    ask("DELETE", "/api/streams/all");
    ask("DELETE", "/api/destinations/all");
  }
}

TEST_F(RulesApi, F39_WhatIsNoRuleChangesNothing) {
  for (const auto* path: {"/api/streams", "/api/destinations"}) {
    for (const auto* body:
         {"", "{", "hello", "[]", "{\"id\":0}", "{\"stream\":\"deleteAll\",\"id\":\"deleteAll\"}"}) {
      const auto answer = ask("POST", path, body);
      EXPECT_EQ(answer.status, 400) << path << " " << body;
      EXPECT_TRUE(answer.has("Content-Type: text/plain")) << answer.head;
      EXPECT_TRUE(answer.body.ends_with("\n"));
    }
  }
  EXPECT_EQ(ask("GET", "/api/streams/all").body, "{}");
  EXPECT_EQ(ask("GET", "/api/destinations/all").body, "{}");
  EXPECT_EQ(ask("GET", "/healthcheck").status, 200);
}

TEST_F(RulesApi, AnAddressThatIsNoWebSocketOneIsRefused) {
  for (const auto* url: {"http://relay/x", "relay/x", "", "ws://user:pw@relay/x"})
    EXPECT_EQ(set_destination("0", "v", url).status, 400) << url;
}

TEST_F(RulesApi, ARuleThatIsFarTooLongIsRefused) {
  EXPECT_EQ(ask("POST", "/api/streams", std::string(100'000, ' ')).status, 413);
}

TEST_F(RulesApi, F40_DeletingAnswersTheNameWhetherItWasThereOrNot) {
  ask("POST", "/api/streams", front);
  const auto stream = ask("DELETE", "/api/streams/stream/front/large");
  EXPECT_EQ(stream.status, 200);
  EXPECT_EQ(stream.body, R"("stream/front/large")");
  EXPECT_TRUE(stream.has("Content-Type: application/json\r\n")) << stream.head;
  EXPECT_EQ(ask("DELETE", "/api/streams/never").body, R"("never")");
  EXPECT_EQ(ask("DELETE", "/api/destinations/0").body, R"("0")");
  EXPECT_EQ(ask("GET", "/api/streams/all").body, "{}");
}

TEST_F(RulesApi, F41_DeletingAllDeletesAll) {
  TestRelay relay(world, "relay.test");
  for (const auto* word: {"all", "deleteAll"}) {
    relay.guests.clear();
    for (const auto* id: {"0", "1", "2"}) {
      set_stream(fmt::format("stream/{}", id), R"(["v"])");
      set_destination(id, "v", "ws://relay.test/x");
    }
    world.run_until_idle();
    ASSERT_EQ(relay.guests.size(), 3u);

    const auto streams = ask("DELETE", fmt::format("/api/streams/{}", word));
    const auto destinations = ask("DELETE", fmt::format("/api/destinations/{}", word));
    world.run_until_idle();

    EXPECT_EQ(streams.status, 200);
    EXPECT_EQ(streams.body, R"("deleteAll")");
    EXPECT_EQ(destinations.body, R"("deleteAll")");
    EXPECT_EQ(ask("GET", "/api/streams/all").body, "{}");
    EXPECT_EQ(ask("GET", "/api/destinations/all").body, "{}");
    for (const auto& guest: relay.guests) {
      ASSERT_TRUE(guest->closed);
      EXPECT_EQ(guest->closed->code, websocket::CloseCode::normal);
    }
  }
}

TEST_F(RulesApi, F45_E4_DeletingInAnyOrderAndTwiceIsSurvived) {
  TestRelay relay(world, "relay.test");
  for (int round = 0; round < 2; ++round) {
    ask("POST", "/api/streams", front);
    set_destination("0", "stream/front/large", "ws://relay.test/x");
    const auto listening = program("stream/front/large");
    for (int twice = 0; twice < 2; ++twice) {
      EXPECT_EQ(ask("DELETE", "/api/streams/stream/front/large").status, 200);
      EXPECT_EQ(ask("DELETE", "/api/destinations/0").status, 200);
    }
    for (int twice = 0; twice < 2; ++twice) {
      EXPECT_EQ(ask("DELETE", "/api/streams/deleteAll").status, 200);
      EXPECT_EQ(ask("DELETE", "/api/destinations/deleteAll").status, 200);
    }
  }
  EXPECT_EQ(ask("GET", "/healthcheck").body, "\"ok\"\n");
}

TEST_F(RulesApi, OtherMethodsOnAKnownPathAre405WithoutABody) {
  for (const auto& [method, path]:
       std::vector<std::pair<const char*, const char*>>{{"GET", "/api/streams"},
                                                        {"PATCH", "/api/streams"},
                                                        {"DELETE", "/api/destinations"},
                                                        {"POST", "/healthcheck"},
                                                        {"HEAD", "/healthcheck"},
                                                        {"POST", "/api/streams/all"},
                                                        {"PUT", "/api/destinations/0"}}) {
    const auto answer = ask(method, path);
    EXPECT_EQ(answer.status, 405) << method << " " << path;
    EXPECT_EQ(answer.body, "") << method << " " << path;
  }
}

TEST_F(RulesApi, EverythingElseIs404) {
  for (const auto* path:
       {"/", "/index.html", "/api/feeds", "/apix", "/api/streams/", "/api/streams/a_b", "/api/streams/a.b",
        "/api/destinations/a%20b", "/ts/", "/ts/a_b", "/ws/", "/ws/a.b", "/debug/pprof/"}) {
    const auto answer = ask("GET", path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.body, "404 page not found\n") << path;
    EXPECT_TRUE(answer.has("Content-Type: text/plain")) << path << answer.head;
  }
}

TEST_F(RulesApi, PathsThatAreNotCleanAreRedirectedWithoutABody) {
  const auto answer = ask("GET", "/api//streams/all");
  EXPECT_EQ(answer.status, 301);
  EXPECT_TRUE(answer.has("Location: /api/streams/all\r\n")) << answer.head;
  EXPECT_EQ(answer.body, "");
}

TEST_F(RulesApi, TheStatusShowsFeedsStreamsAndDestinations) {
  TestRelay relay(world, "relay.test");
  ask("POST", "/api/streams", front);
  set_destination("0", "stream/front/large", "ws://relay.test/in/x?code=S3cret");
  const auto camera = program("video0");
  camera->send("V1", MessageType::binary);
  world.run_until_idle();

  const auto answer = ask("GET", "/api/status");

  EXPECT_EQ(answer.status, 200);
  const auto says = [&](std::string_view text) { return answer.body.find(text) != std::string::npos; };
  EXPECT_TRUE(says(R"("feeds":{"video0":{)")) << answer.body;
  EXPECT_TRUE(says(R"("streams":{"stream/front/large":{)")) << answer.body;
  EXPECT_TRUE(says(R"("destinations":{"0":{)")) << answer.body;
  EXPECT_TRUE(says(R"("state":"connected","since":"2025-01-01T00:00:00Z","attempts":1,)")) << answer.body;
  EXPECT_TRUE(says(R"("bytes":2,)")) << answer.body;
  EXPECT_TRUE(says(R"("dropped":0,)")) << answer.body;
  EXPECT_TRUE(says(R"("clients":1)")) << answer.body;
  EXPECT_EQ(answer.body.find("S3cret"), std::string::npos);
}

TEST_F(RulesApi, RulesAreBounded) {
  settings.agent.rules.rules_max = 2;
  host.reset();
  start_host();
  EXPECT_EQ(set_stream("a", "[]").status, 200);
  EXPECT_EQ(set_stream("b", "[]").status, 200);
  EXPECT_EQ(set_stream("c", "[]").status, 400);
  EXPECT_EQ(set_stream("b", R"(["v"])").status, 200);
}

// Without the token of the rule, and without the code that may be part of an address.
TEST_F(RulesApi, EachChangeLeavesALineThatSaysWhatAndFromWhereAndHoldsNoSecret) {
  const testing::LogText log_text(log::Level::error);  // no matter of level
  ask("POST", "/api/streams", front);
  ask("POST", "/api/destinations",
      R"({"id":"0","stream":"front","destination":"ws://relay.test/in/front?code=s3cret"})");
  ask("POST", "/api/destinations",
      R"({"id":"1","stream":"front","destination":"https://relay.test/session/front","token":"t0ken"})");
  ask("POST", "/api/destinations", "no rule");
  ask("GET", "/api/destinations/all");
  ask("DELETE", "/api/destinations/0");
  ask("DELETE", "/api/streams/all");
  const auto logged = log_text.text();
  for (const char* line:
       {"stream.add {\"stream\":\"stream/front/large\"",
        "destination.add \"0\": \"front\" to ws://relay.test/in/front", "destination.add \"1\"",
        "destination.delete \"0\", by somebody at ", "stream.delete \"deleteAll\""}) {
    EXPECT_NE(logged.find(line), std::string::npos) << line << "\n" << logged;
  }
  EXPECT_EQ(logged.find("s3cret"), std::string::npos) << logged;
  EXPECT_EQ(logged.find("t0ken"), std::string::npos) << logged;
}

}  // namespace
}  // namespace crosspoint::host
