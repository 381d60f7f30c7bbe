#include "wamp/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wamp/error_uri.h"
#include "wamp/test_lobby.h"
#include "wamp/test_wire.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct SessionTest : ::testing::Test {
  void say(std::string_view json) { session.on_message(as_bytes(json), now); }
  void join() {
    say(R"([1,"realm1",{"roles":{"caller":{}}}])");
    wire.take();
  }
  void pass(Duration time) {
    now.monotonic += time;
    session.on_time(now);
  }

  Moment now;
  SessionSettings settings;
  TestLobby lobby;
  TestWire wire;
  Session session{settings, lobby, wire, {}, now};
};

TEST_F(SessionTest, HelloIsAnsweredWithWelcomeWhoTheClientIsAndWhatTheRouterCan) {
  say(R"([1,"realm1",{"roles":{"caller":{}}}])");

  const auto sent = wire.take();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_THAT(sent[0], ::testing::StartsWith(R"([2,42,{"roles":{"broker":{"features":{)"));
  EXPECT_THAT(
      sent[0],
      HasSubstr(
          R"("realm":"realm1","authid":"joe","authrole":"user","authmethod":"ticket","authprovider":"static")"));
  EXPECT_THAT(sent[0], ::testing::EndsWith(R"("agent":"crosspoint"}])"));
  EXPECT_EQ(lobby.realm_asked, "realm1");
  EXPECT_EQ(session.state(), Session::State::established);
}

TEST_F(SessionTest, AnnouncesWhatTheRealmHasAndWhatRouterItIs) {
  lobby.features = {.event_history = false, .testaments = false};
  say(R"([1,"realm1",{"roles":{"caller":{}}}])");
  const auto welcome = wire.take().front();
  EXPECT_THAT(welcome, HasSubstr(R"("event_retention":true,)"));
  EXPECT_THAT(welcome, Not(HasSubstr("event_history")));
  EXPECT_THAT(welcome, Not(HasSubstr("testament_meta_api")));
  EXPECT_THAT(welcome, ::testing::EndsWith(R"("agent":"crosspoint"}])"));
}

TEST_F(SessionTest, LoggingOutIsToldToTheDoorAndLeavingIsNot) {
  Session browser(settings, lobby, wire, {.peer = {}, .protocol = {}, .cookie = "c00c1e", .tls = {}}, now);
  const auto join_and_say = [&](std::string_view goodbye) {
    browser.on_message(as_bytes(R"([1,"realm1",{"roles":{"caller":{}}}])"), now);
    browser.on_message(as_bytes(goodbye), now);
  };
  join_and_say(R"([6,{},"wamp.close.normal"])");
  EXPECT_THAT(lobby.logged_out, IsEmpty());

  join_and_say(R"([6,{},"wamp.close.logout"])");

  EXPECT_THAT(lobby.logged_out, ElementsAre("c00c1e"));
  EXPECT_THAT(wire.take().back(), HasSubstr("wamp.close.goodbye_and_out"));
}

// What the client is told and what is written down are two things.
TEST_F(SessionTest, ARefusedLoginIsWrittenDownWithWhatTheClientIsNotTold) {
  lobby.first = Challenged{"wampcra", {}};
  lobby.second = TurnedAway{"wamp.error.authentication_failed", "no", "no such principal", "wampcra"};
  say(R"([1,"realm1",{"roles":{"caller":{}},"authmethods":["cookie","wampcra"],"authid":"pe\nter"}])");
  say(R"([5,"the signature",{}])");

  EXPECT_THAT(wire.take().back(), Not(HasSubstr("principal")));
  EXPECT_THAT(lobby.refused, ElementsAre(R"(realm "realm1", "pe\nter" by "wampcra", from : )"
                                         "wamp.error.authentication_failed (no such principal)"));
}

