// A token for an address, and connections that ask for a fresh one each time.
#include "client/io/access_exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/io/reconnecting_socket.h"
#include "client/io/test_access.h"
#include "client/io/test_relay.h"
#include "testing/world.h"

namespace crosspoint::client {
namespace {

using crosspoint::testing::Fate;
using ::testing::HasSubstr;
using ::testing::Not;
using websocket::MessageType;
using Mood = TestAccess::Mood;

constexpr std::string_view token = "eyJhbGciOi.eyJ0b3BpYyI.S3cretSignature";

struct Recorder final : ReconnectingSocketEvents {
  void on_connected() override { ++times_connected; }
  void on_message(MessageType, Bytes payload) override { messages.push_back(crosspoint::to_string(payload)); }
  void on_disconnected() override { ++times_disconnected; }
  void on_closed() override { ++times_closed; }
  int times_connected = 0, times_disconnected = 0, times_closed = 0;
  std::vector<std::string> messages;
};

// What a token file would be, under the test's hand.
struct ScriptedToken final : TokenSource {
  explicit ScriptedToken(Result<std::string, std::string>& says) : now(says) {}
  Result<std::string, std::string> token() const override { return now; }
  Result<std::string, std::string>& now;
};

class AccessTest : public ::testing::Test {
 protected:
  void make(const std::string& url) {
    began_ = world_.clock().monotonic();
    socket_ = std::make_unique<ReconnectingSocket>(
        world_.loop(), world_.network(), random_,
        make_address_source(world_.loop(), world_.network(), {}, *http::parse_url(url),
                            std::make_unique<ScriptedToken>(token_)),
        ReconnectingSocketSettings{}, events_);
    socket_->start();
    world_.run_until_idle();
  }
  void make() { make(access_.url("/session/t1")); }
  LinkStatus status() const { return socket_->status(); }

  // Each moment at least as late as expected, and at most a fifth later.
  void expect_schedule(const std::vector<MonotonicTime>& attempts) const {
    const std::vector<double> expected{0, 1, 3, 7, 15, 25, 35};
    ASSERT_GE(attempts.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto seconds = std::chrono::duration<double>(attempts[i] - began_).count();
      EXPECT_GE(seconds, expected[i]);
      EXPECT_LE(seconds, expected[i] * 1.2 + 0.01);
    }
  }

