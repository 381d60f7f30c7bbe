// Deadlines, rates and memory of a socket.
#include <gtest/gtest.h>

#include "websocket/io/test_socket.h"

namespace crosspoint::websocket {
namespace {

using One = Heard::One;
using Said = std::vector<One>;

// ---- Is the peer alive?

TEST_F(SocketTest, PingsAtItsIntervals) {
  limits.dead_after = 1h;
  open();

  world.advance(54s - 1ns);
  EXPECT_TRUE(said().empty());
  world.advance(1ns);
  EXPECT_EQ(said(), (Said{{Opcode::ping, ""}}));
  world.advance(108s);
  EXPECT_EQ(said().size(), 3u);
}

TEST_F(SocketTest, PingsNeverWhenToldSo) {
  limits.ping_every = 0s;
  limits.dead_after = 1h;
  open();

  world.advance(59min);

  EXPECT_TRUE(said().empty());
}

TEST_F(SocketTest, D10_APeerWithoutASignOfLifeIsCut) {
  open();

  world.advance(60s - 1ns);
  EXPECT_FALSE(recorder.closed);
  world.advance(1ns);

  ASSERT_TRUE(recorder.closed);
  EXPECT_EQ(recorder.closed->peer.code, CloseCode::abnormal);
  EXPECT_FALSE(recorder.closed->own);
}

TEST_F(SocketTest, AnyByteIsASignOfLife) {
  open();
  for (const std::string& sign:
       {masked_frame(Opcode::pong, ""), masked_frame(Opcode::text, "data"), header({0x81})}) {
    world.advance(59s);
    say(sign);
  }

  world.advance(29s);  // the half frame has its own limit
  EXPECT_FALSE(recorder.closed);
}

// ---- Slow writers of messages.

TEST_F(SocketTest, B4_AMessageMustBeCompleteInTime) {
  open();
  say(masked_frame(Opcode::text, "begun", {.final = false}));
  for (int second = 1; second < 30; ++second) {
    world.advance(1s);
    say(masked_frame(Opcode::continuation, "x", {.final = false}) + masked_frame(Opcode::ping, "alive"));
    ASSERT_TRUE(socket->open()) << second;
  }

  world.advance(1s);

  EXPECT_FALSE(socket->open());
  EXPECT_EQ(said().back().payload.substr(0, 2), close_frame(1008).payload);
}

TEST_F(SocketTest, B4_EachMessageHasItsOwnTime) {
  open();
  const std::string frame = masked_frame(Opcode::text, "abcd");
  say(frame.substr(0, 3));
  for (int i = 0; i < 10; ++i) {
    world.advance(20s);
    say(frame.substr(3) + frame.substr(0, 3));  // the end of one, the beginning of the next
  }

  EXPECT_EQ(recorder.messages.size(), 10u);
  EXPECT_TRUE(socket->open());
  world.advance(30s);
  EXPECT_FALSE(socket->open());
}

// ---- Floods.

TEST_F(SocketTest, B8_TooManyControlFramesInASecondEndTheConnection) {
  for (const Opcode opcode: {Opcode::ping, Opcode::pong}) {
    recorder = {};
    open();
    std::string fifty;
    for (int i = 0; i < 50; ++i) fifty += masked_frame(opcode, "");
    for (int second = 0; second < 5; ++second) {
      say(fifty);
      ASSERT_TRUE(socket->open()) << second;
      world.advance(1s);
    }

    say(fifty + masked_frame(opcode, ""));

    EXPECT_FALSE(socket->open());
    EXPECT_EQ(said().back().payload.substr(0, 2), close_frame(1008).payload);
    client.reset();
    world.run_until_idle();
    socket.reset();
  }
}

TEST_F(SocketTest, D6_WhoSendsTooManyBytesIsReadMoreSlowlyAndLosesNothing) {
  limits.receive_bytes_per_second_max = 10'000;
  limits.dead_after = 5s;
  limits.ping_every = 0s;
  world.network().set_link_settings({.capacity_bytes = 4096, .segment_bytes_max = 1006});
  open();
  std::string bytes;
  for (int i = 0; i < 200; ++i)
    bytes += masked_frame(Opcode::binary, std::string(998, 'x'));  // 1006 with its header

  client->send(bytes);
  world.run_until_idle();
  EXPECT_GE(recorder.messages.size(), 10u);  // a second's worth may come at once
  EXPECT_LE(recorder.messages.size(), 12u);
  world.advance(5s);
  EXPECT_GE(recorder.messages.size(), 55u);
  EXPECT_LE(recorder.messages.size(), 65u);
  world.advance(15s);

  EXPECT_EQ(recorder.messages.size(), 200u);
  EXPECT_TRUE(socket->open());
}

TEST_F(SocketTest, D6_WhoSendsTooManyMessagesIsReadMoreSlowly) {
  limits.receive_messages_per_second_max = 10;
  world.network().set_link_settings({.segment_bytes_max = 6});
  open();
  std::string bytes;
  for (int i = 0; i < 40; ++i) bytes += masked_frame(Opcode::text, "");  // 6 bytes each

  client->send(bytes);
  world.run_until_idle();
  EXPECT_LE(recorder.messages.size(), 11u);
  world.advance(3s);

  EXPECT_EQ(recorder.messages.size(), 40u);
}

// ---- Slow readers.

TEST_F(SocketTest, E1_APeerThatTakesNothingIsCutAfterTheWriteTime) {
  open();
  link().set({.capacity_bytes = 1000});
  client->stop_reading();
  socket->send(MessageType::binary, as_bytes(std::string(5000, 'x')));
  world.run_until_idle();

  world.advance(10s - 1ns);
  EXPECT_FALSE(recorder.closed);
  world.advance(1ns);

  EXPECT_TRUE(recorder.closed);
  EXPECT_EQ(recorder.slow, std::vector{Slowness::stalled});
}

// What is thrown away makes room for the reason; whoever reads again in time has it.
TEST_F(SocketTest, E1_APeerThatTakesNothingMayBeToldWhy) {
  recorder.then_slow = [this](Slowness) {
    socket->outbox().drop_unwritten();
    socket->close(CloseCode::try_again_later, "too slow");
  };
  open();
  link().set({.capacity_bytes = 1000});
  client->stop_reading();
  for (int i = 0; i < 5; ++i) socket->send(MessageType::binary, as_bytes(std::string(1500, 'x')));
  world.advance(10s);
  EXPECT_FALSE(recorder.closed);

  client->resume_reading();
  world.run_until_idle();

  EXPECT_EQ(said(), (Said{{Opcode::binary, std::string(1500, 'x')}, close_frame(1013, "too slow")}));
  world.advance(1s);
  EXPECT_TRUE(recorder.closed);
}

TEST_F(SocketTest, E3_APeerThatTakesALittleNowAndThenIsNotKeptWaitingForEver) {
  limits.waiting_age_max = 30s;
  limits.dead_after = 1h;
  limits.ping_every = 0s;
  open();
  link().set({.capacity_bytes = 1000});
  client->stop_reading();
  socket->send(MessageType::binary, as_bytes(std::string(100'000, 'x')));
  world.run_until_idle();
  for (int i = 0; i < 5; ++i) {
    world.advance(5s);
    client->resume_reading();
    world.loop(0).turn();  // one gulp
    world.loop(0).turn();
    client->stop_reading();
  }
  world.advance(5s - 1ns);
  EXPECT_TRUE(recorder.slow.empty());
  EXPECT_FALSE(recorder.closed);

  world.advance(1ns);

  EXPECT_EQ(recorder.slow, std::vector{Slowness::behind});
  EXPECT_TRUE(recorder.closed);
}

TEST_F(SocketTest, WhatWaitsTooLongMayBeThrownAwayAndThePeerStays) {
  limits.waiting_age_max = 5s;
  recorder.then_slow = [this](Slowness) {
    const auto now = world.loop().now();
    socket->outbox().drop_oldest(0, now, now);
  };
  open();
  link().set({.capacity_bytes = 100});
  client->stop_reading();
  const std::string frame = "\x82\x50" + std::string(80, 'x');
  const auto segment = Segment::make(1000);
  for (int i = 0; i < 10; ++i) segment->append(as_bytes(frame));
  socket->outbox().push({segment, 0, segment->size()}, world.loop().now(), fanout::Keep::while_there_is_room);
  socket->wake();
  world.advance(5s);
  EXPECT_EQ(recorder.slow, std::vector{Slowness::behind});
  EXPECT_FALSE(recorder.closed);

  client->resume_reading();
  world.run_until_idle();

  EXPECT_EQ(said().size(), 2u) << "one that had gone, and the one that was begun";
  EXPECT_EQ(recorder.times_drained, 1u);
}

TEST_F(SocketTest, APeerThatTakesALittleIsNot) {
  limits.dead_after = 1h;
  open();
  link().set({.capacity_bytes = 1000});
  client->stop_reading();
  socket->send(MessageType::binary, as_bytes(std::string(5000, 'x')));
  for (int i = 0; i < 4; ++i) {
    world.advance(9s);
    client->resume_reading();
    world.loop(0).turn();  // one gulp
    world.loop(0).turn();
    client->stop_reading();
    ASSERT_FALSE(recorder.closed) << i;
  }

  client->resume_reading();
  world.run_until_idle();

  EXPECT_EQ(said(), (Said{{Opcode::binary, std::string(5000, 'x')}}));
  EXPECT_EQ(recorder.times_drained, 1u);
}

TEST_F(SocketTest, TellsWhenTheOutboxIsEmptyAgain) {
  open();
  socket->send(MessageType::text, as_bytes("goes out at once"));
  world.run_until_idle();
  EXPECT_EQ(recorder.times_drained, 0u);
  link().set({.capacity_bytes = 100});
  client->stop_reading();
  socket->send(MessageType::binary, as_bytes(std::string(1000, 'x')));
  world.run_until_idle();
  EXPECT_GT(socket->unwritten_bytes(), 0u);
  EXPECT_EQ(recorder.times_drained, 0u);

  client->resume_reading();
  world.run_until_idle();

  EXPECT_EQ(recorder.times_drained, 1u);
  EXPECT_EQ(socket->unwritten_bytes(), 0u);
}

// ---- Pausing.

TEST_F(SocketTest, WhilePausedNothingIsReadAndSilenceIsForgiven) {
  open();
  socket->pause_reading();
  client->send(masked_frame(Opcode::text, "waits"));

  world.advance(5min);
  EXPECT_TRUE(recorder.messages.empty());
  EXPECT_FALSE(recorder.closed);
  socket->resume_reading();
  world.run_until_idle();

  EXPECT_EQ(recorder.messages, (Said{{Opcode::text, "waits"}}));
  world.advance(60s);
  EXPECT_TRUE(recorder.closed);
}

TEST_F(SocketTest, AMessageHalfHereIsNotTooSlowBecauseOfAPauseOfOurs) {
  open();
  say(masked_frame(Opcode::text, "half", {.final = false}));
  socket->pause_reading();
  world.advance(40s);
  socket->resume_reading();
  world.run_until_idle();

  say(masked_frame(Opcode::continuation, " and half"));

  EXPECT_EQ(recorder.messages, (Said{{Opcode::text, "half and half"}}));
}

TEST_F(SocketTest, ClosingEndsAPause) {
  open();
  socket->pause_reading();
  socket->close(CloseCode::normal);

  say(masked_frame(Opcode::close, "\x03\xe8"));

  EXPECT_TRUE(client->ended());
}

TEST_F(SocketTest, MayBePausedFromInsideOnMessageEvenBeforeItsStart) {
  early = masked_frame(Opcode::text, "pause!") + masked_frame(Opcode::text, "was read already");
  recorder.then = [this](MessageType, Bytes) { socket->pause_reading(); };
  open();
  EXPECT_EQ(recorder.messages.size(), 2u);

  say(masked_frame(Opcode::text, "waits"));
  EXPECT_EQ(recorder.messages.size(), 2u);

  recorder.then = nullptr;
  socket->resume_reading();
  world.run_until_idle();
  EXPECT_EQ(recorder.messages.size(), 3u);
}

}  // namespace
}  // namespace crosspoint::websocket
