// Sessions whose gate answers later: what waits, what waits behind it, and what becomes of both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wamp/test_client.h"
#include "wamp/test_gate.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr Judgement yes{.allowed = true}, no{}, unknown{.kind = Judgement::Kind::failed};

struct LateGateTest : ::testing::Test {
  LateGateTest() {
    // Only "late.…" has to wait.
    gate.at_once = [](const Request& request) {
      return request.uri.starts_with("late.") ? std::nullopt : std::optional(yes);
    };
  }
  ~LateGateTest() override { EXPECT_FALSE(gate.mixed_up); }

  void decide(const Judgement& answer) { gate.decide(answer, router.now); }

  LateGate gate;
  TestRouter router{&gate};
};

TEST_F(LateGateTest, WhatIsAllowedLaterIsDoneThen) {
  TestClient client(router), other(router);
  for (const auto* request:
       {R"([64,1,{},"late.p"])", R"([32,2,{},"late.t"])", R"([16,3,{"acknowledge":true},"late.t"])"}) {
    SCOPED_TRACE(request);
    EXPECT_EQ(client.ask(request), "");
    EXPECT_TRUE(client.session.holding());
    decide(yes);
    EXPECT_THAT(client.hear(), ElementsAre(Not(StartsWith("[8,"))));
    EXPECT_FALSE(client.session.holding());
  }
  other.say(R"([48,1,{},"late.p",[1]])");
  EXPECT_THAT(client.hear(), IsEmpty());
  decide(yes);
  EXPECT_THAT(client.hear(), ElementsAre(HasSubstr("{},[1]]")));
  EXPECT_EQ(gate.registered, "realm1 late.p exact");
}

TEST_F(LateGateTest, WhatIsNotIsAnError) {
  TestClient client(router);
  const std::pair<const char*, const char*> requests[] = {
      {R"([64,1,{},"late.p"])", "[8,64,1,{},"},
      {R"([32,2,{},"late.t"])", "[8,32,2,{},"},
      {R"([16,3,{"acknowledge":true},"late.t"])", "[8,16,3,{},"},
      {R"([48,4,{},"late.p"])", "[8,48,4,{},"}};
  for (const auto& [request, error]: requests) {
    SCOPED_TRACE(request);
    client.say(request);
    decide(no);
    EXPECT_THAT(client.hear(), ElementsAre(StartsWith(std::string(error) + "\"wamp.error.not_authorized\"")));
    client.say(request);
    decide(unknown);
    EXPECT_THAT(client.hear(),
                ElementsAre(StartsWith(std::string(error) + "\"wamp.error.authorization_failed\"")));
  }
}

TEST_F(LateGateTest, DisclosureIsHonoured) {
  TestClient joe(router, data::Format::json, "joe"), callee(router);
  callee.ask(R"([64,1,{},"p"])");
  gate.at_once = [](const Request&) { return std::nullopt; };
  joe.say(R"([48,1,{},"p"])");
  decide({.allowed = true, .disclose = true});
  EXPECT_THAT(callee.hear(), ElementsAre(HasSubstr(R"("caller_authid":"joe")")));
}

TEST_F(LateGateTest, WhatComesAfterItWaitsBehindItInItsOrder) {
  TestClient client(router), other(router);
  const auto topic = third(other.ask(R"([32,1,{},"t"])"));
  const auto late = third([&] {
    other.say(R"([32,2,{},"late.t"])");
    decide(yes);
    return other.hear().front();
  }());

  client.say(R"([16,1,{},"late.t",[1]])");
  EXPECT_EQ(client.wire.paused, 1);
  client.say(R"([16,2,{},"t",[2]])");
  client.say(R"([16,3,{},"late.t",[3]])");
  client.say(R"([16,4,{},"t",[4]])");
  EXPECT_THAT(other.hear(), IsEmpty());

  decide(yes);
  EXPECT_THAT(other.hear(), ElementsAre(StartsWith("[36," + late + ","), StartsWith("[36," + topic + ",")));
  EXPECT_EQ(client.wire.resumed, 0);
  decide(no);
  EXPECT_THAT(other.hear(), ElementsAre(HasSubstr(",[4]]")));
  EXPECT_EQ(client.wire.paused, 1);
  EXPECT_EQ(client.wire.resumed, 1);
}

TEST_F(LateGateTest, ACancelBehindItsCallFindsTheCall) {
  TestClient client(router), callee(router);
  callee.say(R"([64,1,{},"late.p"])");
  decide(yes);
  callee.hear();

  client.say(R"([48,1,{},"late.p"])");
  client.say(R"([49,1,{"mode":"kill"}])");
  decide(yes);

  EXPECT_THAT(callee.hear(), ElementsAre(StartsWith("[68,1,"), StartsWith("[69,1,")));
  callee.say(R"([8,68,1,{},"wamp.error.canceled"])");
  EXPECT_THAT(client.hear(), ElementsAre(StartsWith(R"([8,48,1,{},"wamp.error.canceled")")));
}

