#include "wamp/router.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <vector>

#include "wamp/test_client.h"

namespace crosspoint::wamp {
namespace {

using data::Format;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

struct RouterTest : ::testing::Test {
  TestRouter router;
};

TEST_F(RouterTest, AnEventReachesSubscribersInEveryFormat) {
  TestClient publisher(router);
  for (const auto format: data::formats) {
    SCOPED_TRACE(data::to_string(format));
    TestClient subscriber(router, format);
    const auto subscription = third(subscriber.ask(R"([32,1,{},"com.topic"])"));
    const auto published =
        publisher.ask(R"([16,5,{"acknowledge":true},"com.topic",["x",2.5,"\u0000AQI="],{"k":[null]}])");
    EXPECT_THAT(subscriber.hear(), ElementsAre("[36," + subscription + "," + third(published) +
                                               R"(,{},["x",2.5,"\u0000AQI="],{"k":[null]}])"));
  }
}

TEST_F(RouterTest, ACallGoesToTheCalleeAndItsResultComesBackInEveryPairOfFormats) {
  for (const auto caller_format: data::formats) {
    for (const auto callee_format: data::formats) {
      SCOPED_TRACE(fmt::format("{} to {}", data::to_string(caller_format), data::to_string(callee_format)));
      TestClient caller(router, caller_format), callee(router, callee_format);
      const auto registration = third(callee.ask(R"([64,1,{},"com.add"])"));
      caller.say(R"([48,7,{},"com.add",[2,3]])");
      ASSERT_THAT(callee.hear(), ElementsAre("[68,1," + registration + ",{},[2,3]]"));
      callee.say("[70,1,{},[5]]");
      EXPECT_THAT(caller.hear(), ElementsAre("[50,7,{},[5]]"));
    }
  }
}

TEST_F(RouterTest, AnErrorOfTheCalleeIsTheCallersUntouched) {
  TestClient caller(router), callee(router, Format::cbor);
  callee.ask(R"([64,1,{},"com.fail"])");
  caller.say(R"([48,7,{},"com.fail"])");
  callee.hear();
  callee.say(R"([8,68,1,{},"com.error.custom",["why"],{"code":7}])");
  EXPECT_THAT(caller.hear(), ElementsAre(R"([8,48,7,{},"com.error.custom",["why"],{"code":7}])"));
}

TEST_F(RouterTest, SessionsHaveRandomIdsOfTheirOwn) {
  std::set<std::uint64_t> ids;
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<TestClient>(router));
    const auto id = std::stoull(clients.back()->id);
    EXPECT_TRUE(is_id(id));
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 50u);
  // Counted ones, or small ones, would all be below this.
  EXPECT_GT(*ids.rbegin() - *ids.begin(), id_max / 2);
}

// Autobahn ends its connection when it is told an error by no URI: a callee must not be able to do that to
// others.
TEST_F(RouterTest, AnErrorByNoUriReachesNobodyUnderThatName) {
  TestClient caller(router), callee(router);
  callee.ask(R"([64,1,{},"com.fail"])");
  int request = 0;
  for (const std::string error: {"", "not a uri", "a..b", "#"}) {
    caller.say("[48," + std::to_string(++request) + R"(,{},"com.fail"])");
    callee.say("[8,68," + std::to_string(request) + R"(,{},")" + error + R"(",["why"],{"code":7}])");
    EXPECT_THAT(caller.hear(), ElementsAre("[8,48," + std::to_string(request) +
                                           R"(,{},"wamp.error.invalid_uri",["why"],{"code":7}])"));
  }
}

TEST_F(RouterTest, ARealmHasAUriForItsName) {
  for (const std::string_view name: {"", "a b", "a..b", "a#"}) {
    EXPECT_THAT(TestClient(router, Format::json, "", name).welcome, HasSubstr("wamp.error.invalid_uri"))
        << name;
  }
}

TEST_F(RouterTest, RealmsDoNotHearEachOther) {
  TestClient here(router, Format::json, "", "realm1"), there(router, Format::json, "", "realm2");
  there.ask(R"([32,1,{},"t"])");
  there.ask(R"([64,2,{},"p"])");
  EXPECT_THAT(here.ask(R"([16,1,{"acknowledge":true},"t"])"), StartsWith("[17,1,"));
  EXPECT_THAT(there.hear(), IsEmpty());
  EXPECT_THAT(here.ask(R"([48,2,{},"p"])"), HasSubstr("wamp.error.no_such_procedure"));
}

