// The gate changes its mind about what sessions have already.
#include "wamp/revocations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wamp/test_client.h"
#include "wamp/test_gate.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

struct RevocationsTest : ::testing::Test {
  RevocationsTest() {
    gate.at_once = [this](const Request& request) -> std::optional<Judgement> {
      if (unsure == request.uri) return std::nullopt;
      return Judgement{.allowed = denied != request.uri};
    };
  }
  Revocations judge_again() { return router.router.find("realm1")->judge_again(router.now); }

  std::string denied, unsure;
  LateGate gate;
  TestRouter router{&gate};
};

TEST_F(RevocationsTest, WhoMayNoLongerSubscribeHearsNothingMoreAndIsTold) {
  TestClient publisher(router), subscriber(router);
  const auto lost = third(subscriber.ask(R"([32,1,{},"com.lost"])"));
  const auto kept = third(subscriber.ask(R"([32,2,{"match":"prefix"},"com.kept."])"));
  denied = "com.lost";

  EXPECT_EQ(judge_again().subscriptions, 1u);

  EXPECT_THAT(subscriber.hear(),
              ElementsAre("[35,0,{\"subscription\":" + lost + R"(,"reason":"wamp.error.not_authorized"}])"));
  publisher.say(R"([16,1,{},"com.lost",["leak"]])");
  EXPECT_THAT(subscriber.hear(), IsEmpty());
  publisher.say(R"([16,2,{},"com.kept.x",[1]])");
  EXPECT_THAT(subscriber.hear(), ElementsAre(StartsWith("[36," + kept + ",")));
  EXPECT_FALSE(judge_again().any()) << "once is enough";
}

TEST_F(RevocationsTest, WhoMayNoLongerRegisterIsNotCalledAndIsTold) {
  TestClient caller(router), callee(router);
  const auto lost = third(callee.ask(R"([64,1,{},"com.lost"])"));
  callee.ask(R"([64,2,{"match":"wildcard"},"com..kept"])");
  caller.say(R"([48,1,{},"com.lost"])");
  ASSERT_THAT(callee.hear(), ElementsAre(StartsWith("[68,1,")));
  denied = "com.lost";

  EXPECT_EQ(judge_again().registrations, 1u);
  denied.clear();

  EXPECT_THAT(callee.hear(),
              ElementsAre("[67,0,{\"registration\":" + lost + R"(,"reason":"wamp.error.not_authorized"}])"));
  EXPECT_THAT(caller.ask(R"([48,2,{},"com.lost"])"), HasSubstr("wamp.error.no_such_procedure"));
  callee.say("[70,1,{},[7]]");
  EXPECT_THAT(caller.hear(), ElementsAre("[50,1,{},[7]]")) << "it had been called before";
  caller.say(R"([48,3,{},"com.x.kept"])");
  EXPECT_THAT(callee.hear(), ElementsAre(StartsWith("[68,2,")));
}

TEST_F(RevocationsTest, WhoDidNotAnnounceRevocationIsNotTold) {
  TestClient subscriber(router, data::Format::json, "", "realm1", R"({"subscriber":{},"callee":{}})");
  subscriber.ask(R"([32,1,{},"com.lost"])");
  subscriber.ask(R"([64,2,{},"com.lost"])");
  denied = "com.lost";

  const auto revoked = judge_again();

  EXPECT_EQ(revoked.subscriptions, 1u);
  EXPECT_EQ(revoked.registrations, 1u);
  EXPECT_THAT(subscriber.hear(), IsEmpty());
  EXPECT_THAT(subscriber.ask(R"([34,3,1])"), HasSubstr("wamp.error.no_such_subscription"));
}

TEST_F(RevocationsTest, WhatSomebodyWouldHaveToBeAskedAboutStays) {
  TestClient publisher(router), subscriber(router);
  subscriber.ask(R"([32,1,{},"com.topic"])");
  unsure = "com.topic";
  EXPECT_FALSE(judge_again().any());
  unsure.clear();
  publisher.say(R"([16,1,{},"com.topic"])");
  EXPECT_THAT(subscriber.hear(), ElementsAre(StartsWith("[36,")));
}

TEST_F(RevocationsTest, ItIsNewsAsAnyOtherEndIs) {
  TestClient listener(router), subscriber(router);
  for (const char* topic: {"subscription.on_unsubscribe", "subscription.on_delete",
                           "registration.on_unregister", "registration.on_delete"}) {
    listener.ask(std::string(R"([32,1,{},"wamp.)") + topic + "\"]");
  }
  const auto subscription = third(subscriber.ask(R"([32,1,{},"com.lost"])"));
  const auto registration = third(subscriber.ask(R"([64,2,{},"com.lost"])"));
  listener.hear();
  denied = "com.lost";

  judge_again();

  const auto both = [&](const std::string& id) {
    return HasSubstr("{},[" + subscriber.id + "," + id + "]]");
  };
  EXPECT_THAT(listener.hear(),
              ElementsAre(both(subscription), both(subscription), both(registration), both(registration)));
}

}  // namespace
}  // namespace crosspoint::wamp
