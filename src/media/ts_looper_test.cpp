#include "media/ts_looper.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "media/test_stream.h"
#include "media/ts_observer.h"

namespace crosspoint::media {
namespace {

// Eight pictures, 40 ms apart, tables and a key frame every four; sound beside them.
ByteVector clip(Timestamp begin = 0) {
  TestStream stream;
  for (Timestamp i = 0; i < 8; ++i) {
    const Timestamp time = (begin + i * 3600) % timestamp_modulus;
    if (i % 4 == 0) {
      stream.tables();
      stream.key_frame(time);
    } else {
      stream.other_frame(time);
    }
    stream.sound(time);
  }
  return stream.take();
}

ByteVector play(TsLooper& looper, Duration until) {
  ByteVector out;
  while (const auto piece = looper.next(until)) append(out, *piece);
  return out;
}

std::map<Pid, std::vector<Timestamp>> times_of(Bytes stream) {
  std::map<Pid, std::vector<Timestamp>> times;
  for (std::size_t at = 0; at < stream.size(); at += packet_bytes) {
    const PacketView packet = packet_at(stream, at);
    if (!packet.payload_unit_start()) continue;
    const auto header = parse_pes_header(packet.payload());
    if (header && header->pts) times[packet.pid()].push_back(*header->pts);
  }
  return times;
}

TEST(TsLooper, GivesOnePictureAtATimeWhenItIsDue) {
  auto looper = *TsLooper::make(clip());

  EXPECT_EQ(looper.due(), 0s);
  const ByteVector first = to_vector(*looper.next(0s));
  EXPECT_EQ(first.size(), 5 * packet_bytes) << "PAT, PMT and three packets of a picture";
  EXPECT_TRUE(looper.next(0s)) << "its sound";
  EXPECT_FALSE(looper.next(39ms));
  EXPECT_EQ(looper.due(), 40ms);
  EXPECT_TRUE(looper.next(40ms));
}

TEST(TsLooper, ARoundLastsAsLongAsItsPictures) {
  auto looper = *TsLooper::make(clip());

  EXPECT_EQ(looper.period(), 320ms);
  EXPECT_EQ(play(looper, 319ms), clip());
  EXPECT_EQ(looper.rounds(), 1u);
  EXPECT_EQ(looper.due(), 320ms);
}

TEST(TsLooper, TimesAndCountersGoOnAcrossTheSeam) {
  auto looper = *TsLooper::make(clip());

  const ByteVector out = play(looper, 320ms * 20);

  EXPECT_TRUE(continuity_complaints(out).empty());
  for (const auto& [pid, times]: times_of(out)) {
    EXPECT_EQ(times.size(), 161u);
    for (std::size_t i = 1; i < times.size(); ++i) EXPECT_EQ(times[i] - times[i - 1], 3600u) << "PID " << pid;
  }
}

TEST(TsLooper, TheClockGoesOnAsWell) {
  auto looper = *TsLooper::make(clip());

  const ByteVector out = play(looper, 3s);

  std::optional<Pcr> last;
  for (std::size_t at = 0; at < out.size(); at += packet_bytes) {
    const auto pcr = packet_at(out, at).pcr();
    if (pcr && last) {
      EXPECT_EQ(pcr_difference(*pcr, *last), 4 * 3600 * 300);
    }
    if (pcr) last = pcr;
  }
  EXPECT_TRUE(last);
}

TEST(TsLooper, TimesThatWrapRoundDoNotStopIt) {
  auto looper = *TsLooper::make(clip(timestamp_modulus - 10'000));

  const ByteVector out = play(looper, 320ms * 4);

  EXPECT_EQ(looper.period(), 320ms);
  for (const auto& [pid, times]: times_of(out)) {
    for (std::size_t i = 1; i < times.size(); ++i)
      EXPECT_EQ(timestamp_difference(times[i], times[i - 1]), 3600);
  }
}

TEST(TsLooper, WhoComesLateGetsEverythingThatIsDue) {
  auto steady = *TsLooper::make(clip());
  auto late = *TsLooper::make(clip());

  ByteVector piecewise;
  for (Duration now = 0s; now <= 2s; now += 10ms) append(piecewise, play(steady, now));

  EXPECT_EQ(play(late, 2s), piecewise);
}

TEST(TsLooper, AnObserverSeesOneStreamWithoutEnd) {
  auto looper = *TsLooper::make(clip());
  TsObserver observer;
  MonotonicTime now{};
  int access_points = 0;
  for (Duration elapsed = 0s; elapsed < 30s; elapsed += 40ms) {
    while (const auto piece = looper.next(elapsed)) {
      const auto report = observer.observe(*piece, now + elapsed);
      EXPECT_FALSE(report.restarted);
      if (report.access_point) ++access_points;
    }
  }

  EXPECT_EQ(observer.counters().continuity_errors, 0u);
  EXPECT_NEAR(access_points, 30 / 0.16, 2);
  EXPECT_NEAR(observer.describe(now + 30s).frames_per_second, 25, 0.01);
}

TEST(TsLooper, RefusesWhatCannotBePlayed) {
  ByteVector unaligned = clip();
  unaligned.pop_back();
  ByteVector broken = clip();
  broken[packet_bytes] = std::byte{0};
  TestStream no_times;
  no_times.tables();
  no_times.key_frame();
  no_times.other_frame();
  TestStream one_time;
  one_time.key_frame(0);
  TestStream two_hours;
  two_hours.key_frame(0);
  two_hours.key_frame(2 * 3600 * 90000);

  EXPECT_EQ(TsLooper::make({}).error(), LooperError::not_packets);
  EXPECT_EQ(TsLooper::make(unaligned).error(), LooperError::not_packets);
  EXPECT_EQ(TsLooper::make(broken).error(), LooperError::not_packets);
  EXPECT_EQ(TsLooper::make(no_times.take()).error(), LooperError::no_timestamps);
  EXPECT_EQ(TsLooper::make(one_time.take()).error(), LooperError::no_timestamps);
  EXPECT_EQ(TsLooper::make(two_hours.take()).error(), LooperError::too_long);
}

TEST(TsLooper, TheClipOfTheDemonstrationLoopsWithoutASeam) {
  std::ifstream file(CROSSPOINT_DEMO_CLIP, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  ASSERT_FALSE(text.empty());
  EXPECT_LE(text.size(), 400'000u);

  auto looper = TsLooper::make(to_vector(as_bytes(text)));

  ASSERT_TRUE(looper);
  EXPECT_EQ(looper->period(), 3840ms);
  const ByteVector out = play(*looper, 3840ms * 3);
  EXPECT_TRUE(continuity_complaints(out).empty());
  const auto times = times_of(out);
  for (const auto& [pid, step]: {std::pair<Pid, std::int64_t>{0x100, 3600}, {0x101, 2160}}) {
    ASSERT_TRUE(times.contains(pid));
    for (std::size_t i = 1; i < times.at(pid).size(); ++i) {
      ASSERT_EQ(timestamp_difference(times.at(pid)[i], times.at(pid)[i - 1]), step)
          << "PID " << pid << ", " << i;
    }
  }
}

}  // namespace
}  // namespace crosspoint::media