TEST_F(RouterTest, BadUrisAreAnErrorAndTheSessionGoesOn) {
  TestClient client(router);
  EXPECT_THAT(client.ask(R"([32,1,{},"a..b"])"), StartsWith(R"([8,32,1,{},"wamp.error.invalid_uri",[")"));
  EXPECT_THAT(client.ask(R"([32,2,{"match":"wildcard"},"a..b"])"), StartsWith("[33,2,"));
  EXPECT_THAT(client.ask(R"([64,3,{},"a b"])"), StartsWith(R"([8,64,3,{},"wamp.error.invalid_uri")"));
  EXPECT_THAT(client.ask(R"([48,4,{},"a#b"])"), StartsWith(R"([8,48,4,{},"wamp.error.invalid_uri")"));
  EXPECT_THAT(client.ask(R"([16,5,{"acknowledge":true},"a."])"),
              StartsWith(R"([8,16,5,{},"wamp.error.invalid_uri")"));
  EXPECT_THAT(client.ask(R"([16,6,{},"a."])"), "") << "nobody asked";
}

TEST_F(RouterTest, APolicyThatIsNotKnownHereIsAnErrorAndTheSessionGoesOn) {
  TestClient client(router);
  EXPECT_THAT(client.ask(R"([64,1,{"invoke":"_least_busy"},"a.b"])"),
              StartsWith(R"([8,64,1,{},"wamp.error.option_not_allowed")"));
  EXPECT_THAT(client.ask(R"([64,2,{},"a.b"])"), StartsWith("[65,2,"));
}

TEST_F(RouterTest, NobodyPublishesOrRegistersInTheRoutersName) {
  TestClient client(router);
  EXPECT_THAT(client.ask(R"([16,1,{"acknowledge":true},"wamp.session.on_join"])"),
              HasSubstr("wamp.error.invalid_uri"));
  EXPECT_THAT(client.ask(R"([64,2,{},"wamp.session.count"])"), HasSubstr("wamp.error.invalid_uri"));
  EXPECT_THAT(client.ask(R"([64,3,{"match":"prefix"},"crossbar.x"])"), HasSubstr("wamp.error.invalid_uri"));
}

// Patterns that do not begin with it may match the router's own URIs: they are registered, and get no call.
TEST_F(RouterTest, ACallInTheRoutersNameGoesToNobodysPattern) {
  for (const std::string pattern: {R"("prefix"},"")", R"("prefix"},"wa")", R"("prefix"},"crossbar")",
                                   R"("wildcard"},"..")", R"("wildcard"},".session.foo")"}) {
    SCOPED_TRACE(pattern);
    TestClient callee(router), caller(router);
    const auto registered = callee.ask(R"([64,1,{"match":)" + pattern + "]");
    ASSERT_THAT(registered, StartsWith("[65,1,"));
    for (const std::string procedure: {"wamp.session.foo", "crossbar.session.foo"}) {
      EXPECT_THAT(caller.ask(R"([48,1,{},")" + procedure + R"(",["secret"]])"),
                  StartsWith(R"([8,48,1,{},"wamp.error.no_such_procedure")"));
      EXPECT_EQ(caller.ask(R"([48,2,{},"wamp.registration.match",[")" + procedure + R"("]])"),
                "[50,2,{},[null]]");
    }
    EXPECT_THAT(callee.hear(), IsEmpty());
    EXPECT_THAT(caller.ask(R"([48,3,{},"wamp.session.count"])"), StartsWith("[50,3,"));
    if (!pattern.starts_with(R"("prefix"},"")")) continue;
    caller.say(R"([48,4,{},"com.session.foo"])");
    EXPECT_THAT(callee.hear(), ElementsAre(StartsWith("[68,1," + third(registered) + ",")));
  }
}

TEST_F(RouterTest, WhoDisclosesItselfIsSeen) {
  TestClient joe(router, Format::json, "joe"), other(router);
  const auto subscription = third(other.ask(R"([32,1,{},"t"])"));
  other.ask(R"([64,2,{},"p"])");
  joe.ask(R"([16,1,{"disclose_me":true},"t"])");
  EXPECT_THAT(other.hear(),
              ElementsAre(HasSubstr(R"({"publisher":)" + joe.id +
                                    R"(,"publisher_authid":"joe","publisher_authrole":"anonymous"})")));
  joe.say(R"([48,2,{"disclose_me":true},"p"])");
  EXPECT_THAT(other.hear(), ElementsAre(HasSubstr(R"({"caller":)" + joe.id + R"(,"caller_authid":"joe")")));
}

TEST_F(RouterTest, ARealmMayForbidDisclosure) {
  router.limits.disclose_me = false;
  TestClient client(router);
  EXPECT_THAT(client.ask(R"([16,1,{"acknowledge":true,"disclose_me":true},"t"])"),
              HasSubstr("wamp.error.option_disallowed.disclose_me"));
  EXPECT_THAT(client.ask(R"([48,2,{"disclose_me":true},"p"])"),
              HasSubstr("wamp.error.option_disallowed.disclose_me"));
}

TEST_F(RouterTest, PassingThroughWithoutAnnouncingItIsAViolation) {
  TestClient client(router);
  EXPECT_THAT(client.ask(R"([48,2,{"ppt_scheme":"x_a"},"p",["\u0000AQI="]])"),
              HasSubstr("wamp.error.protocol_violation"));
}

TEST_F(RouterTest, StrictRequestIdsHaveNoGaps) {
  router.limits.strict_request_ids = true;
  TestClient client(router);
  EXPECT_THAT(client.ask(R"([32,1,{},"t"])"), StartsWith("[33,1,"));
  EXPECT_THAT(client.ask(R"([48,2,{},"p"])"), HasSubstr("no_such_procedure"));
  EXPECT_THAT(client.ask(R"([32,4,{},"t"])"), HasSubstr("wamp.error.protocol_violation"));
}

TEST_F(RouterTest, StrictRequestIdsHoldForEveryKindOfRequest) {
  for (const auto* request: {R"([16,2,{},"t"])", R"([32,2,{},"t"])", "[34,2,1]", R"([48,2,{},"p"])",
                             R"([64,2,{},"p"])", "[66,2,1]"}) {
    EXPECT_THAT(TestClient(router).ask(request), Not(HasSubstr("violation"))) << request;
    TestRouter strict;
    strict.limits.strict_request_ids = true;
    TestClient client(strict);
    EXPECT_THAT(client.ask(request), HasSubstr("wamp.error.protocol_violation")) << request;
  }
}

TEST_F(RouterTest, WhenACalleeLeavesItsCallsEnd) {
  TestClient caller(router);
  {
    TestClient callee(router);
    callee.ask(R"([64,1,{},"p"])");
    caller.say(R"([48,7,{},"p"])");
  }
  EXPECT_THAT(caller.hear(), ElementsAre(StartsWith(R"([8,48,7,{},"wamp.error.canceled")")));
  EXPECT_THAT(caller.ask(R"([48,8,{},"p"])"), HasSubstr("wamp.error.no_such_procedure"));
}

TEST_F(RouterTest, ACallThatTakesTooLongIsTimedOut) {
  TestClient caller(router), callee(router);
  callee.ask(R"([64,1,{},"p"])");
  caller.say(R"([48,7,{"timeout":250},"p"])");
  ASSERT_TRUE(router.router.next_due());
  router.pass(250ms);
  EXPECT_THAT(caller.hear(), ElementsAre(StartsWith(R"([8,48,7,{},"wamp.error.timeout")")));
  EXPECT_FALSE(router.router.next_due());
}

TEST_F(RouterTest, JoiningAndLeavingIsNews) {
  TestClient watcher(router);
  const auto joined = third(watcher.ask(R"([32,1,{},"wamp.session.on_join"])"));
  const auto left = third(watcher.ask(R"([32,2,{},"wamp.session.on_leave"])"));
  std::string id;
  {
    TestClient joe(router, Format::cbor, "joe");
    id = joe.id;
    EXPECT_THAT(
        watcher.hear(),
        ElementsAre(MatchesRegex("\\[36," + joined + R"(,[0-9]+,\{\},\[\{"session":)" + id +
                                 R"(,"authid":"joe","authrole":"anonymous","authmethod":"anonymous",.*)")));
  }
  EXPECT_THAT(watcher.hear(), ElementsAre(MatchesRegex("\\[36," + left + R"(,[0-9]+,\{\},\[)" + id +
                                                       R"(,"joe","anonymous"\]\])")));
}

TEST_F(RouterTest, SubscriptionsAndRegistrationsAreNewsInTheirOrderAlsoWhenALineBreaks) {
  TestClient watcher(router);
  watcher.ask(R"([32,1,{"match":"prefix"},"wamp.subscription."])");
  watcher.ask(R"([32,2,{"match":"prefix"},"wamp.registration."])");
  {
    TestClient client(router);
    client.ask(R"([32,1,{},"t"])");
    client.ask(R"([64,2,{},"p"])");
    EXPECT_THAT(
        watcher.hear(),
        ElementsAre(HasSubstr("wamp.subscription.on_create"), HasSubstr("wamp.subscription.on_subscribe"),
                    HasSubstr("wamp.registration.on_create"), HasSubstr("wamp.registration.on_register")));
  }
  EXPECT_THAT(
      watcher.hear(),
      ElementsAre(HasSubstr("wamp.registration.on_unregister"), HasSubstr("wamp.registration.on_delete"),
                  HasSubstr("wamp.subscription.on_unsubscribe"), HasSubstr("wamp.subscription.on_delete")));
}

TEST_F(RouterTest, TheNewsSaysWhoDidWhat) {
  TestClient watcher(router), client(router);
  watcher.ask(R"([32,1,{"match":"prefix"},"wamp.subscription."])");
  watcher.ask(R"([32,2,{"match":"prefix"},"wamp.registration."])");
  const auto heard = [&] {
    std::string all;
    for (const auto& event: watcher.hear()) all += event.substr(event.find(R"({"topic":"wamp.)") + 15) + "\n";
    return all;
  };
  const auto subscription = third(client.ask(R"([32,1,{"match":"prefix"},"com."])"));
  const auto by = [&](const std::string& id) { return ",[" + client.id + "," + id + "]]\n"; };
  const std::string created = R"("created":"2026-01-02T00:00:00.000Z",)";
  EXPECT_EQ(heard(), R"(subscription.on_create"},[)" + client.id + R"(,{"id":)" + subscription + "," +
                         created + R"("uri":"com.","match":"prefix"}]])" + "\n" +
                         R"(subscription.on_subscribe"})" + by(subscription));
  const auto registration = third(client.ask(R"([64,2,{"invoke":"random"},"com.p"])"));
  EXPECT_EQ(heard(), R"(registration.on_create"},[)" + client.id + R"(,{"id":)" + registration + "," +
                         created + R"("uri":"com.p","match":"exact","invoke":"random"}]])" + "\n" +
                         R"(registration.on_register"})" + by(registration));
  client.ask("[34,3," + subscription + "]");
  client.ask("[66,4," + registration + "]");
  EXPECT_EQ(heard(), R"(subscription.on_unsubscribe"})" + by(subscription) + R"(subscription.on_delete"})" +
                         by(subscription) + R"(registration.on_unregister"})" + by(registration) +
                         R"(registration.on_delete"})" + by(registration));
}

