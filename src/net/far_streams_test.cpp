// What far streams add to the contract of all streams (network_contract_test.cpp): bounds, endings in every
// order, and what is left when loops or owners go.
#include "net/far_streams.h"

#include "base/random.h"
#include "net/test_far_streams.h"
#include "testing/faulty_stream.h"
#include "testing/seed.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::Fault;
using crosspoint::testing::FaultyStream;
using crosspoint::testing::for_each_seed;
using crosspoint::testing::Link;
using crosspoint::testing::RawClient;
using crosspoint::testing::RecordingEnd;

// Bounds
// ---------------------------------------------------------------------------------------------------------

TEST_F(FarStreamsTest, WhatIsWrittenAndNotTakenByTheSocketHasABound) {
  auto& client = connect();
  const auto link = world.network().newest_link();
  link->stall(Link::Way::to_connector);

  std::size_t taken = fill();
  EXPECT_EQ(taken, limits.unwritten_bytes_max);
  for (int i = 0; i < 10; ++i) {
    world.run_until_idle();
    taken += fill();
  }

  EXPECT_EQ(taken - link->waiting_bytes(Link::Way::to_connector), limits.unwritten_bytes_max);
  EXPECT_EQ(end().stream->unacknowledged_bytes(), limits.unwritten_bytes_max);
  link->resume(Link::Way::to_connector);
  world.run_until_idle();
  EXPECT_EQ(client.received().size(), taken);
}

TEST_F(FarStreamsTest, ThereIsRoomAgainBeforeEverythingHasGone) {
  connect();
  const auto link = world.network().newest_link();
  link->stall(Link::Way::to_connector);
  link->set({.capacity_bytes = 1000});
  EXPECT_EQ(fill(), limits.unwritten_bytes_max);
  end().stream->await_writable();
  world.run_until_idle();
  ASSERT_EQ(end().times_writable, 1u);  // the socket took its thousand bytes
  EXPECT_EQ(fill(), 1000u);
  end().stream->await_writable();
  world.run_until_idle();
  EXPECT_EQ(end().times_writable, 1u);

  link->set({.capacity_bytes = 2000});
  world.run_until_idle();

  EXPECT_EQ(end().times_writable, 2u);
  EXPECT_EQ(fill(), 1000u);
}

TEST_F(FarStreamsTest, WhatIsReadAndNotDeliveredHasABound) {
  auto& client = connect();
  const auto link = world.network().newest_link();
  const std::string sent(3'000'000, 'y');
  end().stream->pause_reading();
  world.run_until_idle();
  client.send(sent);
  world.run_until_idle();
  EXPECT_EQ(end().received, "");
  EXPECT_EQ(sent.size() - client.unsent_bytes() - link->waiting_bytes(Link::Way::to_listener), 0u);

  end().stream->resume_reading();
  world.run_until_idle();
  EXPECT_EQ(end().received.size(), sent.size());

  // Whoever uses it has no turn for a while.
  client.send(sent);
  for (int i = 0; i < 100; ++i) {
    world.loop(1).turn();
    away.turn();
  }
  const auto off_the_link = sent.size() - client.unsent_bytes() - link->waiting_bytes(Link::Way::to_listener);
  EXPECT_GE(off_the_link, limits.undelivered_bytes_max);
  EXPECT_LE(off_the_link, limits.undelivered_bytes_max + away.read_buffer().size());
  world.run_until_idle();
  EXPECT_EQ(end().received.size(), 2 * sent.size());
}

TEST_F(FarStreamsTest, ByteByByteNothingIsLost) {
  auto& client = connect();
  world.network().newest_link()->set({.capacity_bytes = 3, .segment_bytes_max = 1, .write_bytes_max = 1});
  std::string text;
  for (int i = 0; text.size() < 4000; ++i) text += std::to_string(i) + ",";

  client.send(text);
  EXPECT_EQ(end().stream->write_some(as_bytes(text)), text.size());
  world.run_until_idle();

  EXPECT_EQ(end().received, text);
  EXPECT_EQ(client.received(), text);
}

// A queue that is never empty must not keep what has gone.
TEST_F(FarStreamsTest, ASteadyFlowThroughASlowSocketArrivesWhole) {
  auto& client = connect();
  world.network().newest_link()->set({.capacity_bytes = 5000, .write_bytes_max = 700});
  std::string sent;
  for (int i = 0; i < 2000; ++i) {
    const std::string some = std::to_string(i) + std::string(1500, '.');
    sent += some.substr(0, end().stream->write_some(as_bytes(some)).value_or(0));
    home.turn();
    away.turn();
    world.loop(1).turn();
  }
  world.run_until_idle();

  EXPECT_TRUE(client.received() == sent);
}

