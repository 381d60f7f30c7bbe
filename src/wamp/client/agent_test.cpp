// What an agent says and hears, message by message.
#include "wamp/client/agent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wamp/client/test_line.h"

namespace crosspoint::wamp::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Payload json(std::string_view args, std::string_view kwargs = "") {
  return {data::Format::json, as_bytes(args), as_bytes(kwargs)};
}

struct AgentTest : ::testing::Test, TestEvents {
  void join() {
    agent.begin(line, now);
    hear(R"([2,7,{}])");
    line.take();
    take();
  }
  void hear(std::string_view message) { agent.on_message(as_bytes(message), now); }
  std::vector<std::string> said() { return line.take(); }
  CallId call(std::string_view procedure, CallOrder order = {}) {
    order.procedure = procedure;
    return *agent.call(order, now);
  }

  AgentSettings settings = [] {
    AgentSettings chosen;
    chosen.requests_max = 3;
    chosen.invocations_max = 2;
    return chosen;
  }();
  TestLine line;
  MonotonicTime now{1h};
  Agent agent{settings, *this};
};

TEST_F(AgentTest, ACallAndItsResult) {
  join();
  CallOrder order;
  order.payload = json("[1,2]", R"({"unit":"mm"})");
  order.timeout = 1500us;
  call("com.example.add", order);
  EXPECT_THAT(said(), ElementsAre(R"([48,1,{"timeout":2},"com.example.add",[1,2],{"unit":"mm"}])"));
  hear(R"([50,1,{},[3],{"unit":"mm"}])");
  EXPECT_THAT(take(), ElementsAre(R"(result 1: [3] {"unit":"mm"})"));
  EXPECT_EQ(agent.requests_open(), 0u);
}

TEST_F(AgentTest, AnErrorIsAResultWithTheCalleesArguments) {
  join();
  call("p");
  hear(R"([8,48,1,{},"com.example.error.broken",["no sample"]])");
  EXPECT_THAT(take(), ElementsAre(R"(result 1: com.example.error.broken ["no sample"])"));
}

TEST_F(AgentTest, PartialResultsComeBeforeTheLast) {
  join();
  CallOrder order;
  order.receive_progress = true;
  call("p", order);
  EXPECT_THAT(said(), ElementsAre(R"([48,1,{"receive_progress":true},"p"])"));
  hear(R"([50,1,{"progress":true},[1]])");
  hear(R"([50,1,{"progress":true},[2]])");
  hear(R"([50,1,{}])");
  hear(R"([50,1,{"progress":true},[3]])");
  EXPECT_THAT(take(), ElementsAre("progress 1: [1]", "progress 1: [2]", "result 1: -"));
  EXPECT_EQ(agent.strays(), 1u);
}

