// Agents at the router, in every format: what each says, the other understands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wamp/client/test_routed.h"

namespace crosspoint::wamp::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

Payload json(std::string_view args, std::string_view kwargs = "") {
  return {data::Format::json, as_bytes(args), as_bytes(kwargs)};
}

TEST(AgentAtRouter, CallsEventsProgressAndErrorsInEveryFormat) {
  for (const auto format: data::formats) {
    SCOPED_TRACE(data::to_string(format));
    TestRouter router;
    RoutedClient callee(router), caller(router, format);
    callee.connect();
    caller.connect();
    callee.agent.register_procedure({.procedure = "com.lab.scan"});
    callee.agent.subscribe({"com.lab.", Match::prefix});
    pump({&callee, &caller});
    callee.take();
    caller.take();

    CallOrder order{"com.lab.scan", json("[1,2.5,\"µm\"]", R"({"a":null})"), true};
    ASSERT_TRUE(caller.agent.call(order, router.now.monotonic));
    pump({&callee, &caller});
    EXPECT_THAT(callee.take(),
                ElementsAre(R"(invocation of 1 by com.lab.scan: [1,2.5,"µm"] {"a":null} progressive)"));
    callee.agent.answer(callee.invocation, json("[0.5]"), Agent::Part::progress);
    callee.agent.answer(callee.invocation, json("[7]"), Agent::Part::last);
    ASSERT_TRUE(
        caller.agent.publish({.topic = "com.lab.done", .payload = json("[true]"), .acknowledge = true}));
    pump({&callee, &caller});
    EXPECT_THAT(caller.take(), ElementsAre("progress 1: [0.5]", "result 1: [7]", "published 2: yes"));
    EXPECT_THAT(callee.take(), ElementsAre("event 2 on com.lab.done: [true]"));

    ASSERT_TRUE(caller.agent.call(order, router.now.monotonic));
    pump({&callee, &caller});
    callee.take();
    callee.agent.refuse(callee.invocation, "com.lab.error.dark", json("[\"no light\"]"));
    pump({&callee, &caller});
    EXPECT_THAT(caller.take(), ElementsAre(R"(result 3: com.lab.error.dark ["no light"])"));
  }
}

TEST(AgentAtRouter, CancellingReachesTheCallee) {
  TestRouter router;
  RoutedClient callee(router), caller(router);
  callee.connect();
  caller.connect();
  callee.agent.register_procedure({.procedure = "p"});
  pump({&callee, &caller});
  const auto call = caller.agent.call({"p", {}}, router.now.monotonic);
  pump({&callee, &caller});
  callee.take();
  caller.take();
  caller.agent.cancel(*call, CancelMode::kill, router.now.monotonic);
  pump({&callee, &caller});
  EXPECT_THAT(callee.take(), ElementsAre("interrupt"));
  EXPECT_THAT(caller.take(), IsEmpty());
  callee.agent.refuse(callee.invocation, "wamp.error.canceled", {});
  pump({&callee, &caller});
  EXPECT_THAT(caller.take(), ElementsAre(StartsWith("result 1: wamp.error.canceled")));
}

TEST(AgentAtRouter, APayloadMayBePassedThroughBothWays) {
  TestRouter router;
  AgentSettings settings;
  settings.session.payload_passthru = true;
  RoutedClient callee(router, settings), caller(router, settings), plain(router);
  for (auto* client: {&callee, &caller, &plain}) client->connect();
  callee.agent.register_procedure({.procedure = "p"});
  callee.agent.subscribe({"t"});
  plain.agent.register_procedure({.procedure = "plain"});
  pump({&callee, &caller, &plain});
  for (auto* client: {&callee, &caller, &plain}) client->take();
  const PassThrough how{PassThrough::Dialect::ppt, "x_box", "cbor", {}, "key7"};
  const auto sealed = json(R"(["\u0000AQI="])");
  CallOrder order{"p", sealed};
  order.pass_through = how;
  ASSERT_TRUE(caller.agent.call(order, router.now.monotonic));
  ASSERT_TRUE(caller.agent.publish({.topic = "t", .payload = sealed, .pass_through = how}));
  pump({&callee, &caller, &plain});
  EXPECT_THAT(callee.take(), ElementsAre(R"(invocation of 1 by p: ["\u0000AQI="] sealed)",
                                         R"(event 2 on t: ["\u0000AQI="])"));
  callee.agent.answer(callee.invocation, sealed, Agent::Part::last, how);
  pump({&callee, &caller, &plain});
  EXPECT_THAT(caller.take(), ElementsAre("x_box of 1", R"(result 1: ["\u0000AQI="])"));
  order.procedure = "plain";
  ASSERT_TRUE(caller.agent.call(order, router.now.monotonic));
  pump({&callee, &caller, &plain});
  EXPECT_THAT(caller.take(), ElementsAre(StartsWith("result 3: wamp.error.feature_not_supported")));
}

