#include "client/io/reconnecting_socket.h"

#include <gtest/gtest.h>

#include "client/io/test_relay.h"
#include "testing/world.h"

namespace crosspoint::client {
namespace {

using testing::Fate;
using testing::Link;
using websocket::MessageType;

struct Recorder final : ReconnectingSocketEvents {
  void on_connected() override { ++times_connected; }
  void on_message(MessageType, Bytes payload) override { messages.push_back(crosspoint::to_string(payload)); }
  void on_disconnected() override { ++times_disconnected; }
  void on_closed() override { ++times_closed; }

  int times_connected = 0, times_disconnected = 0, times_closed = 0;
  std::vector<std::string> messages;
};

class ReconnectingSocketTest : public ::testing::Test {
 protected:
  void make(std::string_view path = "/in/video") {
    settings_.url = *http::parse_url(relay_.url(path));
    socket_ =
        std::make_unique<ReconnectingSocket>(world_.loop(), world_.network(), random_, settings_, events_);
    began_ = world_.clock().monotonic();
    socket_->start();
    world_.run_until_idle();
  }
  LinkState state() const { return socket_->status().state; }
  // When the attempts that reached the relay were made, in milliseconds from the first.
  std::vector<double> attempt_seconds() const {
    std::vector<double> seconds;
    for (const auto at: relay_.attempts)
      seconds.push_back(std::chrono::duration<double>(at - began_).count());
    return seconds;
  }

