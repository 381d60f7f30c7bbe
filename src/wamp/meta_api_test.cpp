#include "wamp/meta_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/log.h"
#include "wamp/test_client.h"
#include "wamp/test_gate.h"

namespace crosspoint::wamp {
namespace {

using data::Format;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// Every call has the same number: an answer goes to the one that was just made.
struct MetaApiTest : ::testing::Test {
  std::string call(std::string_view procedure, std::string_view args = "[]", std::string_view kwargs = "{}") {
    return me.ask("[48,7,{},\"" + std::string(procedure) + "\"," + std::string(args) + "," +
                  std::string(kwargs) + "]");
  }
  static std::string result(std::string_view value) { return "[50,7,{},[" + std::string(value) + "]]"; }
  static std::string error(std::string_view uri) { return "[8,48,7,{},\"" + std::string(uri) + "\""; }

  TestRouter router;
  TestClient me{router, Format::json, "me"};
};

TEST_F(MetaApiTest, SessionsAreCountedListedAndDescribed) {
  TestClient joe(router, Format::cbor, "joe");
  EXPECT_EQ(call("wamp.session.count"), result("2"));
  EXPECT_EQ(call("wamp.session.count", R"([["anonymous"]])"), result("2"));
  EXPECT_EQ(call("wamp.session.count", R"([["admin"]])"), result("0"));
  EXPECT_THAT(call("wamp.session.list"), HasSubstr(joe.id));
  EXPECT_THAT(
      call("wamp.session.get", "[" + joe.id + "]"),
      HasSubstr(
          R"("authid":"joe","authrole":"anonymous","authmethod":"anonymous","authprovider":"static","transport":{"type":"test","peer":"peer"})"));
}

TEST_F(MetaApiTest, SessionsAreListedByRole) {
  EXPECT_EQ(call("wamp.session.list", R"([["anonymous","admin"]])"), result("[" + me.id + "]"));
  EXPECT_EQ(call("wamp.session.list", R"([["admin"]])"), result("[]"));
  EXPECT_EQ(call("wamp.session.list", "[[]]"), result("[]"));
  EXPECT_EQ(call("wamp.session.list", "[null]"), result("[" + me.id + "]"));
}

TEST_F(MetaApiTest, AnAnswerIsInTheCallersFormat) {
  TestClient cbor(router, Format::cbor);
  EXPECT_EQ(cbor.ask(R"([48,1,{},"wamp.session.count"])"), "[50,1,{},[2]]");
}

TEST_F(MetaApiTest, BadArgumentsAreSaidToBe) {
  for (const auto* args: {"[]", R"(["x"])", "[0]", "[-1]", "[1.5]", "[null]", "[{}]"}) {
    EXPECT_THAT(call("wamp.session.get", args), StartsWith(error("wamp.error.invalid_argument"))) << args;
  }
  EXPECT_THAT(call("wamp.session.get", "[77]"), StartsWith(error("wamp.error.no_such_session")));
  EXPECT_THAT(call("wamp.session.count", "[5]"), StartsWith(error("wamp.error.invalid_argument")));
  EXPECT_THAT(call("wamp.registration.lookup", R"(["p",{"match":"some"}])"),
              StartsWith(error("wamp.error.invalid_argument")));
  EXPECT_THAT(call("wamp.no.such.thing"), StartsWith(error("wamp.error.no_such_procedure")));
}

TEST_F(MetaApiTest, EachProcedureSaysWhatItDoesNotFind) {
  const std::pair<std::string_view, std::vector<const char*>> rows[] = {
      {"session", {"session.get", "session.kill"}},
      {"registration",
       {"registration.get", "registration.list_callees", "registration.count_callees",
        "registration.remove_callee"}},
      {"subscription",
       {"subscription.get", "subscription.list_subscribers", "subscription.count_subscribers",
        "subscription.remove_subscriber", "subscription.get_events"}}};
  for (const auto& [what, procedures]: rows) {
    for (const std::string name: procedures) {
      const auto procedure = "wamp." + name;
      const auto* args = name.find("remove_") == name.npos ? "[999999]" : "[999999,1]";
      EXPECT_THAT(call(procedure, args), StartsWith(error("wamp.error.no_such_" + std::string(what))))
          << name;
      for (const auto* bad: {"[]", R"(["1"])", "[0]"}) {
        EXPECT_THAT(call(procedure, bad), StartsWith(error("wamp.error.invalid_argument"))) << name << bad;
      }
    }
  }
  for (const auto* procedure:
       {"wamp.registration.lookup", "wamp.registration.match", "wamp.subscription.lookup",
        "wamp.subscription.match", "wamp.session.kill_by_authid", "wamp.session.kill_by_authrole",
        "wamp.session.add_testament"}) {
    for (const auto* bad: {"[]", "[1]"}) {
      EXPECT_THAT(call(procedure, bad), StartsWith(error("wamp.error.invalid_argument"))) << procedure << bad;
    }
  }
}

TEST_F(MetaApiTest, WhoIsThereButNotAmongThemIsNotRemoved) {
  const auto registration = third(me.ask(R"([64,1,{},"com.a"])"));
  const auto subscription = third(me.ask(R"([32,2,{},"com.a"])"));
  TestClient other(router);
  EXPECT_THAT(call("wamp.registration.remove_callee", "[" + registration + "," + other.id + "]"),
              StartsWith(error("wamp.error.invalid_argument")));
  EXPECT_THAT(call("wamp.subscription.remove_subscriber", "[" + subscription + "," + other.id + "]"),
              StartsWith(error("wamp.error.invalid_argument")));
}

// A client that is told a reason by no URI may take that for a violation of the router's.
TEST_F(MetaApiTest, AReasonThatIsNoUriIsRefusedByEveryProcedureThatTakesOne) {
  TestClient joe(router, Format::json, "joe");
  const auto registration = third(joe.ask(R"([64,1,{},"com.a"])"));
  const auto subscription = third(joe.ask(R"([32,2,{},"com.a"])"));
  const std::pair<const char*, std::string> rows[] = {
      {"wamp.session.kill", "[" + joe.id + "]"},
      {"wamp.session.kill_by_authid", R"(["joe"])"},
      {"wamp.session.kill_by_authrole", R"(["anonymous"])"},
      {"wamp.session.kill_all", "[]"},
      {"wamp.registration.remove_callee", "[" + registration + "," + joe.id + "]"},
      {"wamp.subscription.remove_subscriber", "[" + subscription + "," + joe.id + "]"}};
  for (const auto& [procedure, args]: rows) {
    EXPECT_THAT(call(procedure, args, R"({"reason":"not a uri"})"),
                StartsWith(error("wamp.error.invalid_uri")))
        << procedure;
    EXPECT_THAT(call(procedure, args, R"({"reason":5})"), StartsWith(error("wamp.error.invalid_argument")))
        << procedure;
  }
  EXPECT_THAT(joe.hear(), IsEmpty());
  EXPECT_EQ(call("wamp.session.count"), result("2"));
}

TEST_F(MetaApiTest, AnAnswerThatIsLongerThanTheClientTakesIsAnError) {
  me.wire.limit = 150;
  EXPECT_EQ(call("wamp.session.count"), result("1"));
  EXPECT_THAT(call("wamp.session.get", "[" + me.id + "]"),
              StartsWith(error("wamp.error.payload_size_exceeded")));
}

// --- Calls of the router are calls like others.

TEST_F(MetaApiTest, ANumberInUseIsNotGoodForARoutersProcedure) {
  TestClient callee(router);
  callee.ask(R"([64,1,{},"com.slow"])");
  me.say(R"([48,7,{},"com.slow"])");
  EXPECT_THAT(call("wamp.session.count"), HasSubstr("wamp.error.protocol_violation"));
  EXPECT_EQ(me.session.state(), Session::State::over);
}

TEST_F(MetaApiTest, MoreArgumentsAreForWhoAnnouncedThem) {
  EXPECT_THAT(me.ask(R"([48,7,{"progress":true},"wamp.session.count"])"),
              HasSubstr("wamp.error.protocol_violation"));
}

// A caller that announced all that it can, with request ids that are counted.
// Decision 0021: what changes something for others says so, as relay.* does.
// What was logged meanwhile, at the quietest level. Tells the log to go elsewhere again.
class Logged {
 public:
  Logged() {
    EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
    log::configure({.level = log::Level::error, .file = folder_ + "/log"});
  }
  std::string text() {
    log::configure({});
    std::stringstream text;
    text << std::ifstream(folder_ + "/log").rdbuf();
    std::filesystem::remove_all(folder_);
    return text.str();
  }