TEST(AgentAtRouter, ACallMayBringItsArgumentsInParts) {
  TestRouter router;
  RoutedClient callee(router), caller(router);
  callee.connect();
  caller.connect();
  callee.agent.register_procedure({.procedure = "sum", .progressive = true});
  callee.agent.register_procedure({.procedure = "plain"});
  pump({&callee, &caller});
  callee.take();
  caller.take();
  CallOrder order{"sum", json("[1]")};
  order.more_follows = true;
  const auto call = *caller.agent.call(order, router.now.monotonic);
  EXPECT_EQ(caller.agent.call_more(call, json("[2]"), true), Told::yes);
  EXPECT_EQ(caller.agent.call_more(call, json("[3]"), false), Told::yes);
  EXPECT_EQ(caller.agent.call_more(call, json("[4]"), false), Told::not_joined) << "that was all";
  pump({&callee, &caller});
  EXPECT_THAT(callee.take(),
              ElementsAre("invocation of 1 by sum: [1] and more", "more: [2] and more", "more: [3]"));
  callee.agent.answer(callee.invocation, json("[6]"), Agent::Part::last);
  pump({&callee, &caller});
  EXPECT_THAT(caller.take(), ElementsAre("result 1: [6]"));

  order.procedure = "plain";
  ASSERT_TRUE(caller.agent.call(order, router.now.monotonic));
  pump({&callee, &caller});
  EXPECT_THAT(caller.take(), ElementsAre(StartsWith("result 2: wamp.error.feature_not_supported")));
  EXPECT_THAT(callee.take(), IsEmpty());
}

// Two callees of one procedure; the first one goes away with the call in its hands.
void die_before_answering(bool caller_agrees, bool callees_agree) {
  TestRouter router;
  AgentSettings of_caller, of_callee;
  of_caller.session.reroute = caller_agrees;
  of_callee.session.reroute = callees_agree;
  RoutedClient first(router, of_callee), second(router, of_callee), caller(router, of_caller);
  for (auto* callee: {&first, &second}) {
    callee->connect();
    callee->agent.register_procedure({.procedure = "p", .invoke = Invoke::first});
    callee->pump();
    callee->take();
  }
  caller.connect();
  caller.take();
  ASSERT_TRUE(caller.agent.call({"p", json("[1]")}, router.now.monotonic));
  pump({&first, &second, &caller});
  EXPECT_THAT(first.take(), ElementsAre("invocation of 1 by p: [1]"));

  first.cut(/*router_notices=*/true);
  pump({&second, &caller});

  if (caller_agrees && callees_agree) {
    EXPECT_THAT(second.take(), ElementsAre("invocation of 1 by p: [1]"));
    second.agent.answer(second.invocation, json("[2]"), Agent::Part::last);
    pump({&second, &caller});
    EXPECT_THAT(caller.take(), ElementsAre("result 1: [2]"));
  } else {
    EXPECT_THAT(second.take(), IsEmpty());
    EXPECT_THAT(caller.take(), ElementsAre(StartsWith("result 1: wamp.error.canceled")));
  }
}

TEST(AgentAtRouter, ACallGoesToAnotherCalleeWhenItsOwnDiesAndBothSidesAgreed) {
  die_before_answering(true, true);
  die_before_answering(true, false);
  die_before_answering(false, true);
}

TEST(AgentAtRouter, ACallGoesToAnotherCalleeWhenItsOwnIsUnavailable) {
  TestRouter router;
  AgentSettings settings, full;
  settings.session.reroute = full.session.reroute = true;
  full.invocations_max = 0;
  RoutedClient first(router, full), second(router, settings), caller(router, settings);
  for (auto* client: {&first, &second, &caller}) client->connect();
  for (auto* callee: {&first, &second}) {
    callee->agent.register_procedure({.procedure = "p", .invoke = Invoke::first});
    callee->pump();
  }
  ASSERT_TRUE(caller.agent.call({"p", {}}, router.now.monotonic));
  second.take();
  pump({&first, &second, &caller});
  EXPECT_THAT(second.take(), ElementsAre("invocation of 1 by p: -"));
}