TEST_F(RouterTest, WhoSubscribesToTheNewsIsNoNews) {
  TestClient watcher(router);
  watcher.ask(R"([32,1,{"match":"prefix"},"wamp.subscription."])");
  TestClient other(router);
  const auto id = third(other.ask(R"([32,1,{},"wamp.session.on_join"])"));
  other.ask("[34,2," + id + "]");
  EXPECT_THAT(watcher.hear(), IsEmpty());
}

// wamp-router 4: calls, then what it was called for, registrations, subscriptions, testaments, and last the
// news.
TEST_F(RouterTest, WhatASessionHadEndsInItsOrder) {
  TestClient watcher(router);
  watcher.ask(R"([32,1,{"match":"prefix"},"wamp."])");
  watcher.ask(R"([32,2,{},"com.last.words"])");
  watcher.ask(R"([64,3,{},"com.slow"])");
  {
    TestClient client(router);
    client.ask(R"([48,1,{},"wamp.session.add_testament",["com.last.words",["bye"],{}]])");
    client.ask(R"([32,2,{},"t"])");
    client.ask(R"([64,3,{},"p"])");
    client.say(R"([48,4,{},"com.slow"])");
    watcher.say(R"([48,4,{},"p"])");
    watcher.hear();
  }
  EXPECT_THAT(
      watcher.hear(),
      ElementsAre(StartsWith("[69,1,"), StartsWith(R"([8,48,4,{},"wamp.error.canceled")"),
                  HasSubstr("wamp.registration.on_unregister"), HasSubstr("wamp.registration.on_delete"),
                  HasSubstr("wamp.subscription.on_unsubscribe"), HasSubstr("wamp.subscription.on_delete"),
                  HasSubstr(R"(["bye"])"), HasSubstr("wamp.session.on_leave")));
}

