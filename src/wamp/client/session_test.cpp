#include "wamp/client/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wamp/client/test_line.h"

namespace crosspoint::wamp::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Cause = Ending::Cause;
using State = Session::State;

struct Notes final : SessionEvents {
  void on_joined(const Joined& joined) override { joins.push_back(joined); }
  void on_said(const Outgoing& message) override { said.push_back(message.index()); }
  void on_challenge(std::string_view method, Bytes) override { challenges.emplace_back(method); }
  void on_ended(const Ending& ending) override { endings.push_back(ending); }
  std::vector<Joined> joins;
  std::vector<std::size_t> said;
  std::vector<std::string> challenges;
  std::vector<Ending> endings;
};

struct ClientSessionTest : ::testing::Test {
  Session& open() {
    session.emplace(settings, line, notes, now);
    hello = line.take().front();
    return *session;
  }
  Session& join() {
    open().on_message(as_bytes(welcome));
    return *session;
  }
  void hear(std::string_view message) { session->on_message(as_bytes(message)); }
  Cause cause() const { return notes.endings.empty() ? Cause::lost : notes.endings.back().cause; }

  static constexpr std::string_view welcome =
      R"([2,7,{"roles":{},"realm":"lab","authid":"joe","authrole":"user","authmethod":"ticket",)"
      R"("authprovider":"static","authextra":{"x":1},"agent":"r"}])";
  SessionSettings settings;
  TestLine line;
  Notes notes;
  MonotonicTime now{1h};
  std::optional<Session> session;
  std::string hello;
};

TEST_F(ClientSessionTest, SaysHelloWithWhatItCanDo) {
  settings.login.authid = "joe";
  settings.login.ticket = crypto::SecretText("t");
  open();
  EXPECT_EQ(
      hello,
      R"([1,"realm1",{"roles":{"publisher":{"features":{}},"subscriber":{"features":{"subscription_revocation":true}},)"
      R"("caller":{"features":{"progressive_call_results":true,"progressive_call_invocations":true,"call_canceling":true,"call_timeout":true}},)"
      R"("callee":{"features":{"progressive_call_results":true,"progressive_call_invocations":true,"call_canceling":true,"call_timeout":true,)"
      R"("registration_revocation":true}}},"authmethods":["ticket"],"authid":"joe","agent":"crosspoint"}])");
}

TEST_F(ClientSessionTest, ReroutingIsAnnouncedWhereTheProgramAgreesToIt) {
  settings.reroute = true;
  open();
  EXPECT_THAT(hello, HasSubstr(R"("call_timeout":true,"call_reroute":true}},"callee")"));
  EXPECT_THAT(hello,
              HasSubstr(R"("call_timeout":true,"call_reroute":true,"registration_revocation":true}})"));
}

TEST_F(ClientSessionTest, WelcomeSaysWhoItIs) {
  join();
  ASSERT_EQ(notes.joins.size(), 1u);
  EXPECT_EQ(number(notes.joins[0].session), 7u);
  EXPECT_EQ(notes.joins[0].realm, "lab");
  EXPECT_EQ(notes.joins[0].authid, "joe");
  EXPECT_EQ(notes.joins[0].authrole, "user");
  EXPECT_EQ(notes.joins[0].authmethod, "ticket");
  EXPECT_EQ(notes.joins[0].authprovider, "static");
  EXPECT_NE(notes.joins[0].authextra.find("x"), nullptr);
  EXPECT_EQ(session->state(), State::joined);
  EXPECT_FALSE(session->deadline());
}

TEST_F(ClientSessionTest, AWelcomeWithoutDetailsIsOneToo) {
  open();
  hear("[2,7,{}]");
  ASSERT_EQ(notes.joins.size(), 1u);
  EXPECT_EQ(notes.joins[0].realm, "realm1");
}

TEST_F(ClientSessionTest, AnswersAChallengeOnce) {
  settings.login.ticket = crypto::SecretText("secret");
  open();
  hear(R"([4,"ticket",{}])");
  EXPECT_THAT(line.take(), ElementsAre(R"([5,"secret",{}])"));
  hear(R"([4,"ticket",{}])");
  EXPECT_THAT(line.take(), ElementsAre(R"([3,{},"wamp.error.protocol_violation"])"));
  EXPECT_EQ(cause(), Cause::violation);
}