  testing::MemoryWorld world_;
  TestRelay relay_{world_, "relay.test"};
  SeededRandom random_{1};
  ReconnectingSocketSettings settings_;
  Recorder events_;
  MonotonicTime began_;
  std::unique_ptr<ReconnectingSocket> socket_;
};

TEST_F(ReconnectingSocketTest, ConnectsAtOnceAndCarriesMessagesBothWays) {
  make("/in/video?x=1");
  ASSERT_EQ(state(), LinkState::connected);
  EXPECT_EQ(relay_.guest().request.head.target, "/in/video?x=1");

  socket_->send(MessageType::text, as_bytes("there"));
  relay_.guest().socket.send(MessageType::text, as_bytes("back"));
  world_.run_until_idle();

  EXPECT_EQ(relay_.guest().payloads(), std::vector<std::string>{"there"});
  EXPECT_EQ(events_.messages, std::vector<std::string>{"back"});
  const auto status = socket_->status();
  EXPECT_EQ(status.attempts, 1u);
  EXPECT_EQ(status.connections, 1u);
  EXPECT_EQ(status.messages_sent, 1u);
  EXPECT_EQ(status.bytes_sent, 5u);
  EXPECT_EQ(status.messages_received, 1u);
  EXPECT_EQ(status.last_error, "");
}

TEST_F(ReconnectingSocketTest, TheHandshakeOffersNoOriginNoSubprotocolNoExtension) {
  make();
  const auto& fields = relay_.heads.front().fields;
  EXPECT_FALSE(fields.find("Origin"));
  EXPECT_FALSE(fields.find("Sec-WebSocket-Protocol"));
  EXPECT_FALSE(fields.find("Sec-WebSocket-Extensions"));
  EXPECT_EQ(fields.find("Host"), "relay.test");
}

TEST_F(ReconnectingSocketTest, F47_ARelayThatRefusesIsDialledAt_0_1_3_7_15_25_35_Seconds) {
  relay_.mood = TestRelay::Mood::refuse;
  make();
  world_.advance(45s);

  const auto seconds = attempt_seconds();
  const std::vector<double> expected{0, 1, 3, 7, 15, 25, 35};
  ASSERT_GE(seconds.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_GE(seconds[i], expected[i]);
    EXPECT_LE(seconds[i], expected[i] * 1.2 + 0.01);
  }
  EXPECT_NE(socket_->status().last_error.find("503"), std::string::npos) << socket_->status().last_error;
}

TEST_F(ReconnectingSocketTest, F48_ARelayThatClosesAtOnceIsDialledAtMostTwiceASecond) {
  for (const auto mood: {TestRelay::Mood::close_at_once, TestRelay::Mood::break_off}) {
    relay_.mood = mood;
    relay_.attempts.clear();
    make();
    world_.advance(60s);
    EXPECT_GE(relay_.attempts.size(), 5u);
    for (std::size_t i = 1; i < relay_.attempts.size(); ++i)
      EXPECT_GE(relay_.attempts[i] - relay_.attempts[i - 1], 1s);
  }
}

TEST_F(ReconnectingSocketTest, TheCloseReasonOfTheRelayIsTheLastError) {
  relay_.mood = TestRelay::Mood::close_at_once;
  make();
  EXPECT_EQ(socket_->status().last_error, "the relay closed with 1013: not now");
}

TEST_F(ReconnectingSocketTest, AConnectionThatLivedWellIsReplacedWithinASecond) {
  make();
  world_.advance(11s);
  relay_.guest().socket.close(websocket::CloseCode::going_away, "moving");
  EXPECT_TRUE(world_.run_until([&] { return relay_.guests.size() == 2; }, 1s));
  world_.run_until_idle();
  EXPECT_EQ(events_.times_connected, 2);
  EXPECT_EQ(events_.times_disconnected, 1);
}

TEST_F(ReconnectingSocketTest, H1_ACaptivePortalIsAFailedAttemptLikeAnyOther) {
  relay_.mood = TestRelay::Mood::captive_portal;
  make();
  world_.advance(10s);
  EXPECT_GE(relay_.attempts.size(), 3u);
  EXPECT_LE(relay_.attempts.size(), 4u);
  EXPECT_NE(socket_->status().last_error.find("200"), std::string::npos) << socket_->status().last_error;

  relay_.mood = TestRelay::Mood::welcome;
  EXPECT_TRUE(world_.run_until([&] { return state() == LinkState::connected; }, 15s));
}

TEST_F(ReconnectingSocketTest, H1_ANameThatComesAndGoesIsTriedUntilItIsThere) {
  for (const auto fate: {Fate::unknown_host, Fate::refused, Fate::unreachable}) {
    world_.network().set_fate(relay_.endpoint(), fate);
    make();
    world_.advance(5min);
    EXPECT_EQ(relay_.guests.size(), 0u);
    EXPECT_GE(socket_->status().attempts, 5min / 12s);
    EXPECT_LE(socket_->status().attempts, 5min / 10s + 6);
    EXPECT_NE(socket_->status().last_error, "");

    world_.network().set_fate(relay_.endpoint(), Fate::as_usual);
    EXPECT_TRUE(world_.run_until([&] { return state() == LinkState::connected; }, 13s));
    relay_.guests.clear();
    world_.run_until_idle();
  }
}

TEST_F(ReconnectingSocketTest, H1_AnAddressThatNeverAnswersIsGivenUpAfterTheLimitAndTriedAgain) {
  world_.network().set_fate(relay_.endpoint(), Fate::no_answer);
  make();
  world_.advance(settings_.connect_time_max - 1ms);
  EXPECT_EQ(state(), LinkState::connecting);
  world_.advance(2ms);
  EXPECT_EQ(state(), LinkState::waiting);
  world_.advance(2s);
  EXPECT_EQ(socket_->status().attempts, 2u);
}

TEST_F(ReconnectingSocketTest, H4_ARedirectIsNotFollowed) {
  TestRelay elsewhere(world_, "elsewhere");
  relay_.mood = TestRelay::Mood::redirect;
  make();
  world_.advance(1min);
  EXPECT_EQ(elsewhere.attempts.size(), 0u);
  EXPECT_NE(socket_->status().last_error.find("302"), std::string::npos);
}

TEST_F(ReconnectingSocketTest, H4_AGiantMessageEndsTheConnectionNotTheProcess) {
  settings_.limits.message_bytes_max = 1000;
  make();
  relay_.guest().socket.send(MessageType::binary, ByteVector(1001));
  world_.run_until_idle();
  ASSERT_TRUE(relay_.guest().closed);
  EXPECT_EQ(relay_.guest().closed->code, websocket::CloseCode::message_too_big);
  EXPECT_EQ(events_.messages.size(), 0u);
  EXPECT_TRUE(world_.run_until([&] { return relay_.guests.size() == 2; }, 5s));
}

TEST_F(ReconnectingSocketTest, PingsKeepAQuietConnectionForHours) {
  make();
  world_.advance(2h);
  EXPECT_EQ(relay_.attempts.size(), 1u);
  EXPECT_EQ(state(), LinkState::connected);
}

TEST_F(ReconnectingSocketTest, H3_ALinkThatWentSilentIsNoticedWithinAMinuteAndReplaced) {
  make();
  world_.advance(20s);
  world_.network().newest_link()->go_silent();
  EXPECT_TRUE(world_.run_until([&] { return relay_.guests.size() == 2; }, 65s));
}

TEST_F(ReconnectingSocketTest, ErrorsNeverShowTheQuery) {
  relay_.mood = TestRelay::Mood::refuse;
  make("/in/video?code=S3cret");
  EXPECT_EQ(socket_->status().last_error.find("S3cret"), std::string::npos);
  EXPECT_EQ(printable(socket_->place()).find("S3cret"), std::string::npos);
}

TEST_F(ReconnectingSocketTest, ClosingSaysGoodbyeAndThenNothingFollows) {
  make();
  socket_->close(websocket::CloseCode::normal);
  socket_->close(websocket::CloseCode::normal);
  world_.run_until_idle();
  world_.advance(1min);

  ASSERT_TRUE(relay_.guest().closed);
  EXPECT_EQ(relay_.guest().closed->code, websocket::CloseCode::normal);
  EXPECT_EQ(relay_.guest().closed->text, "");
  EXPECT_EQ(events_.times_closed, 1);
  EXPECT_EQ(events_.times_disconnected, 0);
  EXPECT_EQ(relay_.attempts.size(), 1u);
}

TEST_F(ReconnectingSocketTest, ClosingWhileWaitingOrConnectingEndsItToo) {
  relay_.mood = TestRelay::Mood::refuse;
  make();
  socket_->close(websocket::CloseCode::normal);
  world_.advance(1min);
  EXPECT_EQ(events_.times_closed, 1);
  EXPECT_EQ(relay_.attempts.size(), 1u);

  world_.network().set_fate(relay_.endpoint(), Fate::no_answer);
  make();
  socket_->close(websocket::CloseCode::normal);
  world_.advance(1min);
  EXPECT_EQ(events_.times_closed, 2);
}

TEST_F(ReconnectingSocketTest, DestroyingItInAnyStateIsSafe) {
  make();
  socket_.reset();
  world_.advance(1min);
  relay_.mood = TestRelay::Mood::refuse;
  make();
  socket_.reset();
  world_.advance(1min);
  EXPECT_EQ(events_.times_connected, 1);
}

TEST_F(ReconnectingSocketTest, CountersGoOnOverReconnections) {
  make();
  socket_->send(MessageType::binary, as_bytes("one"));
  world_.advance(11s);
  relay_.guest().socket.close(websocket::CloseCode::normal);
  ASSERT_TRUE(world_.run_until([&] { return relay_.guests.size() == 2; }, 2s));
  world_.run_until_idle();
  socket_->send(MessageType::binary, as_bytes("two"));
  world_.run_until_idle();
  EXPECT_EQ(socket_->status().messages_sent, 2u);
  EXPECT_EQ(socket_->status().bytes_sent, 6u);
  EXPECT_EQ(socket_->status().connections, 2u);
  EXPECT_EQ(relay_.guest().payloads(), std::vector<std::string>{"two"});
}

}  // namespace
}  // namespace crosspoint::client