 private:
  std::string folder_ = ::testing::TempDir() + "logged_XXXXXX";
};

TEST_F(MetaApiTest, EachKillLeavesALineThatSaysWhoWhatAndFromWhere) {
  Logged log;
  TestClient joe(router, Format::json, "joe"), ann(router, Format::json, "ann");
  call("wamp.session.kill", "[" + joe.id + ",\"wamp.close.normal\",\"maintenance\"]");
  call("wamp.session.kill", "[77]");  // nobody
  call("wamp.session.kill_by_authid", R"(["ann"])");
  call("wamp.session.kill_by_authrole", R"(["nobody"])");
  call("wamp.session.kill_all");
  const auto logged = log.text();
  const auto by = ", by \"me\" (role \"anonymous\", session " + me.id + "), from peer (";
  EXPECT_THAT(logged, HasSubstr("in realm realm1: session " + joe.id + " of \"joe\" is ended" + by +
                                "wamp.close.normal: \"maintenance\")"));
  EXPECT_THAT(logged, HasSubstr("1 session of \"ann\" is ended" + by));
  EXPECT_THAT(logged, HasSubstr("0 sessions of role \"nobody\" are ended" + by));
  EXPECT_THAT(logged, HasSubstr("all other sessions are ended, 0 of them" + by));
  EXPECT_EQ(logged.find("session 77"), std::string::npos);
}

TEST_F(MetaApiTest, WhatIsTakenFromOthersLeavesALineToo) {
  Logged log;
  TestClient joe(router, Format::json, "joe");
  const auto registration = third(joe.ask(R"([64,1,{},"com.a"])"));
  const auto subscription = third(joe.ask(R"([32,2,{},"com.b"])"));
  joe.ask(R"([64,3,{},"com.c"])");
  call("wamp.registration.remove_callee", "[" + registration + "," + joe.id + ",\"com.why\"]");
  call("wamp.registration.remove_callee", "[" + registration + "," + joe.id + "]");  // no longer
  call("wamp.subscription.remove_subscriber", "[" + subscription + "," + joe.id + "]");
  me.ask(R"([64,8,{"force_reregister":true},"com.c"])");
  me.ask(R"([64,9,{"force_reregister":true},"com.c"])");  // from nobody but itself
  const auto logged = log.text();
  const auto by = ", by \"me\" (role \"anonymous\", session " + me.id + "), from peer";
  EXPECT_THAT(logged, HasSubstr(" audit   wamp: in realm realm1: session " + joe.id +
                                " is no callee of com.a any more" + by + " (com.why)\n"));
  EXPECT_THAT(logged, HasSubstr("session " + joe.id + " is not subscribed to com.b any more" + by + "\n"));
  EXPECT_THAT(logged, HasSubstr("com.c is taken over from 1 callee" + by + "\n"));
  EXPECT_EQ(std::count(logged.begin(), logged.end(), '\n'), 3) << logged;
}

TEST_F(MetaApiTest, TestamentsLeaveLinesButNotWithoutEnd) {
  Logged log;
  call("wamp.session.add_testament", R"(["com.will",[],{}])", R"({"scope":"detached"})");
  call("wamp.session.add_testament", R"(["no uri",[],{}])");  // refused
  call("wamp.session.flush_testaments", "[]", R"({"scope":"detached"})");
  for (int i = 0; i < 30; ++i) call("wamp.session.flush_testaments");
  router.pass(10s);
  call("wamp.session.flush_testaments");
  const auto logged = log.text();
  const auto by = ", by \"me\" (role \"anonymous\", session " + me.id + "), from peer";
  EXPECT_THAT(logged, HasSubstr("a testament for com.will (detached) is added" + by + "\n"));
  EXPECT_THAT(logged, HasSubstr("1 testament (detached) is taken back" + by + "\n"));
  EXPECT_THAT(logged, HasSubstr("0 testaments (destroyed) are taken back" + by + " (12 more not shown)\n"));
  EXPECT_EQ(std::count(logged.begin(), logged.end(), '\n'), 21) << logged;
}

struct MetaApiOfAnAbleCaller : MetaApiTest {
  MetaApiOfAnAbleCaller() {
    router.limits.strict_request_ids = true;
    me.ask(R"([6,{},"wamp.close.normal"])");
    me.ask(
        R"([1,"realm1",{"roles":{"caller":{"features":{"progressive_call_invocations":true,"payload_passthru_mode":true}}}}])");
  }
};

TEST_F(MetaApiOfAnAbleCaller, WithMoreArgumentsToComeACallIsRefusedOnce) {
  const auto* more = R"([48,1,{"progress":true},"wamp.session.count"])";
  EXPECT_THAT(me.ask(more), StartsWith(R"([8,48,1,{},"wamp.error.feature_not_supported")"));
  EXPECT_EQ(me.ask(more), "");
  EXPECT_EQ(me.ask(R"([48,1,{},"wamp.session.count"])"), "");
  EXPECT_EQ(me.ask(R"([48,2,{},"wamp.session.count"])"), "[50,2,{},[1]]");
}

TEST_F(MetaApiOfAnAbleCaller, ANumberThatHasBeenBeginsNoCall) {
  EXPECT_EQ(me.ask(R"([48,1,{},"wamp.session.count"])"), "[50,1,{},[1]]");
  EXPECT_EQ(me.ask(R"([48,1,{},"wamp.session.count"])"), "");
}

TEST_F(MetaApiOfAnAbleCaller, APayloadThatIsPassedThroughIsNotForTheRouter) {
  EXPECT_THAT(me.ask(R"([48,1,{"ppt_scheme":"x_a"},"wamp.session.count",["\u0000AQI="]])"),
              StartsWith(R"([8,48,1,{},"wamp.error.invalid_argument")"));
}

TEST(MetaApiAtAGate, F9_TheRoutersProceduresNeedPermissionAsAnyOther) {
  LateGate gate;
  gate.at_once = [](const Request& request) {
    return Judgement{.allowed =
                         request.action != Action::call || !request.uri.starts_with("wamp.session.kill")};
  };
  TestRouter router{&gate};
  TestClient client(router), victim(router);
  EXPECT_THAT(client.ask("[48,1,{},\"wamp.session.kill\",[" + victim.id + "]]"),
              StartsWith(R"([8,48,1,{},"wamp.error.not_authorized")"));
  EXPECT_THAT(client.ask(R"([48,2,{},"wamp.session.kill_all"])"),
              StartsWith(R"([8,48,2,{},"wamp.error.not_authorized")"));
  EXPECT_EQ(client.ask(R"([48,3,{},"wamp.session.count"])"), "[50,3,{},[2]]");
}

TEST(MetaApiAtAGate, WhoMayNotSubscribeReadsNoHistoryEither) {
  LateGate gate;
  gate.at_once = [](const Request& request) {
    return Judgement{.allowed = request.action != Action::subscribe};
  };
  TestRouter router{&gate};
  router.limits.topics = {{.uri = "com.log"}};
  TestClient client(router);
  const auto found = client.ask(R"([48,1,{},"wamp.subscription.lookup",["com.log"]])");
  ASSERT_THAT(found, StartsWith("[50,1,{},["));
  const auto id = found.substr(10, found.size() - 12);
  EXPECT_THAT(client.ask("[48,2,{},\"wamp.subscription.get_events\",[" + id + "]]"),
              StartsWith(R"([8,48,2,{},"wamp.error.not_authorized")"));
  gate.at_once = [](const Request&) { return Judgement{.allowed = true}; };
  EXPECT_EQ(client.ask("[48,3,{},\"wamp.subscription.get_events\",[" + id + "]]"), "[50,3,{},[[]]]");
}

TEST_F(MetaApiTest, AKilledSessionIsToldAndGone) {
  TestClient joe(router, Format::json, "joe");
  EXPECT_EQ(call("wamp.session.kill", "[" + joe.id + "]", R"({"reason":"com.reason","message":"enough"})"),
            result("null"));
  EXPECT_THAT(joe.hear(), ElementsAre(R"([6,{"message":"enough"},"com.reason"])"));
  EXPECT_EQ(call("wamp.session.count"), result("1"));
  EXPECT_THAT(call("wamp.session.kill", "[" + joe.id + "]"), StartsWith(error("wamp.error.no_such_session")));
}

TEST_F(MetaApiTest, WithoutAReasonItSaysKilledAndABadReasonIsRefused) {
  TestClient joe(router);
  EXPECT_THAT(call("wamp.session.kill", "[" + joe.id + "]", R"({"reason":"not a uri"})"),
              StartsWith(error("wamp.error.invalid_uri")));
  EXPECT_THAT(joe.hear(), IsEmpty());
  call("wamp.session.kill", "[" + joe.id + "]");
  EXPECT_THAT(joe.hear(), ElementsAre(R"([6,{},"wamp.close.killed"])"));
}

TEST_F(MetaApiTest, NobodyKillsItself) {
  EXPECT_THAT(call("wamp.session.kill", "[" + me.id + "]"), StartsWith(error("wamp.error.no_such_session")));
  EXPECT_EQ(call("wamp.session.kill_all"), result("0"));
  EXPECT_EQ(call("wamp.session.kill_by_authid", R"(["me"])"), result("[]"));
}

TEST_F(MetaApiTest, ManyAreKilledByAuthidByRoleAndAll) {
  TestClient joe(router, Format::json, "joe"), jim(router, Format::json, "jim");
  EXPECT_EQ(call("wamp.session.kill_by_authid", R"(["joe"])"), result("[" + joe.id + "]"));
  EXPECT_EQ(call("wamp.session.kill_by_authrole", R"(["anonymous"])"), result("1"));
  EXPECT_THAT(jim.hear(), ElementsAre(HasSubstr("wamp.close.killed")));
  TestClient a(router), b(router), c(router);
  EXPECT_EQ(call("wamp.session.kill_all"), result("3"));
  EXPECT_EQ(call("wamp.session.count"), result("1"));
}

TEST_F(MetaApiTest, RegistrationsAreListedFoundAndDescribed) {
  TestClient callee(router);
  const auto exact = third(callee.ask(R"([64,1,{"invoke":"roundrobin"},"com.a"])"));
  const auto prefix = third(callee.ask(R"([64,2,{"match":"prefix"},"com."])"));
  EXPECT_EQ(call("wamp.registration.list"),
            result(R"({"exact":[)" + exact + R"(],"prefix":[)" + prefix + R"(],"wildcard":[]})"));
  EXPECT_EQ(call("wamp.registration.lookup", R"(["com.a"])"), result(exact));
  EXPECT_EQ(call("wamp.registration.lookup", R"(["com.",{"match":"prefix"}])"), result(prefix));
  EXPECT_EQ(call("wamp.registration.lookup", R"(["com.b"])"), result("null"));
  EXPECT_EQ(call("wamp.registration.match", R"(["com.b"])"), result(prefix));
  EXPECT_EQ(call("wamp.registration.match", R"(["org.b"])"), result("null"));
  EXPECT_EQ(
      call("wamp.registration.get", "[" + exact + "]"),
      result(
          R"({"id":)" + exact +
          R"(,"created":"2026-01-02T00:00:00.000Z","uri":"com.a","match":"exact","invoke":"roundrobin"})"));
  EXPECT_EQ(call("wamp.registration.list_callees", "[" + exact + "]"), result("[" + callee.id + "]"));
  EXPECT_EQ(call("wamp.registration.count_callees", "[" + exact + "]"), result("1"));
  EXPECT_THAT(call("wamp.registration.get", "[999999]"),
              StartsWith(error("wamp.error.no_such_registration")));
}

TEST_F(MetaApiTest, ACalleeIsRemovedAndToldIfItCanBe) {
  TestClient callee(router);
  const auto id = third(callee.ask(R"([64,1,{},"com.a"])"));
  EXPECT_EQ(call("wamp.registration.remove_callee", "[" + id + "," + callee.id + R"(,"com.why"])"),
            result("null"));
  EXPECT_THAT(callee.hear(), ElementsAre(R"([67,0,{"registration":)" + id + R"(,"reason":"com.why"}])"));
  EXPECT_THAT(call("wamp.registration.remove_callee", "[" + id + "," + callee.id + "]"),
              StartsWith(error("wamp.error.no_such_registration")));
}

TEST_F(MetaApiTest, SubscriptionsAreListedFoundAndDescribed) {
  TestClient subscriber(router);
  const auto exact = third(subscriber.ask(R"([32,1,{},"com.a"])"));
  const auto wildcard = third(subscriber.ask(R"([32,2,{"match":"wildcard"},"com."])"));
  EXPECT_EQ(call("wamp.subscription.list"),
            result(R"({"exact":[)" + exact + R"(],"prefix":[],"wildcard":[)" + wildcard + "]}"));
  EXPECT_EQ(call("wamp.subscription.lookup", R"(["com.a"])"), result(exact));
  EXPECT_EQ(call("wamp.subscription.match", R"(["org"])"), result("null"));
  EXPECT_THAT(call("wamp.subscription.match", R"(["com.a"])"), HasSubstr(exact));
  EXPECT_EQ(call("wamp.subscription.get", "[" + exact + "]"),
            result(R"({"id":)" + exact +
                   R"(,"created":"2026-01-02T00:00:00.000Z","uri":"com.a","match":"exact"})"));
  EXPECT_EQ(call("wamp.subscription.list_subscribers", "[" + exact + "]"), result("[" + subscriber.id + "]"));
  EXPECT_EQ(call("wamp.subscription.count_subscribers", "[" + exact + "]"), result("1"));
  EXPECT_THAT(call("wamp.subscription.get", "[999999]"),
              StartsWith(error("wamp.error.no_such_subscription")));
}

TEST_F(MetaApiTest, ASubscriberIsRemovedAndToldIfItCanBe) {
  TestClient subscriber(router);
  const auto id = third(subscriber.ask(R"([32,1,{},"com.a"])"));
  EXPECT_EQ(call("wamp.subscription.remove_subscriber", "[" + id + "," + subscriber.id + "]"),
            result("null"));
  EXPECT_THAT(subscriber.hear(), ElementsAre(R"([35,0,{"subscription":)" + id + "}]"));
}

TEST_F(MetaApiTest, ATestamentIsPublishedWhenItsSessionIsGone) {
  const auto subscription = third(me.ask(R"([32,1,{},"com.last.words"])"));
  {
    TestClient joe(router, Format::cbor, "joe");
    EXPECT_EQ(
        joe.ask(
            R"([48,1,{},"wamp.session.add_testament",["com.last.words",["bye"],{"k":1}],{"publish_options":{"disclose_me":true}}])"),
        "[50,1,{},[null]]");
    EXPECT_EQ(joe.ask(R"([48,2,{},"wamp.session.add_testament",["com.never",[],{}],{"scope":"detached"}])"),
              "[50,2,{},[null]]");
    EXPECT_EQ(joe.ask(R"([48,3,{},"wamp.session.flush_testaments",[],{"scope":"detached"}])"),
              "[50,3,{},[1]]");
    EXPECT_THAT(me.hear(), IsEmpty());
  }
  EXPECT_THAT(me.hear(),
              ElementsAre(::testing::MatchesRegex(
                  "\\[36," + subscription +
                  R"(,[0-9]+,\{"publisher":[0-9]+,"publisher_authid":"joe",.*\},\["bye"\],\{"k":1\}\])")));
}

TEST_F(MetaApiTest, ATestamentIsRefusedAsItsPublishWouldBe) {
  EXPECT_THAT(call("wamp.session.add_testament", R"(["a..b",[],{}])"),
              StartsWith(error("wamp.error.invalid_uri")));
  EXPECT_THAT(call("wamp.session.add_testament", R"(["wamp.x",[],{}])"),
              StartsWith(error("wamp.error.invalid_uri")));
  EXPECT_THAT(call("wamp.session.add_testament", R"(["a.b",[],{}])", R"({"scope":"never"})"),
              StartsWith(error("wamp.error.invalid_argument")));
  EXPECT_THAT(call("wamp.session.add_testament", R"(["a.b",5,{}])"), HasSubstr("Args must be a list"));
  EXPECT_THAT(
      call("wamp.session.add_testament", R"(["a.b",[],{}])", R"({"publish_options":{"exclude_me":1}})"),
      HasSubstr("Options.exclude_me must be true or false"));
}

TEST_F(MetaApiTest, ATestamentForWhatItsSessionMayNotPublishIsRefusedAtOnce) {
  LateGate gate;
  gate.at_once = [](const Request& request) {
    if (request.uri == "not.known") return std::optional(Judgement{.kind = Judgement::Kind::failed});
    return std::optional(Judgement{.allowed = request.action != Action::publish || request.uri == "a.b"});
  };
  TestRouter strict(&gate);
  TestClient client(strict);
  const auto add = [&](std::string_view topic) {
    return client.ask(R"([48,7,{},"wamp.session.add_testament",[")" + std::string(topic) + R"(",[],{}]])");
  };
  EXPECT_EQ(add("a.b"), result("null"));
  EXPECT_THAT(add("a.c"), StartsWith(error("wamp.error.not_authorized")));
  EXPECT_EQ(add("not.known"), result("null")) << "whoever has to be asked is asked when the session is gone";
}

TEST_F(MetaApiTest, EventsThatAreKeptCanBeAskedFor) {
  auto& kept =
      router.router.find("realm1")->broker().keep_history("com.kept", Match::exact, {}, router.now.wall);
  const auto id = std::to_string(number(kept.id()));
  for (const auto* args: {"[1]", "[2]", "[3]"}) {
    me.ask(std::string(R"([16,1,{"acknowledge":true},"com.kept",)") + args + "]");
    router.pass(1s);
  }
  EXPECT_THAT(
      call("wamp.subscription.get_events", "[" + id + "]"),
      ::testing::MatchesRegex(
          R"(.*"timestamp":"2026-01-02T00:00:00.000Z","subscription":)" + id +
          R"(,"publication":[0-9]+,"details":\{"topic":"com.kept"\},"args":\[1\]\}.*\[2\]\}.*\[3\]\}.*)"));
  EXPECT_THAT(call("wamp.subscription.get_events", "[" + id + "]", R"({"limit":1,"reverse":true})"),
              HasSubstr(R"("args":[3]})"));
  EXPECT_THAT(call("wamp.subscription.get_events", "[" + id + ",1]"), HasSubstr(R"("args":[3]})"));
  EXPECT_EQ(call("wamp.subscription.get_events", "[" + id + "]", R"({"after_time":"2026-01-02T00:00:02Z"})"),
            result("[]"));
  EXPECT_THAT(call("wamp.subscription.get_events", "[" + id + "]", R"({"from_time":"yesterday"})"),
              StartsWith(error("wamp.error.invalid_argument")));
  EXPECT_THAT(call("wamp.subscription.get_events", "[" + id + "]", R"({"limit":0})"),
              StartsWith(error("wamp.error.invalid_argument")));
}

// Both dialects: one binary in a list, and Autobahn's binary in place of the list.
TEST_F(MetaApiTest, AKeptPayloadThatWasPassedThroughComesBackWithItsKeys) {
  auto& kept =
      router.router.find("realm1")->broker().keep_history("com.kept", Match::exact, {}, router.now.wall);
  const auto get = "[48,7,{},\"wamp.subscription.get_events\",[" + std::to_string(number(kept.id())) + "]]";
  me.say(
      R"([16,1,{"ppt_scheme":"wamp","ppt_serializer":"cbor","ppt_cipher":"aes256gcm","ppt_keyid":"k"},"com.kept",["\u0000AQI="]])");
  me.say(R"([16,2,{"enc_algo":"cryptobox","enc_serializer":"json","enc_key":"k"},"com.kept","\u0000AwQ="])");
  constexpr std::string_view able =
      R"([1,"realm1",{"roles":{"caller":{"features":{"payload_passthru_mode":true}}}}])";
  const std::string ppt =
      R"("details":{"topic":"com.kept","ppt_scheme":"wamp","ppt_serializer":"cbor","ppt_cipher":"aes256gcm","ppt_keyid":"k"},"args":["\u0000AQI="]})";
  const std::string enc =
      R"("details":{"topic":"com.kept","enc_algo":"cryptobox","enc_serializer":"json","enc_key":"k"},"args":"\u0000AwQ="})";

  for (const auto format: {Format::json, Format::cbor, Format::msgpack}) {
    TestClient reader(router, format);
    const auto unable = reader.ask(get);
    EXPECT_THAT(unable, HasSubstr(enc));
    EXPECT_THAT(unable, Not(HasSubstr("ppt_scheme")));
    reader.ask(R"([6,{},"wamp.close.normal"])");
    reader.ask(able);
    const auto answer = reader.ask(get);
    EXPECT_THAT(answer, HasSubstr(ppt));
    EXPECT_THAT(answer, HasSubstr(enc));
  }
}

// To a reader of another format they are bytes, and not the text by which JSON spells them.
TEST_F(MetaApiTest, BinariesInTheHistoryOfAJsonClientAreBinaries) {
  auto& kept =
      router.router.find("realm1")->broker().keep_history("com.kept", Match::exact, {}, router.now.wall);
  me.say(R"([16,1,{},"com.kept",["\u0000AQI="]])");
  TestClient reader(router, Format::msgpack);
  std::string raw;
  reader.wire.heard = [&](Bytes message) { raw = crosspoint::to_string(message); };
  reader.say("[48,7,{},\"wamp.subscription.get_events\",[" + std::to_string(number(kept.id())) + "]]");
  EXPECT_THAT(raw, HasSubstr(std::string("\x91\xc4\x02\x01\x02")));
}

TEST_F(MetaApiTest, EventsThatAreNotKeptCannot) {
  const auto id = third(me.ask(R"([32,1,{},"com.a"])"));
  EXPECT_THAT(call("wamp.subscription.get_events", "[" + id + "]"),
              StartsWith(error("wamp.error.history_unavailable")));
  EXPECT_THAT(call("wamp.subscription.get_events", "[999]"),
              StartsWith(error("wamp.error.no_such_subscription")));
}

}  // namespace
}  // namespace crosspoint::wamp