TEST_F(ClientSessionTest, AMethodThatWasNotOfferedIsNotAnswered) {
  settings.login.secret = crypto::SecretText("secret");
  open();
  hear(R"([4,"ticket",{}])");
  EXPECT_THAT(line.take(), ElementsAre(R"([3,{},"wamp.error.authentication_failed"])"));
  EXPECT_EQ(cause(), Cause::refused);
  EXPECT_TRUE(line.closed);
}

TEST_F(ClientSessionTest, AMethodOfTheProgramsOwnIsAnsweredByIt) {
  settings.login.others = {"x-badge"};
  open();
  EXPECT_THAT(hello, HasSubstr(R"("authmethods":["x-badge"])"));
  session->authenticate("too early", {});
  hear(R"([4,"x-badge",{}])");
  EXPECT_THAT(notes.challenges, ElementsAre("x-badge"));
  EXPECT_THAT(line.take(), IsEmpty());
  session->authenticate("seven", as_bytes(R"({"x":1})"));
  session->authenticate("twice", {});
  session->decline("too late");
  EXPECT_THAT(line.take(), ElementsAre(R"([5,"seven",{"x":1}])"));
  hear(std::string(welcome));
  EXPECT_EQ(session->state(), State::joined);
}

TEST_F(ClientSessionTest, AMethodOfTheProgramsOwnMayBeDeclined) {
  settings.login.others = {"x-badge"};
  open();
  hear(R"([4,"x-badge",{}])");
  session->decline("no badge");
  EXPECT_THAT(line.take(), ElementsAre(R"([3,{},"wamp.error.authentication_failed"])"));
  EXPECT_EQ(cause(), Cause::refused);
  EXPECT_EQ(notes.endings[0].sentence, "no badge");
}

TEST_F(ClientSessionTest, WithoutTheChannelThatItIsToBeBoundToNothingIsSaid) {
  settings.login.key = *crypto::PrivateKey::from_ed25519_seed(ByteVector(32, std::byte{7}));
  settings.login.channel_binding = "tls-exporter";
  session.emplace(settings, line, notes, now);
  EXPECT_THAT(line.take(), IsEmpty());
  ASSERT_EQ(session->deadline(), now);
  session->on_time(now);
  EXPECT_EQ(cause(), Cause::refused);
  EXPECT_THAT(notes.endings[0].sentence, HasSubstr("tls-exporter"));
  EXPECT_TRUE(line.closed);
}

TEST_F(ClientSessionTest, ARouterThatDoesNotProveItselfIsNotJoined) {
  settings.login.authid = "joe";
  settings.login.password = crypto::SecretText("pencil");
  open();
  EXPECT_THAT(hello, HasSubstr(R"("authmethods":["wamp-scram","scram"])"));
  hear(std::string(welcome));
  EXPECT_THAT(line.take(), ElementsAre(R"([3,{},"wamp.error.authentication_failed"])"));
  EXPECT_EQ(cause(), Cause::refused);
  EXPECT_THAT(notes.joins, IsEmpty());
}

TEST_F(ClientSessionTest, AbortToHelloIsARefusalThatPeopleCanRead) {
  open();
  hear(R"([3,{"message":"no such\u001b realm"},"wamp.error.no_such_realm"])");
  ASSERT_EQ(notes.endings.size(), 1u);
  EXPECT_EQ(cause(), Cause::refused);
  EXPECT_EQ(notes.endings[0].reason, "wamp.error.no_such_realm");
  EXPECT_EQ(notes.endings[0].sentence,
            "the router refused the session: no such  realm (wamp.error.no_such_realm)");
  EXPECT_TRUE(line.closed);
}

TEST_F(ClientSessionTest, GoodbyeIsAnsweredAndEndsIt) {
  join();
  hear(R"([6,{},"wamp.close.killed"])");
  EXPECT_THAT(line.take(), ElementsAre(R"([6,{},"wamp.close.goodbye_and_out"])"));
  EXPECT_EQ(cause(), Cause::goodbye);
  EXPECT_TRUE(line.closed);
  hear("[35,1]");
  EXPECT_THAT(notes.said, IsEmpty());
}