TEST_F(AgentTest, CancellingAsksTheRouterWhoseAnswerCounts) {
  join();
  const auto id = call("p");
  said();
  agent.cancel(id, CancelMode::kill, now);
  EXPECT_THAT(said(), ElementsAre(R"([49,1,{"mode":"kill"}])"));
  EXPECT_THAT(take(), IsEmpty());
  hear(R"([8,48,1,{},"wamp.error.canceled"])");
  EXPECT_THAT(take(), ElementsAre("result 1: wamp.error.canceled"));
  agent.cancel(id, CancelMode::kill, now);
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(AgentTest, ACanceledCallThatNobodyAnswersIsGivenUpALittleLater) {
  join();
  const auto killed = call("p"), left = call("p"), waited_for = call("p");
  said();
  agent.cancel(killed, CancelMode::killnowait, now);
  agent.cancel(left, CancelMode::skip, now + 100ms);
  agent.cancel(waited_for, CancelMode::kill, now);
  agent.cancel(killed, CancelMode::killnowait, now + 500ms);
  EXPECT_THAT(said(), ElementsAre(R"([49,1,{"mode":"killnowait"}])", R"([49,2,{"mode":"skip"}])",
                                  R"([49,3,{"mode":"kill"}])", R"([49,1,{"mode":"killnowait"}])"));
  ASSERT_EQ(agent.deadline(), now + 1s);
  agent.on_time(now + 1s);
  EXPECT_THAT(take(), ElementsAre("result 1: wamp.error.canceled"));
  hear(R"([8,48,2,{},"wamp.error.canceled"])");
  EXPECT_THAT(take(), ElementsAre("result 2: wamp.error.canceled"));
  EXPECT_FALSE(agent.deadline()) << "what is to wait for its callee does";
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(AgentTest, CancellingDoesNotMakeATimeoutLater) {
  join();
  CallOrder order;
  order.timeout = 2s;
  const auto id = call("p", order);
  agent.cancel(id, CancelMode::killnowait, now + 2500ms);
  EXPECT_EQ(agent.deadline(), now + 3s);
  agent.on_time(now + 3s);
  EXPECT_THAT(take(), ElementsAre("result 1: wamp.error.canceled"));
}

TEST_F(AgentTest, ACallThatTheRouterForgetsIsGivenUpALittleAfterItsTimeout) {
  join();
  CallOrder order;
  order.timeout = 2s;
  call("p", order);
  said();
  ASSERT_EQ(agent.deadline(), now + 3s);
  agent.on_time(now + 3s - 1ns);
  EXPECT_THAT(take(), IsEmpty());
  agent.on_time(now + 3s);
  EXPECT_THAT(take(), ElementsAre("result 1: wamp.error.timeout"));
  EXPECT_THAT(said(), ElementsAre(R"([49,1,{"mode":"killnowait"}])"));
  EXPECT_FALSE(agent.deadline());
  hear(R"([50,1,{},[3]])");
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(agent.strays(), 1u);
}

TEST_F(AgentTest, NoMoreRequestsWaitThanTheLimit) {
  join();
  for (int i = 0; i < 3; ++i) call("p");
  EXPECT_EQ(agent.call({"p", {}}, now).error(), Told::no_room);
  EXPECT_EQ(agent.publish({.topic = "t", .payload = {}, .acknowledge = true}).error(), Told::no_room);
  EXPECT_TRUE(agent.publish({.topic = "t", .payload = {}})) << "nothing is waited for";
  hear("[50,2,{}]");
  EXPECT_TRUE(agent.call({"p", {}}, now));
}

TEST_F(AgentTest, WithoutASessionNothingIsCalledOrPublished) {
  EXPECT_EQ(agent.call({"p", {}}, now).error(), Told::not_joined);
  EXPECT_EQ(agent.publish({.topic = "t", .payload = {}}).error(), Told::not_joined);
  agent.begin(line, now);
  EXPECT_EQ(agent.call({"p", {}}, now).error(), Told::not_joined);
}

TEST_F(AgentTest, WhatWasUnderWayWhenTheSessionEndedHasFailed) {
  join();
  call("p");
  ASSERT_TRUE(agent.publish({.topic = "t", .payload = {}, .acknowledge = true}));
  agent.on_lost("cut");
  EXPECT_THAT(take(), UnorderedElementsAre("result 1: crosspoint.error.connection_lost",
                                           "published 2: crosspoint.error.connection_lost", "ended: cut"));
  EXPECT_EQ(agent.requests_open(), 0u);
}

TEST_F(AgentTest, PublishingWithAndWithoutAcknowledgement) {
  join();
  ASSERT_TRUE(agent.publish({.topic = "t", .payload = json("[1]")}));
  ASSERT_TRUE(
      agent.publish({.topic = "t", .payload = {}, .acknowledge = true, .exclude_me = false, .retain = true}));
  ASSERT_TRUE(agent.publish({.topic = "t", .payload = {}, .acknowledge = true}));
  EXPECT_THAT(said(), ElementsAre(R"([16,1,{},"t",[1]])",
                                  R"([16,2,{"acknowledge":true,"exclude_me":false,"retain":true},"t"])",
                                  R"([16,3,{"acknowledge":true},"t"])"));
  hear("[17,2,99]");
  hear(R"([8,16,3,{},"wamp.error.not_authorized",["no"]])");
  EXPECT_THAT(take(), ElementsAre("published 2: yes", R"(published 3: wamp.error.not_authorized ["no"])"));
}

TEST_F(AgentTest, APublicationMayPickItsReceivers) {
  join();
  PublishOrder order{.topic = "t", .payload = {}};
  order.lists = ReceiverLists{.exclude = std::vector{SessionId{5}}, .eligible = std::vector<SessionId>{}};
  order.lists->eligible_authid = {"joe"};
  order.lists->exclude_authrole = {"guest"};
  ASSERT_TRUE(agent.publish(order));
  EXPECT_THAT(
      said(),
      ElementsAre(
          R"([16,1,{"exclude":[5],"exclude_authrole":["guest"],"eligible":[],"eligible_authid":["joe"]},"t"])"));
}

TEST_F(AgentTest, ASubscriptionIsWishedForInEverySession) {
  const auto first = agent.subscribe({"a.b"});
  agent.subscribe({"c.", Match::prefix, true});
  agent.begin(line, now);
  EXPECT_EQ(said().size(), 1u) << "HELLO";
  hear("[2,7,{}]");
  EXPECT_THAT(said(),
              ElementsAre(R"([32,1,{},"a.b"])", R"([32,2,{"match":"prefix","get_retained":true},"c."])"));
  hear("[33,1,50]");
  hear("[33,2,51]");
  hear(R"([36,50,1,{},[1]])");
  hear(R"([36,51,1,{"topic":"c.d"},[2]])");
  EXPECT_THAT(take(), ElementsAre("joined realm1 as / by ", "granted 1", "granted 2", "event 1 on a.b: [1]",
                                  "event 2 on c.d: [2]"));
  agent.on_lost("cut");
  agent.withdraw(first);
  TestLine next;
  agent.begin(next, now);
  hear("[2,8,{}]");
  EXPECT_THAT(next.take(), ElementsAre(::testing::StartsWith("[1,"),
                                       R"([32,1,{"match":"prefix","get_retained":true},"c."])"));
}

TEST_F(AgentTest, TwoWishesForOneTopicShareASubscription) {
  join();
  const auto first = agent.subscribe({"a.b"}), second = agent.subscribe({"a.b"});
  hear("[33,1,50]");
  hear("[33,2,50]");
  hear("[36,50,1,{},[1]]");
  EXPECT_THAT(take(), ElementsAre("granted 1", "granted 2", "event 1 on a.b: [1]", "event 2 on a.b: [1]"));
  said();
  EXPECT_TRUE(agent.withdraw(first));
  EXPECT_THAT(said(), IsEmpty()) << "the other one would lose it";
  hear("[36,50,1,{},[2]]");
  EXPECT_THAT(take(), ElementsAre("event 2 on a.b: [2]"));
  EXPECT_FALSE(agent.withdraw(second));
  EXPECT_THAT(said(), ElementsAre("[34,3,50]"));
  hear("[36,50,1,{},[3]]");
  hear("[35,3]");
  EXPECT_THAT(take(), ElementsAre("withdrawn 2: yes"));
  EXPECT_EQ(agent.strays(), 1u);
}

TEST_F(AgentTest, AWishThatIsWithdrawnBeforeItIsGrantedIsLeftThen) {
  join();
  EXPECT_FALSE(agent.withdraw(agent.subscribe({"a.b"})));
  EXPECT_FALSE(agent.withdraw(agent.register_procedure({.procedure = "p"})));
  EXPECT_THAT(said(), ElementsAre(R"([32,1,{},"a.b"])", R"([64,2,{},"p"])"));
  hear("[33,1,50]");
  hear("[65,2,60]");
  EXPECT_THAT(said(), ElementsAre("[34,3,50]", "[66,4,60]"));
  hear("[35,3]");
  hear(R"([8,66,4,{},"wamp.error.no_such_registration"])");
  EXPECT_THAT(take(), ElementsAre("withdrawn 1: yes", "withdrawn 2: wamp.error.no_such_registration"));
}

TEST_F(AgentTest, AWithdrawalEndsWithTheSessionToo) {
  join();
  const auto asked = agent.subscribe({"a"}), granted = agent.register_procedure({.procedure = "p"});
  hear("[65,2,60]");
  EXPECT_FALSE(agent.withdraw(asked));
  EXPECT_FALSE(agent.withdraw(asked)) << "it is on its way";
  EXPECT_FALSE(agent.withdraw(granted));
  EXPECT_TRUE(agent.withdraw(granted)) << "it is no more";
  take();
  agent.on_lost("cut");
  EXPECT_THAT(take(), UnorderedElementsAre("withdrawn 1: yes", "withdrawn 2: yes", "ended: cut"));
  EXPECT_TRUE(agent.withdraw(agent.subscribe({"b"}))) << "nobody would have to be told";
}

TEST_F(AgentTest, ARefusedWishThatWasWithdrawnIsNoMore) {
  join();
  agent.withdraw(agent.subscribe({"a"}));
  hear(R"([8,32,1,{},"wamp.error.not_authorized"])");
  EXPECT_THAT(take(), ElementsAre("withdrawn 1: yes"));
}

TEST_F(AgentTest, AWishThatIsDeniedIsNoMore) {
  join();
  agent.subscribe({"a.b"});
  agent.register_procedure({.procedure = "p"});
  hear(R"([8,32,1,{},"wamp.error.not_authorized"])");
  hear(R"([8,64,2,{},"wamp.error.procedure_already_exists"])");
  EXPECT_THAT(take(), ElementsAre("denied 1: wamp.error.not_authorized",
                                  "denied 2: wamp.error.procedure_already_exists"));
  agent.on_lost("cut");
  TestLine next;
  agent.begin(next, now);
  hear("[2,8,{}]");
  EXPECT_EQ(next.take().size(), 1u) << "HELLO alone";
}

TEST_F(AgentTest, AProcedureOfOursThatIsStillTakenIsAskedForAgain) {
  join();
  agent.register_procedure({.procedure = "p"});
  hear("[65,1,60]");
  agent.on_lost("cut");
  join();
  hear(R"([8,64,1,{},"wamp.error.procedure_already_exists"])");
  ASSERT_EQ(agent.deadline(), now + 1s);
  agent.on_time(now += 1s);
  EXPECT_THAT(said(), ElementsAre(R"([64,2,{},"p"])"));
  hear(R"([8,64,2,{},"wamp.error.procedure_already_exists"])");
  ASSERT_EQ(agent.deadline(), now + 2s) << "less and less often";
  agent.on_time(now += 2s);
  said();
  hear("[65,3,61]");
  EXPECT_THAT(take(), ElementsAre("granted 1"));
  EXPECT_FALSE(agent.deadline());
}

TEST_F(AgentTest, WhoLeavesAsksForNothingMore) {
  join();
  agent.register_procedure({.procedure = "p"});
  hear("[65,1,60]");
  agent.on_lost("cut");
  join();
  hear(R"([8,64,1,{},"wamp.error.procedure_already_exists"])");
  agent.leave(now);
  EXPECT_EQ(agent.deadline(), now + settings.session.closing_time_max) << "not that of the next attempt";
  agent.on_time(now + 1s);
  EXPECT_THAT(said(), ElementsAre(R"([6,{},"wamp.close.close_realm"])"));
}

TEST_F(AgentTest, WhatTheRouterTakesBackIsDenied) {
  join();
  agent.subscribe({"a.b"});
  agent.register_procedure({.procedure = "p"});
  hear("[33,1,50]");
  hear("[65,2,60]");
  take();
  hear(R"([35,0,{"subscription":50,"reason":"wamp.authorization.revoked"}])");
  hear(R"([67,0,{"registration":60,"reason":"wamp.error.unregistered"}])");
  hear(R"([67,0,{"registration":61}])");
  EXPECT_THAT(take(),
              ElementsAre("denied 1: wamp.authorization.revoked", "denied 2: wamp.error.unregistered"));
  EXPECT_EQ(agent.strays(), 1u);
}

TEST_F(AgentTest, AnInvocationIsAnsweredOnce) {
  join();
  agent.register_procedure({.procedure = "p", .invoke = Invoke::roundrobin, .concurrency = 2});
  EXPECT_THAT(said(), ElementsAre(R"([64,1,{"invoke":"roundrobin","concurrency":2},"p"])"));
  hear("[65,1,60]");
  hear(R"([68,5,60,{"receive_progress":true},[1]])");
  EXPECT_THAT(take(), ElementsAre("granted 1", "invocation of 1 by p: [1] progressive"));
  EXPECT_EQ(agent.answer(invocation, json("[0.5]"), Agent::Part::progress), Told::yes);
  EXPECT_EQ(agent.answer(invocation, json("[2]"), Agent::Part::last), Told::yes);
  EXPECT_EQ(agent.answer(invocation, json("[3]"), Agent::Part::last), Told::not_joined);
  agent.refuse(invocation, "a.b", {});
  EXPECT_THAT(said(), ElementsAre(R"([70,5,{"progress":true},[0.5]])", R"([70,5,{},[2]])"));
  EXPECT_EQ(agent.invocations_open(), 0u);
}

TEST_F(AgentTest, AnAnswerThatCannotBeSentBecomesAnError) {
  join();
  agent.register_procedure({.procedure = "p"});
  hear("[65,1,60]");
  hear("[68,5,60,{}]");
  said();
  line.limit = 60;
  const auto longer = json(R"(["0123456789012345678901234567890123456789012345678901234567890123456789"])");
  EXPECT_EQ(agent.answer(invocation, longer, Agent::Part::last), Told::too_large);
  EXPECT_THAT(said(), ElementsAre(R"([8,68,5,{},"wamp.error.payload_size_exceeded"])"));
  hear("[68,6,60,{}]");
  agent.refuse(invocation, "no uri at all", longer);
  EXPECT_THAT(said(), ElementsAre(R"([8,68,6,{},"wamp.error.runtime_error"])"));
}

TEST_F(AgentTest, InvocationsBeyondTheLimitOrOfNobodyAreDeclined) {
  join();
  agent.register_procedure({.procedure = "p"});
  hear("[65,1,60]");
  said();
  hear("[68,5,60,{}]");
  hear("[68,6,60,{}]");
  hear("[68,7,60,{}]");
  hear("[68,8,61,{}]");
  EXPECT_THAT(said(), ElementsAre(R"([8,68,7,{},"wamp.error.unavailable"])",
                                  R"([8,68,8,{},"wamp.error.unavailable"])"));
  EXPECT_EQ(agent.invocations_open(), 2u);
}

TEST_F(AgentTest, AnInterruptIsToldToTheProgramWhichMayStillAnswer) {
  join();
  agent.register_procedure({.procedure = "p"});
  hear("[65,1,60]");
  hear("[68,5,60,{}]");
  take();
  said();
  hear(R"([69,5,{"mode":"kill"}])");
  hear(R"([69,6,{"mode":"kill"}])");
  EXPECT_THAT(take(), ElementsAre("interrupt"));
  agent.refuse(invocation, "wamp.error.canceled", {});
  EXPECT_THAT(said(), ElementsAre(R"([8,68,5,{},"wamp.error.canceled"])"));
}

TEST_F(AgentTest, InvocationsOfAnEarlierSessionAreInterruptedAndTheirAnswersGoNowhere) {
  join();
  agent.register_procedure({.procedure = "p"});
  hear("[65,1,60]");
  hear("[68,5,60,{}]");
  take();
  const auto old = invocation;
  agent.on_lost("cut");
  EXPECT_THAT(take(), ElementsAre("interrupt", "ended: cut"));
  join();
  said();
  EXPECT_EQ(agent.answer(old, json("[1]"), Agent::Part::last), Told::not_joined);
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(AgentTest, AnswersOfAnotherKindThanTheQuestionAreStrays) {
  join();
  call("p");
  hear("[33,1,50]");
  hear("[17,1,50]");
  hear("[65,9,50]");
  hear(R"([8,32,1,{},"a.b"])");
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(agent.strays(), 4u);
  EXPECT_EQ(agent.requests_open(), 1u);
}

}  // namespace
}  // namespace crosspoint::wamp::client
