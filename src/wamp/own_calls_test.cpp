#include "wamp/own_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wamp/error_uri.h"
#include "wamp/test_client.h"

namespace crosspoint::wamp {
namespace {

using data::Value;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

struct OwnCallsTest : ::testing::Test {
  OwnCallsTest() {
    router.router.settle_by([this] { ++hooks; });
  }

  // What came is in `answers`: "error args kwargs", as JSON.
  std::unique_ptr<PendingCall> call(std::string_view procedure, Value::Array args = {},
                                    std::string_view realm = "realm1") {
    return router.router.call(
        realm, {procedure, std::move(args), 5s}, [this](const OwnAnswer& answer) { note(answer); },
        router.now);
  }
  void note(const OwnAnswer& answer) {
    const auto payload = answer.payload.view();
    std::string text = answer.error;
    for (const Bytes part: {payload.args, payload.kwargs}) {
      if (part.empty()) continue;
      text += " " + crosspoint::to_string(Bytes(*data::transcode(payload.format, part, data::Format::json)));
    }
    answers.push_back(text);
  }
  std::vector<std::string> settle() {
    router.router.settle(router.now);
    return std::exchange(answers, {});
  }
  const OwnCalls& calls() const { return router.router.own_calls(); }

  TestRouter router;
  std::vector<std::string> answers;
  int hooks = 0;
};

TEST_F(OwnCallsTest, ACalleeOfAnyFormatIsCalledAndItsAnswerComesLater) {
  for (const auto format: data::formats) {
    SCOPED_TRACE(data::to_string(format));
    TestClient callee(router, format);
    callee.ask(R"([64,1,{},"com.who"])");
    const auto pending = call("com.who", {"realm1", 7, Value::Map{{"k", true}}});
    EXPECT_THAT(callee.hear(), ElementsAre(HasSubstr(R"(,{},["realm1",7,{"k":true}]])")));
    EXPECT_EQ(hooks, 0);

    callee.say(R"([70,1,{},["role"],{"more":[1,null]}])");
    EXPECT_EQ(std::exchange(hooks, 0), 1);
    EXPECT_THAT(answers, IsEmpty());
    EXPECT_THAT(settle(), ElementsAre(R"( ["role"] {"more":[1,null]})"));
    EXPECT_THAT(settle(), IsEmpty());
  }
  EXPECT_EQ(calls().under_way(), 0u);
}

TEST_F(OwnCallsTest, AnErrorOfTheCalleeIsAnAnswer) {
  TestClient callee(router);
  callee.ask(R"([64,1,{},"com.who"])");
  const auto pending = call("com.who");
  callee.hear();
  callee.say(R"([8,68,1,{},"com.error.no",["why"]])");
  EXPECT_THAT(settle(), ElementsAre(R"(com.error.no ["why"])"));
}

TEST_F(OwnCallsTest, AProcedureOrRealmThatIsNotThereIsAnAnswerAndNoRealmComesIntoBeing) {
  const auto nowhere = call("com.who", {}, "some.realm");
  TestClient somebody(router);
  const auto nobody = call("com.who");
  EXPECT_THAT(settle(), ElementsAre("wamp.error.no_such_procedure", "wamp.error.no_such_procedure"));
  EXPECT_EQ(router.router.find("some.realm"), nullptr);
}

TEST_F(OwnCallsTest, ACalleeThatLeavesHasAnsweredAndItsRealmMayGoWithIt) {
  std::unique_ptr<PendingCall> pending;
  {
    TestClient callee(router);
    callee.ask(R"([64,1,{},"com.who"])");
    pending = call("com.who");
  }
  EXPECT_EQ(router.router.find("realm1"), nullptr);
  EXPECT_THAT(settle(), ElementsAre("wamp.error.canceled"));
}

TEST_F(OwnCallsTest, WhoDoesNotAnswerInTimeIsToldToStopAlsoIfItPromisedToWatchItself) {
  for (const std::string_view options: {"{}", R"({"forward_timeout":true})"}) {
    SCOPED_TRACE(options);
    TestClient callee(router);
    callee.ask("[64,1," + std::string(options) + R"(,"com.who"])");
    const auto pending = call("com.who");
    callee.hear();
    EXPECT_EQ(router.router.next_due(), router.now.monotonic + 5s);
    router.pass(5s - 1ms);
    EXPECT_THAT(settle(), IsEmpty());

    router.pass(1ms);

    EXPECT_THAT(settle(), ElementsAre("wamp.error.timeout"));
    EXPECT_THAT(callee.hear(), ElementsAre(StartsWith("[69,1,")));
    callee.say("[70,1,{}]");
    EXPECT_THAT(callee.hear(), IsEmpty()) << "a late answer is no violation";
    EXPECT_EQ(router.router.next_due(), std::nullopt);
  }
  EXPECT_EQ(calls().counters().timed_out, 2u);
}

TEST_F(OwnCallsTest, WhoNoLongerWantsAnAnswerGetsNoneAndTheCalleeIsToldToStop) {
  TestClient callee(router);
  callee.ask(R"([64,1,{},"com.who"])");
  auto pending = call("com.who"), answered = call("com.who");
  callee.hear();
  callee.say("[70,2,{}]");

  pending.reset();
  answered.reset();

  EXPECT_THAT(callee.hear(), IsEmpty()) << "it may have come from inside of anything";
  EXPECT_THAT(settle(), IsEmpty());
  EXPECT_THAT(callee.hear(), ElementsAre(StartsWith("[69,1,")));
  EXPECT_EQ(calls().under_way(), 0u);
  EXPECT_EQ(calls().counters().abandoned, 2u);
}

TEST_F(OwnCallsTest, WhoIsAnsweredMayLetGoAndCallAgain) {
  std::unique_ptr<PendingCall> pending;
  int answered = 0;
  std::function<void(const OwnAnswer&)> again = [&](const OwnAnswer&) {
    if (++answered == 3) return pending.reset();
    pending = router.router.call("realm1", {"com.nobody", {}, 5s}, again, router.now);
  };
  again({});
  for (int i = 0; i < 5; ++i) router.router.settle(router.now);
  EXPECT_EQ(answered, 3);
  EXPECT_EQ(calls().under_way(), 0u);
}

TEST_F(OwnCallsTest, AnAnswerThatIsTooLongIsAnErrorInstead) {
  TestClient callee(router);
  callee.ask(R"([64,1,{},"com.who"])");
  const auto pending = call("com.who"), other = call("com.who");
  callee.hear();
  const std::string most(OwnCallSettings().answer_bytes_max - 4, 'x');
  callee.say(R"([70,1,{},[")" + most + R"("]])");
  callee.say(R"([70,2,{},["x)" + most + R"("]])");
  EXPECT_THAT(settle(), ElementsAre(R"( [")" + most + R"("])", "wamp.error.payload_size_exceeded"));
}

TEST_F(OwnCallsTest, NoMoreAreUnderWayThanMayBe) {
  TestClient callee(router);
  callee.ask(R"([64,1,{},"com.who"])");
  std::vector<std::unique_ptr<PendingCall>> pending;
  for (std::size_t i = 0; i < OwnCallSettings().calls_max; ++i) {
    pending.push_back(call("com.who"));
    ASSERT_NE(pending.back(), nullptr) << i;
  }
  EXPECT_EQ(call("com.who"), nullptr);
  EXPECT_EQ(calls().counters().refused, 1u);

  pending.clear();
  settle();
  EXPECT_NE(call("com.who"), nullptr);
}

TEST_F(OwnCallsTest, TheRouterIsNobodyInTheRealmButToACalleeThatAsks) {
  TestClient callee(router);
  callee.ask(R"([32,1,{"match":"prefix"},"wamp."])");
  callee.ask(R"([64,2,{"disclose_caller":true},"com.who"])");
  callee.hear();

  const auto pending = call("com.who");

  EXPECT_THAT(callee.hear(),
              ElementsAre(HasSubstr(R"("caller_authid":"router","caller_authrole":"internal")")));
  EXPECT_EQ(callee.ask(R"([48,3,{},"wamp.session.list"])"), "[50,3,{},[[" + callee.id + "]]]");
  EXPECT_EQ(router.router.counters().sessions, 1u);
}

}  // namespace
}  // namespace crosspoint::wamp