TEST(AgentAtRouter, ATimeoutIsTheRoutersToTell) {
  TestRouter router;
  RoutedClient callee(router), caller(router);
  callee.connect();
  caller.connect();
  callee.agent.register_procedure({.procedure = "p"});
  pump({&callee, &caller});
  CallOrder order{"p", {}};
  order.timeout = 100ms;
  ASSERT_TRUE(caller.agent.call(order, router.now.monotonic));
  pump({&callee, &caller});
  callee.take();
  caller.take();
  router.pass(100ms);
  pump({&callee, &caller});
  EXPECT_THAT(caller.take(), ElementsAre(StartsWith("result 1: wamp.error.timeout")));
  EXPECT_THAT(callee.take(), ElementsAre("interrupt"));
}

TEST(AgentAtRouter, AfterACutLinkEverythingIsThereAgain) {
  TestRouter router;
  RoutedClient instrument(router), other(router);
  instrument.connect();
  other.connect();
  instrument.agent.register_procedure({.procedure = "p"});
  instrument.agent.subscribe({"t"});
  pump({&instrument, &other});
  instrument.cut(/*router_notices=*/true);
  instrument.connect();
  pump({&instrument, &other});
  instrument.take();
  other.take();
  ASSERT_TRUE(other.agent.call({"p", json("[1]")}, router.now.monotonic));
  ASSERT_TRUE(other.agent.publish({.topic = "t", .payload = json("[2]")}));
  pump({&instrument, &other});
  EXPECT_THAT(instrument.take(), ElementsAre("invocation of 1 by p: [1]", "event 2 on t: [2]"));
}

TEST(AgentAtRouter, AProcedureComesBackOnceTheRouterHasNoticedThatTheLinkIsCut) {
  TestRouter router;
  RoutedClient instrument(router), other(router);
  instrument.connect();
  other.connect();
  instrument.agent.register_procedure({.procedure = "p"});
  instrument.pump();
  instrument.cut(/*router_notices=*/false);
  instrument.take();
  instrument.connect();
  EXPECT_THAT(instrument.take(), ElementsAre(StartsWith("joined"))) << "it is taken still";
  instrument.let_router_notice();
  router.pass(1s);
  instrument.agent.on_time(router.now.monotonic);
  instrument.pump();
  EXPECT_THAT(instrument.take(), ElementsAre("granted 1"));
  ASSERT_TRUE(other.agent.call({"p", {}}, router.now.monotonic));
  pump({&instrument, &other});
  EXPECT_THAT(instrument.take(), ElementsAre("invocation of 1 by p: -"));
}

TEST(AgentAtRouter, GoodbyeIsSaidBothWays) {
  TestRouter router;
  RoutedClient client(router);
  client.connect();
  client.take();
  client.agent.leave(router.now.monotonic);
  client.pump();
  EXPECT_THAT(client.take(), ElementsAre("ended: left the realm"));
  EXPECT_FALSE(client.agent.in_session());
}

TEST(AgentAtRouter, TheProgramMayActInsideItsEvents) {
  // Subscribes to the next topic and withdraws the one it hears, each time it hears something.
  struct Wanderer final : AgentEvents {
    void on_event(WishId wish, const Event& event) override {
      heard.emplace_back(event.topic);
      agent->withdraw(wish);
      agent->subscribe({std::string(event.topic) + ".next"});
      (void)agent->publish({.topic = event.topic, .payload = {}, .exclude_me = false});
    }
    std::vector<std::string> heard;
    Agent* agent = nullptr;
  } wanderer;
  Agent agent({}, wanderer);
  wanderer.agent = &agent;
  TestLine line;
  agent.begin(line, MonotonicTime{});
  agent.on_message(as_bytes("[2,7,{}]"), MonotonicTime{});
  agent.subscribe({"a"});
  agent.subscribe({"a"});
  agent.on_message(as_bytes("[33,1,50]"), MonotonicTime{});
  agent.on_message(as_bytes("[33,2,50]"), MonotonicTime{});
  line.take();
  agent.on_message(as_bytes("[36,50,1,{}]"), MonotonicTime{});
  EXPECT_THAT(wanderer.heard, ElementsAre("a", "a"));
  EXPECT_THAT(line.take(),
              ElementsAre(R"([32,3,{},"a.next"])", R"([16,4,{"exclude_me":false},"a"])", "[34,5,50]",
                          R"([32,6,{},"a.next"])", R"([16,7,{"exclude_me":false},"a"])"));
}

}  // namespace
}  // namespace crosspoint::wamp::client