TEST_F(RouterTest, NothingIsLeftOfSessionsThatAreGone) {
  TestClient watcher(router);
  for (int i = 0; i < 50; ++i) {
    TestClient client(router);
    client.ask(R"([32,1,{},"t"])");
    client.ask(R"([64,2,{"invoke":"roundrobin"},"p"])");
  }
  Realm* realm = router.router.find("realm1");
  EXPECT_EQ(realm->broker().subscriptions().size(), 0u);
  EXPECT_EQ(realm->broker().subscriptions().members(), 0u);
  EXPECT_EQ(realm->dealer().registrations().size(), 0u);
  EXPECT_EQ(realm->dealer().members(), 0u);
  EXPECT_EQ(realm->inhabitants().size(), 1u);
  EXPECT_EQ(router.router.counters().sessions, 1u);
}

// By the thousand, as users of other routers reported it, over sockets:
// tests/interop/test_wamp_reports.py.
TEST_F(RouterTest, F12_OfManyThatAreLostAtOnceNothingIsLeft) {
  TestClient witness(router);
  const auto asked = [&](std::string_view procedure) {
    const auto answer = witness.ask("[48,9,{},\"" + std::string(procedure) + "\"]");
    return answer.substr(answer.find("{},") + 3);
  };
  constexpr int sessions = 100;
  std::vector<std::unique_ptr<TestClient>> clients;
  int answered = 0;
  for (int i = 0; i < sessions; ++i) {
    auto& client = *clients.emplace_back(std::make_unique<TestClient>(router));
    client.say(fmt::format(R"([32,1,{{}},"com.own{}"])", i));
    client.say(R"([32,2,{"match":"prefix"},"com."])");
    client.say(fmt::format(R"([64,3,{{}},"com.own{}"])", i));
    client.say(R"([64,4,{"invoke":"roundrobin"},"com.shared"])");
    client.say(R"([48,5,{},"com.shared"])");
    answered += client.hear().size() >= 4 ? 1 : 0;  // an invocation of somebody's may be among it
  }
  EXPECT_EQ(answered, sessions);
  EXPECT_EQ(asked("wamp.session.count"), "[101]]");

  for (auto& client: clients) client->session.on_lost(router.now);

  EXPECT_EQ(asked("wamp.session.count"), "[1]]");
  for (const auto* const list: {"wamp.registration.list", "wamp.subscription.list"})
    EXPECT_EQ(asked(list), R"([{"exact":[],"prefix":[],"wildcard":[]}]])");
  const auto numbers = router.router.numbers(1).total;
  EXPECT_EQ(numbers.sessions, 1u);
  EXPECT_EQ(numbers.subscriptions + numbers.registrations + numbers.calls_in_flight, 0u);
  EXPECT_EQ(router.router.counters().sessions_ended[static_cast<std::size_t>(SessionEnd::lost)],
            std::uint64_t{sessions});
}

