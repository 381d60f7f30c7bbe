// How a socket ends: RFC 6455 section 7, from either side, and with peers that do not play along.
#include <gtest/gtest.h>

#include "websocket/close.h"
#include "websocket/io/test_socket.h"

namespace crosspoint::websocket {
namespace {

using One = Heard::One;
using Said = std::vector<One>;

TEST_F(SocketTest, AnswersACloseWithItsCodeAndClosesTcpFirst) {
  open();

  say(masked_frame(Opcode::close, "\x03\xe9going"));

  EXPECT_EQ(said(), (Said{close_frame(1001)}));
  EXPECT_TRUE(client->ended());
  EXPECT_FALSE(recorder.closed);  // until the peer has closed too
  client->finish();
  world.run_until_idle();
  ASSERT_TRUE(recorder.closed);
  EXPECT_EQ(recorder.closed->peer.code, CloseCode::going_away);
  EXPECT_EQ(recorder.closed->peer.text, "going");
  EXPECT_EQ(recorder.closed->own->code, CloseCode::going_away);
  EXPECT_FALSE(client->failure());
}

TEST_F(SocketTest, AnswersACloseWithoutCodeWithoutCode) {
  open();

  say(masked_frame(Opcode::close, ""));
  client->finish();
  world.run_until_idle();

  EXPECT_EQ(said(), (Said{{Opcode::close, ""}}));
  EXPECT_EQ(recorder.closed->peer.code, CloseCode::no_status);
  EXPECT_EQ(recorder.closed->own->code, CloseCode::no_status);
}

TEST_F(SocketTest, AnswersACloseWithoutCodeWith1000WhereItIsToldTo) {
  limits.bare_close_is_normal = true;
  open();

  say(masked_frame(Opcode::close, ""));

  EXPECT_EQ(said(), (Said{{Opcode::close, "\x03\xe8"}}));
}

TEST_F(SocketTest, ClosesAfterWhatWasSentBefore) {
  open();

  socket->send(MessageType::text, as_bytes("last words"));
  socket->close(CloseCode::going_away, "shutting down");
  socket->close(CloseCode::normal, "a second call changes nothing");
  socket->send(MessageType::text, as_bytes("too late"));
  EXPECT_FALSE(socket->open());
  world.run_until_idle();

  EXPECT_EQ(said(), (Said{{Opcode::text, "last words"}, close_frame(1001, "shutting down")}));
  EXPECT_FALSE(client->ended());  // TCP stays until the peer has answered
  say(masked_frame(Opcode::close, "\x03\xe9"));
  EXPECT_TRUE(client->ended());
  client->finish();
  world.run_until_idle();
  EXPECT_EQ(recorder.closed->peer.code, CloseCode::going_away);
  EXPECT_EQ(recorder.closed->own->text, "shutting down");
}

TEST_F(SocketTest, WhatATopicPushesAfterCloseDoesNotHoldTheCloseUp) {
  open();
  link().set({.capacity_bytes = 500});
  client->stop_reading();
  socket->send(MessageType::binary, as_bytes(std::string(1000, 'a')));
  world.run_until_idle();
  socket->close(CloseCode::try_again_later);
  socket->outbox().push_private(FrameHeader(Opcode::binary, 2000), as_bytes(std::string(2000, 'b')),
                                world.loop().now());

  client->resume_reading();
  world.run_until_idle();

  EXPECT_EQ(said(), (Said{{Opcode::binary, std::string(1000, 'a')}, close_frame(1013)}));
}

TEST_F(SocketTest, ACloseSurvivesThatTheOutboxIsEmptied) {
  open();
  link().set({.capacity_bytes = 500});
  client->stop_reading();
  socket->send(MessageType::binary, as_bytes(std::string(1000, 'a')));
  socket->send(MessageType::binary, as_bytes(std::string(1000, 'b')));
  world.run_until_idle();
  socket->close(CloseCode::try_again_later);
  socket->outbox().drop_unwritten();
  socket->outbox().push_private(FrameHeader(Opcode::binary, 2000), as_bytes(std::string(2000, 'c')),
                                world.loop().now());

  client->resume_reading();
  world.run_until_idle();

  const Said all = said();
  ASSERT_GE(all.size(), 2u);
  EXPECT_EQ(all.front(), (One{Opcode::binary, std::string(1000, 'a')}));
  EXPECT_EQ(all.back(), close_frame(1013));
  EXPECT_FALSE(heard().frame_error);
}

TEST_F(SocketTest, B10_WhatComesAfterACloseIsIgnored) {
  echo();
  open();

  say(masked_frame(Opcode::close, "\x03\xe8") + masked_frame(Opcode::text, "ghost") +
      masked_frame(Opcode::ping, "ghost") + "not even frames");
  say(masked_frame(Opcode::text, "more ghosts"));

  EXPECT_TRUE(recorder.messages.empty());
  EXPECT_EQ(said(), (Said{close_frame(1000)}));
  EXPECT_TRUE(client->ended());
  client->finish();
  world.run_until_idle();
  EXPECT_EQ(recorder.closed->peer.code, CloseCode::normal);
  EXPECT_FALSE(client->failure());
}

TEST_F(SocketTest, B10_AnImpossibleCloseIsAProtocolError) {
  for (const int code: {0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) {
    recorder = {};
    open();
    say(masked_frame(Opcode::close, close_frame(code).payload));
    EXPECT_EQ(said(), (Said{close_frame(1002)})) << code;
    client->finish();
    world.run_until_idle();
    EXPECT_EQ(recorder.closed->peer.code, CloseCode::abnormal);
    EXPECT_EQ(recorder.closed->own->code, CloseCode::protocol_error);
    socket.reset();
  }
}

TEST_F(SocketTest, B9_ACloseReasonThatIsNotUtf8IsInvalid) {
  open();

  say(masked_frame(Opcode::close, close_frame(1000, "\xff").payload));

  EXPECT_EQ(said(), (Said{close_frame(1007)}));
}

TEST_F(SocketTest, B10_AfterOurCloseThePeerMayGoOnTalkingButIsNotHeard) {
  echo();
  open();
  socket->close(CloseCode::normal);
  world.run_until_idle();

  say(masked_frame(Opcode::text, "still here") + masked_frame(Opcode::ping, "?") +
      masked_frame(Opcode::close, "\x03\xe8"));

  EXPECT_TRUE(recorder.messages.empty());
  EXPECT_EQ(said(), (Said{close_frame(1000)}));
  EXPECT_TRUE(client->ended());
}

TEST_F(SocketTest, B11_APeerThatNeverAnswersIsCutAfterASecond) {
  open();
  socket->close(CloseCode::normal);

  world.advance(999ms);
  EXPECT_FALSE(recorder.closed);
  EXPECT_FALSE(client->over());
  world.advance(1ms);

  ASSERT_TRUE(recorder.closed);
  EXPECT_EQ(recorder.closed->peer.code, CloseCode::abnormal);
  EXPECT_EQ(recorder.closed->own->code, CloseCode::normal);
  EXPECT_EQ(client->failure(), net::StreamError::reset);
}

TEST_F(SocketTest, B11_APeerThatNeverClosesTcpIsCutAfterASecond) {
  open();
  say(masked_frame(Opcode::close, "\x03\xe8"));

  world.advance(999ms);
  EXPECT_TRUE(client->ended());
  EXPECT_FALSE(client->failure());
  EXPECT_FALSE(recorder.closed);
  world.advance(1ms);

  ASSERT_TRUE(recorder.closed);
  EXPECT_EQ(recorder.closed->peer.code, CloseCode::normal);
}

TEST_F(SocketTest, B11_APeerThatTakesNothingIsCutAfterASecondToo) {
  open();
  link().set({.capacity_bytes = 100});
  client->stop_reading();
  socket->send(MessageType::binary, as_bytes(std::string(1000, 'x')));
  world.run_until_idle();
  socket->close(CloseCode::going_away);

  world.advance(1s);

  EXPECT_TRUE(recorder.closed);
}

TEST_F(SocketTest, APeerThatJustGoesIsAbnormal) {
  open();
  client->finish();
  world.run_until_idle();
  ASSERT_TRUE(recorder.closed);
  EXPECT_EQ(recorder.closed->peer.code, CloseCode::abnormal);
  EXPECT_FALSE(recorder.closed->own);

  socket.reset();
  recorder = {};
  open();
  client->reset();
  world.run_until_idle();
  EXPECT_EQ(recorder.closed->peer.code, CloseCode::abnormal);
}

TEST_F(SocketTest, APeerThatClosesAndGoesAtOnceIsStillAnswered) {
  open();
  client->send(masked_frame(Opcode::close, "\x03\xe8"));
  client->finish();
  world.run_until_idle();

  EXPECT_EQ(said(), (Said{close_frame(1000)}));
  EXPECT_EQ(recorder.closed->peer.code, CloseCode::normal);
  EXPECT_FALSE(client->failure());
}

TEST_F(SocketTest, AbortResetsAndTellsAtTheEndOfTheTurn) {
  open();

  socket->abort();
  EXPECT_FALSE(recorder.closed);
  world.run_until_idle();

  EXPECT_TRUE(recorder.closed);
  EXPECT_EQ(client->failure(), net::StreamError::reset);
}

TEST_F(SocketTest, MayBeClosedOrAbortedFromInsideItsCallbacks) {
  for (const bool abort: {false, true}) {
    recorder = {};
    recorder.then = [&](MessageType, Bytes) { abort ? socket->abort() : socket->close(CloseCode::normal); };
    open();

    say(masked_frame(Opcode::text, "now") + masked_frame(Opcode::text, "never heard"));
    world.advance(1s);

    EXPECT_EQ(recorder.messages, (Said{{Opcode::text, "now"}}));
    EXPECT_TRUE(recorder.closed);
    socket.reset();
  }
}

}  // namespace
}  // namespace crosspoint::websocket