// As an outbox does: some of it in segments that others may hold as well, some not.
Result<std::size_t, StreamError> write_in_pieces(Stream& stream, std::string_view text,
                                                 SeededRandom& random) {
  constexpr std::size_t pieces = 3;
  std::array<Bytes, pieces> bytes;
  std::array<SegmentRef, pieces> held;
  std::array<const SegmentRef*, pieces> segments{};
  for (std::size_t i = 0; i < pieces; ++i) {
    const auto piece = text.substr(0, i + 1 < pieces ? random.below(text.size() + 1) : text.size());
    text.remove_prefix(piece.size());
    bytes[i] = as_bytes(piece);
    if (random.below(2) == 0) continue;
    const auto size = static_cast<std::uint32_t>(piece.size());
    held[i] = Segment::make(size * static_cast<std::uint32_t>(1 + random.below(6)));
    held[i]->append(as_bytes(piece));
    bytes[i] = {held[i]->data(), piece.size()};
    segments[i] = &held[i];
  }
  return stream.write_shared(bytes, segments);
}

// Endings
// ---------------------------------------------------------------------------------------------------------

TEST_F(FarStreamsTest, WhatWasWrittenBeforeClosingStillArrives) {
  auto& client = connect();
  const auto link = world.network().newest_link();
  link->stall(Link::Way::to_connector);
  std::size_t taken = fill();
  world.run_until_idle();
  taken += fill();
  ASSERT_GT(taken, link->settings().capacity_bytes);

  end().stream.reset();
  world.run_until_idle();
  EXPECT_FALSE(client.over());
  link->resume(Link::Way::to_connector);
  world.run_until_idle();

  EXPECT_EQ(client.received().size(), taken);
  EXPECT_TRUE(client.ended());
  EXPECT_FALSE(client.failure());
}

TEST_F(FarStreamsTest, APeerThatTakesNothingIsLeftTenSecondsAfterClosing) {
  connect();
  const auto link = world.network().newest_link();
  link->stall(Link::Way::to_connector);
  fill();
  world.run_until_idle();
  fill();
  end().stream.reset();
  world.advance(9s);
  EXPECT_TRUE(link->alive());

  world.advance(1s);

  EXPECT_FALSE(link->alive());
}

TEST_F(FarStreamsTest, FinAndCloseWaitForWhatWasWritten) {
  auto& client = connect();
  const auto link = world.network().newest_link();
  link->stall(Link::Way::to_connector);
  std::size_t taken = fill();
  world.run_until_idle();
  taken += fill();

  end().stream->shutdown_write();
  world.run_until_idle();
  link->resume(Link::Way::to_connector);
  world.run_until_idle();

  EXPECT_EQ(client.received().size(), taken);
  EXPECT_TRUE(client.ended());
  client.send("heard");
  world.run_until_idle();
  EXPECT_EQ(end().received, "heard");
}

TEST_F(FarStreamsTest, ClosingWithBytesOnTheirWayIsAReset) {
  auto& client = connect();
  client.send("asked");
  world.loop(1).turn();
  away.turn();
  away.turn();

  ends.clear();
  world.run_until_idle();

  EXPECT_EQ(client.failure(), StreamError::reset);
}