TEST_F(RouterTest, ARealmIsSeenInNumbers) {
  TestClient client(router);
  client.ask(R"([32,1,{},"t"])");
  client.ask(R"([64,2,{},"p"])");
  client.say(R"([48,3,{},"p"])");
  client.say(R"([48,4,{},"nobody"])");
  client.say(R"([48,5,{},"no uri"])");
  client.say(R"([16,6,{"exclude_me":false},"t"])");
  const auto numbers = router.router.find("realm1")->numbers();
  EXPECT_EQ(numbers.sessions, 1u);
  EXPECT_EQ(numbers.subscriptions, 1u);
  EXPECT_EQ(numbers.registrations, 1u);
  EXPECT_EQ(numbers.calls_in_flight, 1u);
  EXPECT_EQ(numbers.dealer.no_such_procedure, 1u);
  EXPECT_EQ(numbers.refused.invalid_uri[static_cast<std::size_t>(Action::call)], 1u);
  EXPECT_EQ(numbers.broker.events, 1u);
}

TEST_F(RouterTest, OnlySoManyRealmsAreNamedAndTheOthersCounted) {
  TestClient first(router, Format::json, "", "a"), second(router, Format::json, "", "b"),
      third(router, Format::json, "", "c"), with_first(router, Format::json, "", "c");
  const auto all = router.router.numbers(3);
  EXPECT_EQ(all.realms.size(), 3u);
  EXPECT_EQ(all.realms_left_out, 0u);
  const auto some = router.router.numbers(2);
  ASSERT_EQ(some.realms.size(), 2u);
  EXPECT_EQ(some.realms[0].realm, "a");
  EXPECT_EQ(some.realms[1].realm, "c");
  EXPECT_EQ(some.realms_left_out, 1u);
  EXPECT_EQ(some.total.sessions, 4u);
}

