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
  caller.agent.cancel(*call, CancelMode::kill);
  pump({&callee, &caller});
  EXPECT_THAT(callee.take(), ElementsAre("interrupt"));
  EXPECT_THAT(caller.take(), IsEmpty());
  callee.agent.refuse(callee.invocation, "wamp.error.canceled", {});
  pump({&callee, &caller});
  EXPECT_THAT(caller.take(), ElementsAre(StartsWith("result 1: wamp.error.canceled")));
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