TEST_F(LateGateTest, GoodbyeBehindAMessageWaitsForIt) {
  TestClient client(router), other(router);
  other.ask(R"([32,1,{},"late.t"])");
  decide(yes);
  other.hear();

  client.say(R"([16,1,{},"late.t"])");
  client.say(R"([6,{},"wamp.close.normal"])");
  client.say(R"([1,"realm1",{"roles":{"caller":{}}}])");
  EXPECT_THAT(client.hear(), IsEmpty());
  decide(yes);

  EXPECT_THAT(other.hear(), ElementsAre(StartsWith("[36,")));
  EXPECT_THAT(client.hear(), ElementsAre(StartsWith("[6,"), StartsWith("[2,")));
  EXPECT_EQ(client.wire.resumed, 1);
}

TEST_F(LateGateTest, AViolationBehindAMessageEndsTheSessionAfterIt) {
  TestClient client(router);
  client.say(R"([16,1,{"acknowledge":true},"late.t"])");
  client.say("[999]");
  client.say(R"([16,2,{"acknowledge":true},"t"])");
  decide(yes);
  EXPECT_THAT(client.hear(), ElementsAre(StartsWith("[17,1,"), HasSubstr("wamp.error.protocol_violation")));
  EXPECT_EQ(client.session.state(), Session::State::over);
  EXPECT_EQ(client.wire.resumed, 1);
}

TEST_F(LateGateTest, ASessionThatGoesWhileItWaitsLeavesNothing) {
  {
    TestClient client(router);
    client.say(R"([48,1,{},"late.p"])");
    client.say(R"([16,2,{},"t"])");
    ASSERT_EQ(gate.waiting.size(), 1u);
  }
  EXPECT_TRUE(gate.waiting.empty());
  EXPECT_EQ(router.router.find("realm1"), nullptr);
}

TEST_F(LateGateTest, ASessionThatIsKilledWhileItWaitsIsReadAgain) {
  TestClient client(router), killer(router);
  client.say(R"([48,1,{},"late.p"])");
  killer.ask("[48,1,{},\"wamp.session.kill\",[" + client.id + "]]");
  EXPECT_TRUE(gate.waiting.empty());
  EXPECT_EQ(client.wire.resumed, 1);
  client.say(R"([6,{},"wamp.close.goodbye_and_out"])");
  EXPECT_THAT(client.wire.closed, ElementsAre(Farewell::done));
}

TEST_F(LateGateTest, NoMoreWaitsBehindAMessageThanMay) {
  TestClient client(router);
  const std::string message = R"([16,1,{},"t"])";
  router.sessions.held_bytes_max = 2 * (message.size() + HeldMessages::overhead);
  client.say(R"([16,1,{},"late.t",[")" + std::string(100'000, 'x') + R"("]])");
  client.say(message);
  client.say(message);
  EXPECT_THAT(client.hear(), IsEmpty());

  client.say(message);

  EXPECT_THAT(client.hear(), ElementsAre(HasSubstr("wamp.error.unavailable")));
  EXPECT_EQ(client.session.state(), Session::State::over);
  EXPECT_EQ(router.router.counters().held_too_much, 1u);
  EXPECT_TRUE(gate.waiting.empty());
}

TEST_F(LateGateTest, WhatWaitedAndWaitsAgainCountsAsBefore) {
  HeldMessages held(as_bytes(std::string_view("first")));
  ASSERT_TRUE(held.add(as_bytes(std::string_view("second")), 1000));
  ASSERT_TRUE(held.add(as_bytes(std::string_view("third")), 1000));
  const auto before = held.bytes_behind();
  held.put_back(held.take());
  EXPECT_EQ(held.bytes_behind(), before);
  held.take();
  EXPECT_EQ(held.bytes_behind(), 5 + HeldMessages::overhead);
  held.take();
  EXPECT_EQ(held.bytes_behind(), 0u);
  held.take();
  EXPECT_TRUE(held.empty());
}

TEST_F(LateGateTest, StrictRequestIdsCountAMessageOnce) {
  router.limits.strict_request_ids = true;
  TestClient client(router);
  for (const auto* request:
       {R"([32,1,{},"late.t"])", R"([16,2,{"acknowledge":true},"late.t"])", R"([48,3,{},"late.p"])"}) {
    client.say(request);
    decide(yes);
    EXPECT_THAT(client.hear(), ElementsAre(Not(HasSubstr("violation")))) << request;
  }
  EXPECT_THAT(client.ask(R"([32,4,{},"t"])"), StartsWith("[33,4,"));
}

TEST_F(LateGateTest, ATestamentDoesNotWait) {
  TestClient heir(router);
  heir.ask(R"([32,1,{},"t"])");
  heir.say(R"([32,2,{},"late.t"])");
  decide(yes);
  heir.hear();
  {
    TestClient client(router);
    client.ask(R"([48,1,{},"wamp.session.add_testament",["late.t",[1],{}]])");
    client.ask(R"([48,2,{},"wamp.session.add_testament",["t",[2],{}]])");
  }
  EXPECT_THAT(heir.hear(), ElementsAre(HasSubstr(",[2]]")));
}

}  // namespace
}  // namespace crosspoint::wamp