TEST_F(RouterTest, WhatHappenedInARealmThatIsGoneStaysInTheSum) {
  {
    TestClient client(router, Format::json, "", "some.realm");
    client.ask(R"([32,1,{},"t"])");
    client.say(R"([48,2,{},"nobody"])");
  }
  const auto numbers = router.router.numbers(10);
  EXPECT_THAT(numbers.realms, IsEmpty());
  EXPECT_EQ(numbers.total.dealer.calls, 1u);
  EXPECT_EQ(numbers.total.sessions_ever, 1u);
  EXPECT_EQ(numbers.total.sessions, 0u);
  EXPECT_EQ(numbers.total.subscriptions, 0u);
}

TEST_F(RouterTest, EachSessionThatEndsIsCountedOnceByItsCause) {
  const auto ended = [&](SessionEnd why) {
    return router.router.counters().sessions_ended[static_cast<std::size_t>(why)];
  };
  TestClient killer(router);
  {
    TestClient polite(router), lost(router), rude(router), slow(router), victim(router), late(router);
    polite.say(R"([6,{},"wamp.close.normal"])");
    rude.say(R"([36])");
    slow.session.on_too_slow(router.now);
    killer.say("[48,1,{},\"wamp.session.kill\",[" + victim.id + "]]");
    late.session.shut_down(router.now);
    late.session.on_lost(router.now);
  }
  for (const auto why: {SessionEnd::goodbye, SessionEnd::lost, SessionEnd::protocol_violation,
                        SessionEnd::too_slow, SessionEnd::put_out, SessionEnd::shutdown}) {
    EXPECT_EQ(ended(why), 1u) << to_string(why);
  }
  EXPECT_EQ(ended(SessionEnd::held_too_much), 0u);
}

TEST_F(RouterTest, ARealmThatCameIntoBeingByBeingEnteredGoesWithTheLast) {
  {
    TestClient client(router, Format::json, "", "some.realm");
    EXPECT_NE(router.router.find("some.realm"), nullptr);
  }
  EXPECT_EQ(router.router.find("some.realm"), nullptr);
}

// Notes whom it may forget.
class NotingGate final : public Gate {
 public:
  Judgement judge(const Request&, const Moment&) override { return {.allowed = true}; }
  void forget(SessionId session) override { forgotten.push_back(session); }
  std::vector<SessionId> forgotten;
};

TEST_F(RouterTest, WhoFindsNoRoomForItsRealmIsForgottenByTheGate) {
  NotingGate gate;
  Router small(router.house, gate, router.house, 1, router.random);
  TestWire first_wire, second_wire;
  {
    Session first(router.sessions, small, first_wire, {}, router.now),
        second(router.sessions, small, second_wire, {}, router.now);
    first.on_message(as_bytes(std::string_view(R"([1,"one",{"roles":{"caller":{}}}])")), router.now);
    second.on_message(as_bytes(std::string_view(R"([1,"two",{"roles":{"caller":{}}}])")), router.now);
    EXPECT_THAT(first_wire.take(), ElementsAre(StartsWith("[2,")));
    EXPECT_THAT(second_wire.take(), ElementsAre(HasSubstr("wamp.error.unavailable")));
    EXPECT_EQ(gate.forgotten.size(), 1u);
  }
  EXPECT_EQ(gate.forgotten.size(), 2u);
}

}  // namespace
}  // namespace crosspoint::wamp
