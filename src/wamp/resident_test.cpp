#include "wamp/resident.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wamp/error_uri.h"
#include "wamp/test_client.h"

namespace crosspoint::wamp {
namespace {

using data::Format;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

Payload json(std::string_view args) { return {Format::json, as_bytes(args), {}}; }

struct ResidentTest : ::testing::Test, ResidentHandler {
  ResidentTest() {
    router.router.settle_by([this] { ++hooks; });
    router.router.house("realm1", resident, router.now);
  }
  ~ResidentTest() override { router.router.evict(resident); }

  void on_call(const ResidentCall& call) override { calls.push_back(call); }
  void settle() { router.router.settle(router.now); }
  void answer(std::string_view args) { resident.answer(calls.back().id, json(args), router.now); }

  TestRouter router;
  Resident resident{{.prefix = "house.", .procedures = {"house.a", "house.b"}, .arguments_bytes_max = 100},
                    *this};
  std::vector<ResidentCall> calls;
  int hooks = 0;
};

TEST_F(ResidentTest, IsCalledInEveryFormatByWhomItIsTold) {
  for (const auto format: data::formats) {
    SCOPED_TRACE(data::to_string(format));
    TestClient joe(router, format, "joe");
    joe.say(R"([48,7,{},"house.b",[2,"x"],{"k":true}])");
    EXPECT_THAT(joe.hear(), IsEmpty());
    settle();
    ASSERT_FALSE(calls.empty());
    const auto& call = calls.back();
    EXPECT_EQ(call.procedure, "house.b");
    EXPECT_EQ(std::to_string(number(call.caller.session)), joe.id);
    EXPECT_EQ(call.caller.authid, "joe");
    EXPECT_EQ(call.caller.authrole, "anonymous");
    EXPECT_EQ(call.caller.address, "peer");
    EXPECT_EQ(call.arguments.text(1, "what").value(), "x");
    EXPECT_EQ(call.arguments.kwargs(), data::Value(data::Value::Map{{"k", true}}));

    answer(R"([{"n":1}])");
    EXPECT_THAT(joe.hear(), ElementsAre(R"([50,7,{},[{"n":1}]])"));
  }
  EXPECT_EQ(resident.open_calls(), 0u);
}

TEST_F(ResidentTest, KnowsWhoCallsAlsoWhereNobodyIsDisclosed) {
  router.limits.disclose_me = false;
  TestClient joe(router, Format::json, "joe");
  joe.say(R"([48,7,{},"house.a"])");
  settle();
  ASSERT_FALSE(calls.empty());
  EXPECT_EQ(calls.back().caller.authid, "joe");
}

TEST_F(ResidentTest, AsksForTheEndOfTheTurnWhenItIsCalledAndWhenItAnswers) {
  TestClient joe(router);
  joe.say(R"([48,7,{},"house.a"])");
  EXPECT_EQ(std::exchange(hooks, 0), 1);
  settle();
  answer("[]");
  EXPECT_EQ(hooks, 1);
}

TEST_F(ResidentTest, AnErrorHasASentence) {
  TestClient joe(router);
  joe.say(R"([48,7,{},"house.a"])");
  settle();
  resident.refuse(calls.back().id, error_uri::invalid_argument, "argument 0 (x) must be \"y\"", router.now);
  EXPECT_THAT(joe.hear(),
              ElementsAre(R"([8,48,7,{},"wamp.error.invalid_argument",["argument 0 (x) must be \"y\""]])"));
}

TEST_F(ResidentTest, EachCallHasOneAnswerAndTheSecondIsNobodys) {
  TestClient joe(router);
  joe.say(R"([48,7,{},"house.a"])");
  settle();
  answer("[1]");
  answer("[2]");
  resident.refuse(calls.back().id, error_uri::unavailable, "no", router.now);
  EXPECT_THAT(joe.hear(), ElementsAre("[50,7,{},[1]]"));
}

TEST_F(ResidentTest, WhoLeavesOrGivesUpIsNotAnswered) {
  TestClient joe(router);
  {
    TestClient other(router);
    other.say(R"([48,1,{},"house.a"])");
    settle();
  }
  answer("[1]");
  joe.say(R"([48,7,{},"house.a"])");
  settle();
  EXPECT_THAT(joe.ask("[49,7,{}]"), StartsWith(R"([8,48,7,{},"wamp.error.canceled")"));
  answer("[2]");
  EXPECT_THAT(joe.hear(), IsEmpty());

  joe.say(R"([48,8,{"timeout":250},"house.a"])");
  settle();
  router.pass(250ms);
  EXPECT_THAT(joe.hear(), ElementsAre(StartsWith(R"([8,48,8,{},"wamp.error.timeout")")));
  answer("[3]");
  EXPECT_THAT(joe.hear(), IsEmpty());
  EXPECT_EQ(resident.open_calls(), 0u);
}

TEST_F(ResidentTest, WhenItsRealmGoesItsCallsAreNobodysAndItLivesInTheNextOne) {
  {
    TestClient joe(router);
    joe.say(R"([48,7,{},"house.a"])");
    settle();
  }
  EXPECT_EQ(router.router.find("realm1"), nullptr);
  EXPECT_FALSE(resident.at_home());
  EXPECT_FALSE(resident.is_heard("house.event"));
  resident.publish("house.event", json("[1]"), router.now);
  answer("[1]");

  TestClient joe(router);
  EXPECT_THAT(joe.hear(), IsEmpty());
  joe.say(R"([48,7,{},"house.a"])");
  settle();
  answer("[2]");
  EXPECT_THAT(joe.hear(), ElementsAre("[50,7,{},[2]]"));
}

TEST_F(ResidentTest, NobodyElseRegistersOrPublishesBelowItsPrefix) {
  TestClient joe(router);
  const auto refused = HasSubstr("wamp.error.invalid_uri\",[\"URIs that begin with house. are");
  EXPECT_THAT(joe.ask(R"([64,1,{},"house.c"])"), refused);
  EXPECT_THAT(joe.ask(R"([64,2,{"match":"prefix"},"house."])"), refused);
  EXPECT_THAT(joe.ask(R"([64,3,{"force_reregister":true},"house.a"])"), refused);
  EXPECT_THAT(joe.ask(R"([16,4,{"acknowledge":true},"house.event"])"), refused);
  EXPECT_THAT(joe.ask(R"([48,5,{},"wamp.session.add_testament",["house.event",[],{}]])"),
              HasSubstr("wamp.error.invalid_uri"));
  EXPECT_THAT(joe.ask(R"([64,6,{},"household"])"), StartsWith("[65,6,"));
}

TEST_F(ResidentTest, NoPatternGetsCallsThatAreBelowItsPrefix) {
  for (const std::string pattern: {R"("prefix"},"")", R"("prefix"},"hous")", R"("prefix"},"house")",
                                   R"("wildcard"},".")", R"("wildcard"},".c")"}) {
    SCOPED_TRACE(pattern);
    TestClient joe(router), ann(router);
    ASSERT_THAT(joe.ask(R"([64,1,{"match":)" + pattern + "]"), StartsWith("[65,1,"));
    EXPECT_THAT(ann.ask(R"([48,1,{},"house.c",["secret"]])"),
                StartsWith(R"([8,48,1,{},"wamp.error.no_such_procedure")"));
    EXPECT_EQ(ann.ask(R"([48,2,{},"wamp.registration.match",["house.c"]])"), "[50,2,{},[null]]");
    EXPECT_THAT(joe.hear(), IsEmpty());
  }
}

TEST_F(ResidentTest, WhoRegisteredBelowItsPrefixBeforeItCameLosesThat) {
  router.router.evict(resident);
  TestClient joe(router), ann(router);
  const auto exact = third(joe.ask(R"([64,1,{},"house.c"])")), other = third(joe.ask(R"([64,2,{},"com.c"])"));
  const auto pattern = third(joe.ask(R"([64,3,{"match":"prefix"},"house.d"])"));

  router.router.house("realm1", resident, router.now);

  const auto lost = [](const std::string& id) {
    return "[67,0,{\"registration\":" + id + R"(,"reason":"wamp.error.unregistered"}])";
  };
  EXPECT_THAT(joe.hear(), ElementsAre(lost(exact), lost(pattern)));
  EXPECT_THAT(ann.ask(R"([48,1,{},"house.c"])"), HasSubstr("wamp.error.no_such_procedure"));
  ann.say(R"([48,2,{},"com.c"])");
  EXPECT_THAT(joe.hear(), ElementsAre(StartsWith("[68,1," + other + ",")));
}

TEST_F(ResidentTest, InOtherRealmsItsPrefixIsAnybodys) {
  TestClient there(router, Format::json, "", "realm2");
  EXPECT_THAT(there.ask(R"([64,1,{},"house.a"])"), StartsWith("[65,1,"));
  EXPECT_THAT(there.ask(R"([16,2,{"acknowledge":true},"house.event"])"), StartsWith("[17,2,"));
}

TEST_F(ResidentTest, NobodyCanRemoveItFromItsProcedures) {
  TestClient joe(router);
  const auto registration =
      joe.ask(R"([48,1,{},"wamp.registration.match",["house.a"]])").substr(std::string("[50,1,{},[").size());
  const auto id = registration.substr(0, registration.find(']'));
  const auto callees = joe.ask("[48,2,{},\"wamp.registration.list_callees\",[" + id + "]]");
  const auto callee = callees.substr(callees.find("[[") + 2, callees.find("]]") - callees.find("[[") - 2);
  EXPECT_THAT(joe.ask("[48,3,{},\"wamp.registration.remove_callee\",[" + id + "," + callee + "]]"),
              HasSubstr("wamp.error.invalid_argument"));
  EXPECT_THAT(joe.ask("[48,4,{},\"wamp.session.get\",[" + callee + "]]"), HasSubstr("no_such_session"));
  EXPECT_THAT(joe.ask(R"([48,5,{},"wamp.session.count"])"), "[50,5,{},[1]]");
  joe.say(R"([48,6,{},"house.a"])");
  settle();
  EXPECT_EQ(calls.size(), 1u);
}

TEST_F(ResidentTest, WhoWasThereBeforeMakesRoom) {
  TestClient there(router, Format::json, "", "realm2");
  there.ask(R"([64,1,{},"house.a"])");
  router.router.evict(resident);
  router.router.house("realm2", resident, router.now);
  EXPECT_THAT(there.hear(), ElementsAre(HasSubstr("wamp.error.unregistered")));
  there.say(R"([48,2,{},"house.a"])");
  settle();
  EXPECT_EQ(calls.size(), 1u);
}

TEST_F(ResidentTest, ItsEventsReachSubscribersOfEveryFormatAndItKnowsWhetherThereAreAny) {
  TestClient joe(router, Format::cbor), ann(router);
  EXPECT_FALSE(resident.is_heard("house.event"));
  joe.ask(R"([32,1,{"match":"prefix"},"house."])");
  EXPECT_TRUE(resident.is_heard("house.event"));
  ann.ask(R"([32,1,{},"house.event"])");
  resident.publish("house.event", json(R"([{"t":"a"}])"), router.now);
  EXPECT_THAT(ann.hear(), ElementsAre(HasSubstr(R"(,{},[{"t":"a"}]])")));
  EXPECT_THAT(joe.hear(), ElementsAre(HasSubstr(R"({"topic":"house.event"},[{"t":"a"}]])")));
}

TEST_F(ResidentTest, ArgumentsThatAreTooLongTooDeepOrNotToBeReadAreRefused) {
  TestClient joe(router);
  EXPECT_THAT(joe.ask(R"([48,1,{},"house.a",[")" + std::string(100, 'x') + "\"]]"),
              HasSubstr("wamp.error.payload_size_exceeded"));
  joe.say(R"([48,2,{},"house.a",[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]])");
  settle();
  EXPECT_THAT(joe.hear(), ElementsAre(HasSubstr("wamp.error.invalid_argument")));
  const PassThrough unread{.dialect = PassThrough::Dialect::enc};
  EXPECT_THAT(MetaArguments::read({}, unread).error().text,
              HasSubstr("takes no payload that is passed through"));
  EXPECT_THAT(calls, IsEmpty());
}

}  // namespace
}  // namespace crosspoint::wamp