TEST_F(SessionTest, OfARefusedLoginEachWordHasItsBeginningAlone) {
  lobby.has_realm = false;
  const std::string name(5000, 'x');
  say("[1,\"" + name + R"(",{"roles":{"caller":{}},"authid":")" + name + R"(","authmethods":[")" + name +
      "\",\"" + name + "\"]}]");
  ASSERT_EQ(lobby.refused.size(), 1u);
  EXPECT_LT(lobby.refused[0].size(), 1000u);
  EXPECT_THAT(lobby.refused[0], HasSubstr("wamp.error.no_such_realm"));
}

TEST_F(SessionTest, WhoTakesTooLongToProveItselfIsARefusedLogin) {
  lobby.first = Challenged{"ticket", {}};
  say(R"([1,"realm1",{"roles":{"caller":{}},"authmethods":["ticket"]}])");
  pass(settings.opening_time_max);
  EXPECT_THAT(lobby.refused, ElementsAre(HasSubstr("by \"ticket\"")));
}

TEST_F(SessionTest, ABrokenProtocolIsWrittenDownAndNoRefusedLogin) {
  say(R"([1,"realm1",{"roles":{"caller":{}}}])");
  say(R"([1,"realm1",{"roles":{"caller":{}}}])");
  EXPECT_THAT(lobby.violations, ElementsAre(": HELLO comes first, and once"));
  EXPECT_THAT(lobby.refused, IsEmpty());
}

TEST_F(SessionTest, AChallengeIsPutAndItsAnswerJudged) {
  lobby.first =
      Challenged{"wampcra", {{"challenge", "text"}, {"iterations", 1000}, {"channel_binding", nullptr}}};
  lobby.second = Admitted{"realm1", {"joe", "user", "wampcra", "static"}, {{"verifier", "v"}}};
  say(R"([1,"realm1",{"roles":{"caller":{}}}])");
  EXPECT_THAT(wire.take(),
              ElementsAre(R"([4,"wampcra",{"challenge":"text","iterations":1000,"channel_binding":null}])"));

  say(R"([5,"signature",{}])");

  EXPECT_EQ(lobby.answered, "signature");
  EXPECT_THAT(wire.take(), ElementsAre(HasSubstr(R"("authextra":{"verifier":"v"}})")));
}

TEST_F(SessionTest, WhileItIsChallengedNothingButItsAnswerMayCome) {
  lobby.first = Challenged{"ticket", {}};
  lobby.second = Undecided{};
  const std::string_view hello = R"([1,"realm1",{"roles":{"caller":{}}}])";
  for (const std::string_view message:
       {hello, std::string_view(R"([48,1,{},"p"])"), std::string_view("[6,{},\"x.y\"]"),
        std::string_view(R"([8,68,1,{},"x.y"])"), std::string_view("[")}) {
    SCOPED_TRACE(message);
    TestWire own_wire;
    Session own(settings, lobby, own_wire, {}, now);
    own.on_message(as_bytes(hello), now);
    own_wire.take();
    own.on_message(as_bytes(message), now);
    EXPECT_THAT(own_wire.take(), ElementsAre(HasSubstr("wamp.error.protocol_violation")));
    EXPECT_THAT(own_wire.closed, ElementsAre(Farewell::protocol_violation));
  }
  // And that once.
  say(hello);
  wire.take();
  say(R"([5,"secret",{}])");
  EXPECT_THAT(wire.take(), IsEmpty());
  say(R"([5,"secret",{}])");
  EXPECT_THAT(wire.take(), ElementsAre(HasSubstr("wamp.error.protocol_violation")));
  EXPECT_EQ(lobby.entered, 0);
}

TEST_F(SessionTest, WhoIsTurnedAwayIsToldWhyAndTheTransportEnds) {
  lobby.first = TurnedAway{"wamp.error.no_such_realm", "no realm \"x\""};
  say(R"([1,"x",{"roles":{"caller":{}}}])");
  EXPECT_THAT(wire.take(), ElementsAre(R"([3,{"message":"no realm \"x\""},"wamp.error.no_such_realm"])"));
  EXPECT_THAT(wire.closed, ElementsAre(Farewell::refused));
  EXPECT_EQ(lobby.entered, 0);
}

TEST_F(SessionTest, AVerdictMayComeLater) {
  lobby.first = Undecided{};
  say(R"([1,"realm1",{"roles":{"caller":{}}}])");
  EXPECT_THAT(wire.take(), IsEmpty());
  lobby.decided(Admitted{"realm1", {"joe", "user", "dynamic", "p"}, {}});
  EXPECT_THAT(wire.take(), ElementsAre(HasSubstr(R"("authmethod":"dynamic")")));
}

TEST_F(SessionTest, ARealmThatWentMeanwhileIsNoSuchRealm) {
  lobby.has_realm = false;
  say(R"([1,"realm1",{"roles":{"caller":{}}}])");
  EXPECT_THAT(wire.take(), ElementsAre(HasSubstr("wamp.error.no_such_realm")));
}

TEST_F(SessionTest, RequestsGoToTheRealm) {
  join();
  say(R"([48,1,{},"p"])");
  say(R"([16,2,{},"t"])");
  EXPECT_THAT(lobby.taken, ElementsAre(Code::call, Code::publish));
  EXPECT_THAT(wire.take(), IsEmpty());
}

TEST_F(SessionTest, F1_WhatMayNotComeBeforeWelcomeIsAViolation) {
  for (const auto* message: {R"([48,1,{},"p"])", R"([16,1,{},"t"])", R"([6,{},"wamp.close.normal"])",
                             R"([5,"s",{}])", R"([8,68,1,{},"e"])", "[", "[2,1,{}]", "{}"}) {
    SCOPED_TRACE(message);
    TestWire own_wire;
    Session own(settings, lobby, own_wire, {}, now);
    own.on_message(as_bytes(std::string_view(message)), now);
    EXPECT_THAT(own_wire.take(), ElementsAre(HasSubstr("wamp.error.protocol_violation")));
    EXPECT_THAT(own_wire.closed, ElementsAre(Farewell::protocol_violation));
  }
  EXPECT_EQ(lobby.entered, 0);
}

TEST_F(SessionTest, WhatMayNotComeAfterWelcomeIsAViolationAndTheSeatIsLeft) {
  int sessions = 0;
  for (const auto* message: {R"([1,"realm1",{"roles":{"caller":{}}}])", R"([5,"s",{}])", "[36,1,1,{}]", "[]",
                             "[48]", R"([48,1,{},"p",{}])", "[999]"}) {
    SCOPED_TRACE(message);
    TestWire own_wire;
    Session own(settings, lobby, own_wire, {}, now);
    own.on_message(as_bytes(std::string_view(R"([1,"realm1",{"roles":{"caller":{}}}])")), now);
    own_wire.take();
    own.on_message(as_bytes(std::string_view(message)), now);
    EXPECT_THAT(own_wire.take(), ElementsAre(HasSubstr("wamp.error.protocol_violation")));
    EXPECT_EQ(lobby.left, ++sessions);
    own.on_message(as_bytes(std::string_view(R"([48,1,{},"p"])")), now);
    EXPECT_THAT(own_wire.take(), IsEmpty()) << "it is over";
  }
}

TEST_F(SessionTest, AViolationThatTheRealmFindsIsOneToo) {
  join();
  lobby.objection = "no such invocation";
  say("[70,5,{}]");
  EXPECT_THAT(wire.take(),
              ElementsAre(R"([3,{"message":"no such invocation"},"wamp.error.protocol_violation"])"));
  EXPECT_EQ(lobby.left, 1);
}

TEST_F(SessionTest, GoodbyeIsAnsweredOnceAndTheTransportMayBeUsedAgain) {
  join();
  say(R"([6,{},"wamp.close.normal"])");
  EXPECT_THAT(wire.take(), ElementsAre(R"([6,{},"wamp.close.goodbye_and_out"])"));
  EXPECT_EQ(lobby.left, 1);
  EXPECT_THAT(wire.closed, IsEmpty());

  say(R"([1,"realm1",{"roles":{"caller":{}}}])");
  EXPECT_THAT(wire.take(), ElementsAre(HasSubstr("[2,42,")));
  EXPECT_EQ(lobby.entered, 2);
}

TEST_F(SessionTest, ATransportThatIsNotUsedAgainIsClosed) {
  join();
  say(R"([6,{},"wamp.close.normal"])");
  pass(settings.hello_time_max);
  EXPECT_THAT(wire.closed, ElementsAre(Farewell::silent));
}

TEST_F(SessionTest, AClientThatNeverSaysHelloIsClosed) {
  pass(settings.hello_time_max - 1ms);
  EXPECT_THAT(wire.closed, IsEmpty());
  pass(1ms);
  EXPECT_THAT(wire.closed, ElementsAre(Farewell::silent));
}

TEST_F(SessionTest, AClientThatDoesNotAnswerTheChallengeIsTurnedAway) {
  lobby.first = Challenged{"ticket", {}};
  say(R"([1,"realm1",{"roles":{"caller":{}}}])");
  wire.take();
  pass(settings.opening_time_max);
  EXPECT_THAT(wire.take(), ElementsAre(HasSubstr("wamp.error.authentication_failed")));
  EXPECT_THAT(wire.closed, ElementsAre(Farewell::refused));
}

TEST_F(SessionTest, AnEstablishedSessionHasNoDeadline) {
  join();
  EXPECT_FALSE(session.deadline());
  pass(24h);
  EXPECT_THAT(wire.closed, IsEmpty());
}

TEST_F(SessionTest, ARealmMayEndItAndAfterThatOnlyGoodbyeCounts) {
  join();
  lobby.control->end(error_uri::close_killed, "enough", now);
  EXPECT_THAT(wire.take(), ElementsAre(R"([6,{"message":"enough"},"wamp.close.killed"])"));
  EXPECT_EQ(lobby.left, 1);
  EXPECT_THAT(wire.closed, IsEmpty());

  say(R"([48,1,{},"p"])");
  say("[");
  EXPECT_THAT(lobby.taken, IsEmpty());
  lobby.peer->send(Published{RequestId{1}, PublicationId{1}});
  EXPECT_THAT(wire.take(), IsEmpty()) << "no more deliveries";

  say(R"([6,{},"wamp.close.goodbye_and_out"])");
  EXPECT_THAT(wire.closed, ElementsAre(Farewell::done));
  EXPECT_THAT(wire.take(), IsEmpty());
}

TEST_F(SessionTest, WhoDoesNotAnswerGoodbyeIsClosedAllTheSame) {
  join();
  session.shut_down(now);
  EXPECT_THAT(wire.take(), ElementsAre(HasSubstr("wamp.close.system_shutdown")));
  pass(settings.closing_time_max);
  EXPECT_THAT(wire.closed, ElementsAre(Farewell::shutdown));
}

TEST_F(SessionTest, WhoAnswersTheLastGoodbyeOfARouterThatEndsIsToldByItsTransportToo) {
  join();
  session.shut_down(now);
  say(R"([6,{},"wamp.close.goodbye_and_out"])");
  EXPECT_THAT(wire.closed, ElementsAre(Farewell::shutdown));
}

TEST_F(SessionTest, AnAbortIsNeverAnswered) {
  join();
  say(R"([3,{},"wamp.error.whatever"])");
  EXPECT_THAT(wire.take(), IsEmpty());
  EXPECT_THAT(wire.closed, ElementsAre(Farewell::done));
  EXPECT_EQ(lobby.left, 1);
}

TEST_F(SessionTest, ALostTransportLeavesTheRealm) {
  join();
  session.on_lost(now);
  EXPECT_EQ(lobby.left, 1);
  EXPECT_THAT(wire.closed, IsEmpty());
}

TEST_F(SessionTest, AMessageLongerThanTheClientTakesIsNotSent) {
  join();
  wire.limit = 30;
  const Payload large{data::Format::json, as_bytes(R"(["0123456789012345678901234567890"])"), {}};
  EXPECT_EQ(lobby.peer->send(CallResult{RequestId{1}, false, {}, large}), Sent::too_large);
  EXPECT_EQ(lobby.peer->send(CallResult{RequestId{1}, false, {}, {}}), Sent::sent);
  EXPECT_THAT(wire.take(), ElementsAre("[50,1,{}]"));
}

TEST_F(SessionTest, AnEventIsSpeltOnceForAllWiresOfAKind) {
  join();
  TestWire other_wire, cbor_wire(data::Format::cbor);
  Session other(settings, lobby, other_wire, {}, now), third(settings, lobby, cbor_wire, {}, now);
  const std::string_view hello = R"([1,"realm1",{"roles":{"subscriber":{}}}])";
  other.on_message(as_bytes(hello), now);
  third.on_message(*data::transcode(data::Format::json, as_bytes(hello), data::Format::cbor), now);
  other_wire.take(), cbor_wire.take();
  const Event said{SubscriptionId{1},
                   PublicationId{2},
                   "",
                   {},
                   false,
                   false,
                   {},
                   {data::Format::json, as_bytes("[7]"), {}}};
  SharedEvent event(said);

  EXPECT_EQ(session.send_event(event), Sent::sent);
  EXPECT_EQ(other.send_event(event), Sent::sent);
  EXPECT_EQ(third.send_event(event), Sent::sent);

  EXPECT_THAT(wire.take(), ElementsAre("[36,1,2,{},[7]]"));
  EXPECT_THAT(other_wire.take(), ElementsAre("[36,1,2,{},[7]]"));
  EXPECT_THAT(cbor_wire.take(), ElementsAre("[36,1,2,{},[7]]"));
  EXPECT_EQ(wire.frames_made + other_wire.frames_made, 1);
  EXPECT_EQ(cbor_wire.frames_made, 1);
}

}  // namespace
}  // namespace crosspoint::wamp