TEST_F(ClientSessionTest, LeavingWaitsForTheRoutersGoodbye) {
  join().leave(now);
  EXPECT_THAT(line.take(), ElementsAre(R"([6,{},"wamp.close.close_realm"])"));
  hear("[36,1,2,{}]");  // on its way when we left
  EXPECT_EQ(session->state(), State::leaving);
  EXPECT_EQ(session->tell(Unsubscribe{}), Told::not_joined);
  hear(R"([6,{},"wamp.close.goodbye_and_out"])");
  EXPECT_EQ(cause(), Cause::left);
  EXPECT_TRUE(line.closed);
  EXPECT_THAT(notes.said, IsEmpty());
}

TEST_F(ClientSessionTest, LeavingDoesNotWaitForEver) {
  join().leave(now);
  ASSERT_EQ(session->deadline(), now + settings.closing_time_max);
  session->on_time(now + settings.closing_time_max - 1ns);
  EXPECT_EQ(session->state(), State::leaving);
  session->on_time(now + settings.closing_time_max);
  EXPECT_EQ(cause(), Cause::left);
}

TEST_F(ClientSessionTest, LeavingBeforeWelcomeIsAnAbort) {
  open().leave(now);
  EXPECT_THAT(line.take(), ElementsAre(R"([3,{},"wamp.close.close_realm"])"));
  EXPECT_EQ(cause(), Cause::left);
}

TEST_F(ClientSessionTest, ARouterThatDoesNotAnswerToHelloIsLeft) {
  open();
  session->on_time(now + settings.opening_time_max - 1ns);
  EXPECT_EQ(session->state(), State::opening);
  session->on_time(now + settings.opening_time_max);
  EXPECT_EQ(cause(), Cause::silent);
  EXPECT_TRUE(line.closed);
}

TEST_F(ClientSessionTest, ALostLineIsAnEndOfItsOwn) {
  join().on_lost("the connection broke");
  EXPECT_EQ(cause(), Cause::lost);
  EXPECT_EQ(notes.endings[0].sentence, "the connection broke");
  session->on_lost("again");
  EXPECT_EQ(notes.endings.size(), 1u);
}

TEST_F(ClientSessionTest, WhatNoRouterMaySayIsAViolation) {
  const struct {
    bool joined;
    const char* message;
  } rows[] = {
      {false, "[50,1,{}]"},         {false, R"([6,{},"wamp.close.killed"])"},
      {false, "garbage"},           {false, "[2,0,{}]"},
      {true, "[2,7,{}]"},           {true, R"([4,"ticket",{}])"},
      {true, R"([48,1,{},"p"])"},   {true, "[50,1,{},7]"},
      {true, R"([1,"realm1",{}])"},
  };
  for (const auto& [joined, message]: rows) {
    notes.endings.clear();
    line.closed = false;
    joined ? join() : open();
    line.take();
    hear(message);
    EXPECT_THAT(line.take(), ElementsAre(R"([3,{},"wamp.error.protocol_violation"])")) << message;
    EXPECT_EQ(cause(), Cause::violation) << message;
    EXPECT_TRUE(line.closed);
  }
}

TEST_F(ClientSessionTest, WhatIsTooLongOrWithoutRoomIsNotSent) {
  join();
  const Payload payload{data::Format::json, as_bytes("[1]"), {}};
  const Yield yield{RequestId{1}, false, {}, payload};
  line.limit = 11;
  EXPECT_EQ(session->tell(yield), Told::too_large) << "[70,1,{},[1]] has 13 bytes";
  line.limit = 13;
  EXPECT_EQ(session->tell(yield), Told::yes);
  line.has_room = false;
  EXPECT_EQ(session->tell(yield), Told::no_room);
  EXPECT_EQ(session->tell(yield, Session::Queue::whatever_waits), Told::yes);
  EXPECT_EQ(line.take().size(), 2u);
}

TEST_F(ClientSessionTest, RequestsAreCountedFromOne) {
  join();
  EXPECT_EQ(number(session->next_request()), 1u);
  EXPECT_EQ(number(session->next_request()), 2u);
}

}  // namespace
}  // namespace crosspoint::wamp::client