  crosspoint::testing::MemoryWorld world_;
  TestAccess access_{world_, "lab.test"};
  TestRelay relay_{world_, "relay.test"};
  SeededRandom random_{1};
  Recorder events_;
  MonotonicTime began_;
  Result<std::string, std::string> token_{std::string(token)};
  std::unique_ptr<ReconnectingSocket> socket_;
};

TEST_F(AccessTest, ShowsTheBareTokenAndOpensWhatComesBack) {
  make();
  ASSERT_EQ(status().state, LinkState::connected);
  ASSERT_EQ(access_.requests.size(), 1u);
  EXPECT_EQ(access_.requests[0].head.method, "POST");
  EXPECT_EQ(access_.requests[0].head.target, "/session/t1");
  EXPECT_EQ(access_.token_shown(), token);
  EXPECT_EQ(relay_.guest().request.head.target, "/session/t1?code=c0de-1");
  EXPECT_FALSE(relay_.guest().request.head.fields.find("Authorization"));
}

TEST_F(AccessTest, CarriesMessagesBothWays) {
  make();
  socket_->send(MessageType::text, as_bytes("there"));
  relay_.guest().socket.send(MessageType::binary, as_bytes("back"));
  world_.run_until_idle();
  EXPECT_EQ(relay_.guest().payloads(), std::vector<std::string>{"there"});
  EXPECT_EQ(events_.messages, std::vector<std::string>{"back"});
}

TEST_F(AccessTest, Check55_FailedExchangesAreRepeatedAfter_1_2_4_8_10_10_Seconds) {
  for (const auto mood:
       {Mood::wrong_topic, Mood::denied, Mood::broken, Mood::captive_portal, Mood::redirect}) {
    access_.mood = mood;
    access_.attempts.clear();
    make();
    world_.advance(45s);
    expect_schedule(access_.attempts);
    EXPECT_EQ(status().attempts, access_.attempts.size());
    EXPECT_EQ(status().connections, 0u);
  }
  EXPECT_EQ(relay_.attempts.size(), 0u);
}

TEST_F(AccessTest, Check55_AFreshAddressIsAskedForAfterEachFailedConnection) {
  relay_.mood = TestRelay::Mood::refuse;
  make();
  world_.advance(45s);
  expect_schedule(access_.attempts);
  ASSERT_EQ(relay_.heads.size(), access_.requests.size());
  for (std::size_t i = 0; i < relay_.heads.size(); ++i)
    EXPECT_EQ(relay_.heads[i].target, "/session/t1?code=c0de-" + std::to_string(i + 1));
}

TEST_F(AccessTest, Check55_AConnectionThatLivedWellIsReplacedWithinASecondByAFreshAddress) {
  make();
  world_.advance(11s);
  relay_.guest().socket.close(websocket::CloseCode::going_away, "moving");
  EXPECT_TRUE(world_.run_until([&] { return relay_.guests.size() == 2; }, 1s));
  EXPECT_EQ(relay_.guest().request.head.target, "/session/t1?code=c0de-2");
}

TEST_F(AccessTest, TheStatusSaysWhyInASentence) {
  const std::vector<std::pair<Mood, std::string>> rows{
      {Mood::wrong_topic, "access at lab.test answered 401: Token Wrong Topic"},
      {Mood::denied, "access at lab.test answered 400: bookingID has been deny-listed"},
      {Mood::broken, "access at lab.test answered 500: token *** invalid"},
      {Mood::captive_portal,
       "access at lab.test answered 200 without an address: it is no access service, or a login page stands "
       "before it"},
      {Mood::redirect, "access at lab.test answered 302 (a redirect, which a token does not follow)"},
  };
  for (const auto& [mood, sentence]: rows) {
    access_.mood = mood;
    make();
    EXPECT_EQ(status().last_error, sentence);
  }
}

TEST_F(AccessTest, H4_ARedirectGetsNoToken) {
  TestAccess elsewhere(world_, "elsewhere");
  access_.mood = Mood::redirect;
  make();
  world_.advance(1min);
  EXPECT_EQ(elsewhere.requests.size(), 0u);
}

TEST_F(AccessTest, H1_AServiceThatIsNotThereIsTriedUntilItIs) {
  for (const auto fate: {Fate::unknown_host, Fate::refused, Fate::unreachable, Fate::no_answer}) {
    world_.network().set_fate(access_.endpoint(), fate);
    make();
    world_.advance(2min);
    EXPECT_NE(status().last_error, "");
    world_.network().set_fate(access_.endpoint(), Fate::as_usual);
    EXPECT_TRUE(world_.run_until([&] { return status().state == LinkState::connected; }, 23s));
  }
}

TEST_F(AccessTest, AServiceThatNeverAnswersIsGivenUpAfterTenSeconds) {
  access_.mood = Mood::silent;
  make();
  world_.advance(AccessExchange::time_max - 1ms);
  EXPECT_EQ(status().state, LinkState::connecting);
  world_.advance(2ms);
  EXPECT_EQ(status().state, LinkState::waiting);
  EXPECT_EQ(status().last_error, "no address from access: lab.test did not answer in time");
}

TEST_F(AccessTest, AServiceThatBreaksOffIsOneMoreFailedAttempt) {
  access_.mood = Mood::silent;
  make();
  world_.network().newest_link()->cut();
  world_.run_until_idle();
  EXPECT_EQ(status().state, LinkState::waiting);
  EXPECT_EQ(status().last_error.find("no address from access: lab.test"), 0u) << status().last_error;
}

TEST_F(AccessTest, AnAddressThatIsNoWebSocketOneIsNotOpened) {
  for (const auto* address: {"http://relay.test/session/t1", "ws://me:pw@relay.test/x", "session/t1"}) {
    access_.address = address;
    make();
    EXPECT_THAT(status().last_error, HasSubstr("gave an address that cannot be used")) << address;
  }
  EXPECT_EQ(relay_.attempts.size(), 0u);
}

TEST_F(AccessTest, H5_TheTokenIsTakenAnewEachTime) {
  token_ = fail(std::string("the token file x cannot be read"));
  make();
  EXPECT_EQ(status().last_error, "the token file x cannot be read");
  EXPECT_EQ(access_.requests.size(), 0u);

  token_ = std::string("renewed");
  EXPECT_TRUE(world_.run_until([&] { return status().state == LinkState::connected; }, 2s));
  EXPECT_EQ(access_.token_shown(), "renewed");
}

TEST_F(AccessTest, C18_NeitherTokenNorCodeIsEverInAnErrorOrAPlace) {
  for (const auto mood: {Mood::welcome, Mood::broken, Mood::denied, Mood::captive_portal}) {
    for (const auto of_relay: {TestRelay::Mood::refuse, TestRelay::Mood::break_off}) {
      access_.mood = mood;
      relay_.mood = of_relay;
      make();
      world_.advance(20s);
      EXPECT_THAT(status().last_error, Not(HasSubstr("S3cret")));
      EXPECT_THAT(status().last_error, Not(HasSubstr("c0de")));
    }
  }
  EXPECT_EQ(printable(socket_->place()), "http://lab.test/session/t1");
}

TEST_F(AccessTest, ClosingOrDestroyingItWhileItAsksEndsIt) {
  access_.mood = Mood::silent;
  make();
  socket_->close(websocket::CloseCode::normal);
  world_.advance(1min);
  EXPECT_EQ(events_.times_closed, 1);
  make();
  socket_.reset();
  world_.advance(1min);
  EXPECT_EQ(access_.requests.size(), 2u);
}

// The older relay: the token is the first message.

TEST_F(AccessTest, TheOlderRelayIsToldTheTokenFirstAndMustSayThatItIsGood) {
  make(relay_.url("/in/t1"));
  EXPECT_EQ(relay_.guest().payloads(), std::vector<std::string>{std::string(token)});
  EXPECT_EQ(status().state, LinkState::connecting);
  EXPECT_EQ(events_.times_connected, 0);

  relay_.guest().socket.send(MessageType::text, as_bytes("what others say"));
  relay_.guest().socket.send(MessageType::text, as_bytes(R"({"authorised":true,"reason":"ok"})"));
  relay_.guest().socket.send(MessageType::text, as_bytes("data"));
  world_.run_until_idle();
  EXPECT_EQ(status().state, LinkState::connected);
  EXPECT_EQ(events_.times_connected, 1);
  EXPECT_EQ(events_.messages, std::vector<std::string>{"data"});
  world_.advance(1min);
  EXPECT_EQ(relay_.attempts.size(), 1u);
}

TEST_F(AccessTest, ARefusalOfTheOlderRelayCountsAsAFailedAttempt) {
  make(relay_.url("/in/t1"));
  for (std::size_t i = 1; i <= 7; ++i) {
    ASSERT_TRUE(world_.run_until([&] { return relay_.guests.size() == i; }, 12s));
    world_.run_until_idle();
    const auto reason = R"({"authorised":false,"reason":"bad )" + std::string(token) + "\"}";
    relay_.guest().socket.send(MessageType::text, as_bytes(reason));
    world_.run_until_idle();
  }
  expect_schedule(relay_.attempts);
  EXPECT_EQ(status().last_error, "the relay refused the token: bad ***");
  EXPECT_EQ(events_.times_connected, 0);
  EXPECT_EQ(events_.times_disconnected, 0);
}

TEST_F(AccessTest, AnOlderRelayThatNeverAnswersToTheTokenIsLeftAfterTenSeconds) {
  make(relay_.url("/in/t1"));
  world_.advance(10s - 1ms);
  EXPECT_FALSE(relay_.guest().closed);
  world_.advance(1s);
  ASSERT_TRUE(relay_.guest().closed);
  EXPECT_EQ(status().last_error, "the relay did not answer to the token: it checks none, or in another way");
  ASSERT_TRUE(world_.run_until([&] { return relay_.guests.size() == 2; }, 2s));
  // The time that it waited in vain is no good connection: the schedule goes on.
  world_.advance(11'900ms);
  EXPECT_EQ(relay_.guests.size(), 2u);
  EXPECT_TRUE(world_.run_until([&] { return relay_.guests.size() == 3; }, 1s));
}

TEST_F(AccessTest, AnOlderRelayThatHangsUpOnATokenIsAFailedAttempt) {
  make(relay_.url("/in/t1"));
  relay_.guest().socket.close(websocket::CloseCode::policy_violation, "go");
  world_.run_until_idle();
  EXPECT_EQ(status().last_error, "the relay closed with 1008: go, with the token unanswered");
  EXPECT_EQ(status().state, LinkState::waiting);
  EXPECT_EQ(events_.times_disconnected, 0);
}

TEST_F(AccessTest, ClosingOrDestroyingItWhileTheTokenIsUnansweredEndsIt) {
  make(relay_.url("/in/t1"));
  socket_->close(websocket::CloseCode::normal);
  world_.advance(1min);
  EXPECT_EQ(events_.times_closed, 1);
  EXPECT_EQ(events_.times_disconnected, 0);
  make(relay_.url("/in/t1"));
  socket_.reset();
  world_.advance(1min);
  EXPECT_EQ(relay_.attempts.size(), 2u);
}

}  // namespace
}  // namespace crosspoint::client