TEST_F(FarStreamsTest, ClosingAfterEverythingWasReadIsAnEnd) {
  auto& client = connect();
  for (int i = 0; i < 50; ++i) {
    client.send(std::string(20'000, 'x'));
    world.run_until_idle();
  }

  ends.clear();
  world.run_until_idle();

  EXPECT_TRUE(client.ended());
  EXPECT_FALSE(client.failure());
}

// Whatever happens on either loop in whatever order: bytes arrive in theirs and none is invented, a
// conversation that nobody cut arrives whole, and nothing is left.
TEST_F(FarStreamsTest, NoOrderOfTurnsAndEndingsLosesAByteOrLeavesASocket) {
  for_each_seed(60, [&](std::uint64_t seed) {
    SeededRandom random(seed);
    struct Talk {
      RawClient* client;
      RecordingEnd* end;
      std::string asked, answered, heard;
      bool cut = false, client_gone = false, end_gone = false, end_shut = false;
    };
    std::vector<Talk> talks;
    for (int i = 0; i < 3; ++i) {
      auto& client = connect();
      talks.push_back({&client, &end(), {}, {}, {}});
    }
    for (int step = 0; step < 400; ++step) {
      auto& talk = talks[random.below(talks.size())];
      const std::string some(random.below(60'000), static_cast<char>('a' + random.below(26)));
      switch (random.below(14)) {
        case 0:
        case 1:
          if (talk.client_gone) break;
          talk.client->send(some);
          talk.asked += some;
          break;
        case 2:
        case 3:
          if (talk.end_gone || talk.end_shut) break;
          talk.answered += some.substr(0, write_in_pieces(*talk.end->stream, some, random).value_or(0));
          break;
        case 4:
          if (!talk.end_gone) talk.end->stream->pause_reading();
          break;
        case 5:
          if (!talk.end_gone) talk.end->stream->resume_reading();
          break;
        case 6:
          if (talk.end_gone || random.below(20) > 0) break;
          talk.end->stream->shutdown_write();
          talk.end_shut = true;
          break;
        case 7:
          if (talk.end_gone || random.below(20) > 0) break;
          if (random.below(2) == 0) talk.end->stream->reset_on_close();
          talk.end->stream.reset();
          talk.end_gone = talk.cut = true;
          break;
        case 8:
          if (talk.client_gone || random.below(20) > 0) break;
          talk.heard = talk.client->received();
          talk.client->reset();
          talk.client_gone = talk.cut = true;
          break;
        default: world.loop(random.below(3)).turn(); break;
      }
    }
    for (auto& talk: talks) {
      if (!talk.end_gone) talk.end->stream->resume_reading();
    }
    world.run_until_idle();
    for (auto& talk: talks) {
      if (!talk.client_gone) talk.heard = talk.client->received();
      EXPECT_TRUE(talk.asked.starts_with(talk.end->received));
      EXPECT_TRUE(talk.answered.starts_with(talk.heard));
      if (talk.cut) continue;
      EXPECT_EQ(talk.end->received.size(), talk.asked.size());
      EXPECT_EQ(talk.heard.size(), talk.answered.size());
      EXPECT_EQ(talk.client->ended(), talk.end_shut);
      EXPECT_EQ(talk.end->failures, 0u);
    }
    ends.clear();
    clients.clear();
    world.advance(11s);
    EXPECT_TRUE(world.network().links().empty());
  });
}

TEST_F(FarStreamsTest, WhicheverOperationOfTheSocketFailsIsTold) {
  for (std::size_t n = 0;; ++n) {
    SCOPED_TRACE(n);
    auto fault = std::make_shared<Fault>(n);
    world.network().wrap_streams(
        [&](auto stream) { return std::make_unique<FaultyStream>(std::move(stream), fault); });
    auto& client = connect();
    auto& server = end();
    client.send(std::string(300'000, 'q'));
    (void)server.stream->write_some(as_bytes(std::string(200'000, 'a')));
    world.run_until_idle();
    (void)server.stream->write_some(as_bytes(std::string(200'000, 'a')));
    server.stream->await_writable();
    world.run_until_idle();
    const bool whole = server.received.size() == 300'000 && client.received().size() == 400'000;
    EXPECT_NE(whole, server.failures > 0 || client.failure().has_value());
    if (!fault->struck()) break;
    ends.clear();
    clients.clear();
    world.run_until_idle();
    EXPECT_TRUE(world.network().links().empty());
  }
}

// Who goes first
// ---------------------------------------------------------------------------------------------------------

TEST_F(FarStreamsTest, StreamsThatOutliveTheirSocketsHaveFailed) {
  auto& client = connect();
  end().stream->pause_reading();

  far.reset();
  world.run_until_idle();

  EXPECT_TRUE(client.over());
  EXPECT_EQ(end().stream->write_some(as_bytes("anybody?")), fail(StreamError::other));
  end().stream->resume_reading();
  end().stream->await_writable();
  end().stream->shutdown_write();
  world.run_until_idle();
}

TEST_F(FarStreamsTest, WhatIsUnderWayWhenItsOwnerGoesHarmsNobody) {
  auto& client = connect();
  client.send("to nobody");
  EXPECT_EQ(end().stream->write_some(as_bytes("from nobody")), 11u);
  RawClient late(world.loop(1), world.network(), place);
  world.loop(1).turn();
  home.turn();
  away.turn();

  listener.reset();
  far.reset();
  world.run_until_idle();

  EXPECT_EQ(ends.size(), 1u);
}

TEST_F(FarStreamsTest, AnArrivalThatNobodyWasThereForIsDestroyedUncalled) {
  RawClient late(world.loop(1), world.network(), place);
  for (int i = 0; i < 4; ++i) {
    world.loop(1).turn();
    away.turn();
  }
  listener.reset();
  far.reset();
  world.run_until_idle();
  EXPECT_TRUE(ends.empty());
  EXPECT_TRUE(late.over());
}

TEST_F(FarStreamsTest, AStreamNobodyStartsMayBeDestroyed) {
  starting = false;
  auto& client = connect();

  ends.clear();
  world.run_until_idle();

  EXPECT_TRUE(client.ended());
}

TEST_F(FarStreamsTest, SettledMeansThatTheSocketsHaveHeard) {
  auto& client = connect();
  bool settled = false;
  EXPECT_EQ(end().stream->write_some(as_bytes("bye")), 3u);
  ends.clear();
  const auto link = world.network().newest_link();

  far->settle([&] {
    settled = true;
    EXPECT_FALSE(link->alive());
  });
  EXPECT_FALSE(settled);
  world.run_until_idle();

  EXPECT_TRUE(settled);
  EXPECT_EQ(client.received(), "bye");
}

}  // namespace
}  // namespace crosspoint::net
