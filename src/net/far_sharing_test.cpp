// What crosses from loop to loop in the segment that it lies in, when several receivers are on the other
// loop: from where it is written there, who holds it for how long, and what one who does not read may keep.
#include <array>

#include "net/test_far_streams.h"
#include "testing/watched_stream.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::Link;
using crosspoint::testing::WatchedStream;
using crosspoint::testing::WatchedWrite;

struct FarSharingTest : FarStreamsTest {
  FarSharingTest() {
    world.network().wrap_streams(
        [this](auto stream) { return std::make_unique<WatchedStream>(std::move(stream), writes); });
  }
  SegmentRef make(std::size_t bytes, std::size_t capacity) {
    auto segment = Segment::make(static_cast<std::uint32_t>(capacity));
    segment->append(as_bytes(std::string(bytes, 'e')));
    return segment;
  }
  std::size_t write(Stream& stream, const SegmentRef& segment) {
    const Bytes bytes(segment->data(), segment->size());
    const SegmentRef* const lies_in = &segment;
    return stream.write_shared({&bytes, 1}, {&lies_in, 1}).value_or(0);
  }
  void connect_receivers(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) connect();
    writes.clear();
  }

  std::vector<WatchedWrite> writes;  // of all sockets
};

TEST_F(FarSharingTest, AllReceiversAreWrittenToFromTheOneSegment) {
  connect_receivers(5);
  const auto segment = make(5000, 10'000);

  for (const auto& receiver: ends) EXPECT_EQ(write(*receiver->stream, segment), 5000u);
  EXPECT_TRUE(segment->shared());
  world.run_until_idle();

  ASSERT_EQ(writes.size(), 5u);
  for (const auto& pieces: writes) EXPECT_EQ(pieces.front().data(), segment->data());
  for (const auto& client: clients) EXPECT_EQ(client->received(), std::string(5000, 'e'));
  EXPECT_FALSE(segment->shared());
}

TEST_F(FarSharingTest, WhatIsSharedAndWhatIsNotLeaveInOneWriteAndInTheirOrder) {
  connect_receivers(1);
  const auto segment = make(5000, 5000);
  const std::array<Bytes, 3> pieces{as_bytes("answer"), Bytes(segment->data(), 5000), as_bytes("another")};
  const std::array<const SegmentRef*, 3> segments{nullptr, &segment, nullptr};

  EXPECT_EQ(end().stream->write_shared(pieces, segments), 5013u);
  world.run_until_idle();

  EXPECT_EQ(clients[0]->received(), "answer" + std::string(5000, 'e') + "another");
  ASSERT_EQ(writes.size(), 1u);
  EXPECT_EQ(writes.front().size(), 3u);
}

TEST_F(FarSharingTest, AFewBytesAreCopied) {
  connect_receivers(1);
  const auto segment = make(100, 10'000);

  EXPECT_EQ(write(*end().stream, segment), 100u);

  EXPECT_FALSE(segment->shared());
  world.run_until_idle();
  EXPECT_EQ(clients[0]->received(), std::string(100, 'e'));
}

TEST_F(FarSharingTest, SharedBytesCountAgainstTheBoundOfEachReceiver) {
  connect_receivers(2);
  const auto segment = make(100'000, 100'000);
  auto& slow = *ends[0]->stream;
  world.network().links()[0]->stall(Link::Way::to_connector);
  std::size_t taken = 0;
  for (int i = 0; i < 20; ++i) {
    taken += write(slow, segment);
    EXPECT_EQ(write(*ends[1]->stream, segment), 100'000u);
    world.run_until_idle();
  }

  const auto in_the_link = world.network().links()[0]->waiting_bytes(Link::Way::to_connector);
  EXPECT_EQ(taken - in_the_link, limits.unwritten_bytes_max);
  EXPECT_EQ(slow.unacknowledged_bytes(), limits.unwritten_bytes_max);
  EXPECT_EQ(clients[1]->received().size(), 2'000'000u);
  world.network().links()[0]->resume(Link::Way::to_connector);
  world.run_until_idle();
  EXPECT_EQ(clients[0]->received(), std::string(taken, 'e'));
  EXPECT_FALSE(segment->shared());
}

// Who does not read does not keep a segment for the sake of a small part of it.
TEST_F(FarSharingTest, WhatWaitsForTheSocketHoldsOnlySegmentsThatItIsAGoodPartOf) {
  connect_receivers(1);
  const auto link = world.network().newest_link();
  link->stall(Link::Way::to_connector);
  link->set({.capacity_bytes = 0});
  const auto small_part = make(10'000, 100'000), whole = make(10'000, 10'000);

  write(*end().stream, small_part);
  write(*end().stream, whole);
  world.run_until_idle();
  EXPECT_FALSE(small_part->shared());
  EXPECT_TRUE(whole->shared());

  clients[0]->reset();
  world.run_until_idle();

  EXPECT_FALSE(whole->shared());
}

TEST_F(FarSharingTest, AReceiverThatClosesWhileAnEventIsOnItsWayCostsTheOthersNothing) {
  connect_receivers(3);
  const auto segment = make(5000, 5000);
  for (const auto& receiver: ends) write(*receiver->stream, segment);
  home.turn();

  clients[0]->reset();      // its client goes
  ends[1]->stream.reset();  // its user goes, after having written
  world.loop(1).turn();
  world.run_until_idle();

  EXPECT_EQ(clients[1]->received(), std::string(5000, 'e'));
  EXPECT_TRUE(clients[1]->ended());
  EXPECT_EQ(clients[2]->received(), std::string(5000, 'e'));
  EXPECT_FALSE(segment->shared());
}

TEST_F(FarSharingTest, AReceiverThatClosesWithAnEventUnwrittenStillGetsIt) {
  connect_receivers(1);
  const auto link = world.network().newest_link();
  link->stall(Link::Way::to_connector);
  link->set({.capacity_bytes = 0});
  const auto segment = make(5000, 5000);
  write(*end().stream, segment);
  world.run_until_idle();

  end().stream.reset();
  world.run_until_idle();
  link->set({});
  link->resume(Link::Way::to_connector);
  world.run_until_idle();

  EXPECT_EQ(clients[0]->received(), std::string(5000, 'e'));
  EXPECT_FALSE(segment->shared());
}

// Whatever the loops were about to do with it.
TEST_F(FarSharingTest, WhenTheOwnerGoesWithEventsOnTheirWayNothingIsHeld) {
  for (int turns = 0; turns < 3; ++turns) {
    far = std::make_unique<FarStreams>(home, away);
    connect_receivers(2);
    const auto segment = make(5000, 5000);
    world.network().newest_link()->stall(Link::Way::to_connector);
    world.network().newest_link()->set({.capacity_bytes = 0});
    for (const auto& receiver: ends) write(*receiver->stream, segment);
    EXPECT_TRUE(segment->shared());
    if (turns > 0) home.turn();
    if (turns > 1) away.turn();

    far.reset();
    world.run_until_idle();

    EXPECT_FALSE(segment->shared()) << turns;
    ends.clear();
    clients.clear();
    world.run_until_idle();
  }
}

}  // namespace
}  // namespace crosspoint::net
