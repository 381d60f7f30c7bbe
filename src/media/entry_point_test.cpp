#include "media/entry_point.h"

#include <gtest/gtest.h>

#include "media/test_stream.h"
#include "media/ts_observer.h"

namespace crosspoint::media {
namespace {

constexpr MonotonicTime start{1000s};

// A publisher, the observer of its topic, and what viewers get.
class Scene {
 public:
  TestStream stream;
  TsObserver observer;

  MessageReport publish() {
    message = stream.take();
    report = observer.observe(message, now);
    now += 40ms;
    return report;
  }
  // Publishes and gives the message to a viewer who follows.
  void publish_to(ByteVector& viewer) {
    publish();
    append(viewer, message);
  }
  Bytes rest() const { return Bytes(message).subspan(*report.access_point); }

  ByteVector message;
  MessageReport report;
  MonotonicTime now = start;
};

std::vector<Pid> pids_of(Bytes packets) {
  std::vector<Pid> pids;
  for (std::size_t at = 0; at + packet_bytes <= packets.size(); at += packet_bytes) {
    pids.push_back(packet_at(packets, at).pid());
  }
  return pids;
}

TEST(EntryPoint, AMessageThatBeginsWithItsTablesIsEnoughToJoin) {
  Scene scene;
  scene.stream.tables();
  scene.stream.key_frame(0);
  scene.publish();
  ByteVector viewer;

  append_join(scene.observer.access_point(), scene.rest(), viewer);

  EXPECT_EQ(viewer, scene.message);
}

TEST(EntryPoint, WhatLiesBeforeTheTablesIsNotSent) {
  Scene scene;
  scene.stream.tables();
  scene.stream.key_frame(0);
  scene.publish();
  scene.stream.other_frame(3600);
  const std::size_t begin = scene.stream.out.size();
  scene.stream.tables();
  scene.stream.key_frame(7200);
  scene.publish();
  ByteVector viewer;

  append_join(scene.observer.access_point(), scene.rest(), viewer);

  EXPECT_EQ(scene.report.access_point, begin);
  EXPECT_EQ(viewer, to_vector(Bytes(scene.message).subspan(begin)));
}

TEST(EntryPoint, TablesAreSupplementedWhereTheStreamHasNoneBeforeItsKeyFrame) {
  Scene scene;
  scene.stream.tables();
  scene.stream.key_frame(0);
  scene.publish();
  scene.stream.key_frame(3600);
  scene.publish();
  ByteVector viewer;
  append_join(scene.observer.access_point(), scene.rest(), viewer);
  scene.stream.other_frame(7200);
  scene.stream.tables();
  scene.publish_to(viewer);

  const auto pids = pids_of(viewer);
  EXPECT_EQ(pids[0], pid_pat);
  EXPECT_EQ(pids[1], 0x1000);
  EXPECT_EQ(pids[2], 0x100);
  EXPECT_TRUE(packet_at(viewer, 2 * packet_bytes).random_access());
  // The copies have the counters that precede the next live ones.
  EXPECT_TRUE(continuity_complaints(viewer).empty());
}

TEST(EntryPoint, SuppliedTablesOfSeveralPacketsCountUpToTheLiveOnes) {
  Scene scene;
  Pmt pmt = TestStream::video_and_audio();
  pmt.descriptors.resize(700, std::byte{0x80});
  scene.stream.tables(pmt);
  scene.stream.key_frame(0);
  scene.publish();
  scene.stream.key_frame(3600);
  scene.publish();
  ByteVector viewer;
  append_join(scene.observer.access_point(), scene.rest(), viewer);
  scene.stream.tables(pmt);
  scene.publish_to(viewer);

  EXPECT_EQ(pids_of(viewer)[4], 0x1000);
  EXPECT_TRUE(continuity_complaints(viewer).empty());
}

TEST(EntryPoint, ASkipAnnouncesTheGapOnEveryPid) {
  Scene scene;
  ByteVector viewer;
  scene.stream.tables();
  scene.stream.key_frame(0);
  scene.stream.sound(0);
  scene.publish_to(viewer);
  scene.stream.other_frame(3600, 900);  // all of this is skipped
  scene.stream.sound(3600);
  scene.stream.tables();
  scene.publish();
  scene.stream.tables();
  scene.stream.key_frame(7200);
  scene.publish();

  append_skip(scene.observer.access_point(), 0, scene.rest(), viewer);
  scene.stream.sound(7200);
  scene.stream.other_frame(10800);
  scene.stream.tables();
  scene.publish_to(viewer);

  EXPECT_TRUE(continuity_complaints(viewer).empty());
}

TEST(EntryPoint, ASkipWithSuppliedTablesIsContinuousAsWell) {
  Scene scene;
  ByteVector viewer;
  scene.stream.tables();
  scene.stream.key_frame(0);
  scene.publish_to(viewer);
  scene.stream.tables();
  scene.stream.tables();
  scene.publish();
  scene.stream.other_frame(3600);
  scene.publish();
  scene.stream.key_frame(7200);
  scene.publish();

  append_skip(scene.observer.access_point(), 0, scene.rest(), viewer);
  scene.stream.tables();
  scene.publish_to(viewer);

  EXPECT_TRUE(continuity_complaints(viewer).empty());
}

TEST(EntryPoint, SoundThatBeganEarlierIsLeftOut) {
  Scene scene;
  scene.stream.tables();
  scene.stream.key_frame(0);
  scene.stream.sound(0);
  scene.publish();
  // A piece of sound whose packets lie on both sides of the key frame.
  TestStream sound;
  sound.set_next_counter(0x101, scene.stream.next_counter(0x101));
  sound.sound(3600, 600);
  const ByteVector pieces = sound.take();
  append(scene.stream.out, Bytes(pieces).first(2 * packet_bytes));
  scene.publish();
  scene.stream.tables();
  scene.stream.key_frame(7200);
  append(scene.stream.out, Bytes(pieces).subspan(2 * packet_bytes));
  scene.stream.set_next_counter(0x101, sound.next_counter(0x101));
  scene.publish();

  for (const bool skip: {false, true}) {
    ByteVector viewer;
    if (skip) {
      append_skip(scene.observer.access_point(), 0, scene.rest(), viewer);
    } else {
      append_join(scene.observer.access_point(), scene.rest(), viewer);
    }
    scene.stream.sound(10800);
    const ByteVector next = scene.stream.take();
    scene.stream.set_next_counter(0x101, sound.next_counter(0x101));
    append(viewer, next);

    bool sound_began = false;
    for (std::size_t at = 0; at < viewer.size(); at += packet_bytes) {
      const PacketView packet = packet_at(viewer, at);
      if (packet.pid() != 0x101 || !packet.has_payload()) continue;
      sound_began = sound_began || packet.payload_unit_start();
      EXPECT_TRUE(sound_began);
    }
    EXPECT_TRUE(sound_began);
    EXPECT_TRUE(continuity_complaints(viewer).empty());
  }
}

TEST(EntryPoint, APacketThatTheViewerHasInPartIsFilledUp) {
  Scene scene;
  scene.stream.tables();
  scene.stream.key_frame(0);
  scene.publish();
  ByteVector viewer(100, std::byte{0x47});

  append_skip(scene.observer.access_point(), 100, scene.rest(), viewer);

  ASSERT_EQ(viewer.size() % packet_bytes, 0u);
  EXPECT_EQ(viewer[packet_bytes], sync_byte);
}

TEST(EntryPoint, AnAccessPointThatStraddlesMessagesIsSentWhole) {
  for (std::size_t cut = 1; cut < 3 * packet_bytes; ++cut) {
    SCOPED_TRACE(cut);
    Scene scene;
    scene.stream.tables();
    scene.stream.key_frame(0);
    scene.stream.other_frame(1800);
    scene.publish();
    scene.stream.other_frame(3600);
    const std::size_t begin = scene.stream.out.size();
    scene.stream.tables();
    scene.stream.key_frame(7200);
    const ByteVector both = scene.stream.take();
    scene.stream.out = to_vector(Bytes(both).first(begin + cut));
    const auto first = scene.publish();
    EXPECT_EQ(first.tail_bytes, cut % packet_bytes);
    scene.stream.out = to_vector(Bytes(both).subspan(begin + cut));
    scene.publish();

    const std::size_t tail = cut % packet_bytes;
    if (cut >= 2 * packet_bytes + 188) continue;
    ASSERT_TRUE(scene.report.access_point);
    EXPECT_FALSE(scene.report.aligned && tail > 0);
    ByteVector viewer;
    append_join(scene.observer.access_point(), scene.rest(), viewer);

    EXPECT_EQ(viewer.size() % packet_bytes, 0u);
    const auto pids = pids_of(viewer);
    EXPECT_EQ(pids[0], pid_pat);
    EXPECT_EQ(pids[1], 0x1000);
    EXPECT_TRUE(packet_at(viewer, 2 * packet_bytes).random_access() ||
                packet_at(viewer, 3 * packet_bytes).random_access());
    EXPECT_TRUE(continuity_complaints(viewer).empty());
  }
}

TEST(EntryPoint, AfterARestartViewersOfTheOldStreamGoOnWithTheNewOne) {
  Scene scene;
  ByteVector viewer;
  scene.stream.tables();
  scene.stream.key_frame(900000);
  scene.stream.sound(900000);
  scene.stream.other_frame(903600);
  scene.publish_to(viewer);
  scene.stream = TestStream();
  scene.stream.tables();
  scene.stream.key_frame(0);

  EXPECT_TRUE(scene.publish().restarted);
  append_skip(scene.observer.access_point(), 0, scene.rest(), viewer);
  scene.stream.sound(0);
  scene.stream.tables();
  scene.stream.other_frame(3600);
  scene.publish_to(viewer);

  EXPECT_TRUE(continuity_complaints(viewer).empty());
}

TEST(EntryPoint, AfterARestartSuppliedTablesCountUpToTheLiveOnes) {
  // The new stream's tables came in the message that told of the restart, its first key frame in a later one.
  Scene scene;
  ByteVector viewer;
  scene.stream.tables();
  scene.stream.key_frame(900000);
  scene.publish_to(viewer);
  scene.stream = TestStream();
  scene.stream.tables();
  scene.stream.tables();
  scene.stream.frame({.pts = 0, .pcr = 0}, picture::mpeg(2));
  EXPECT_TRUE(scene.publish().restarted);
  scene.stream.key_frame(3600);
  scene.publish();

  append_skip(scene.observer.access_point(), 0, scene.rest(), viewer);
  scene.stream.tables();
  scene.stream.other_frame(7200);
  scene.publish_to(viewer);

  EXPECT_TRUE(continuity_complaints(viewer).empty());
}

TEST(EntryPoint, AMessageCutInTheMiddleOfAPacketKeepsItsTail) {
  Scene scene;
  scene.stream.tables();
  scene.stream.key_frame(0);
  scene.publish();
  scene.stream.tables();
  scene.stream.key_frame(3600);
  scene.stream.out.resize(scene.stream.out.size() - 50);
  scene.publish();
  ByteVector viewer;

  append_join(scene.observer.access_point(), scene.rest(), viewer);

  EXPECT_EQ(scene.report.tail_bytes, packet_bytes - 50);
  EXPECT_EQ(viewer, scene.message);
}

}  // namespace
}  // namespace crosspoint::media
