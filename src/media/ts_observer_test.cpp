#include "media/ts_observer.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "media/test_stream.h"

namespace crosspoint::media {
namespace {

constexpr MonotonicTime observed_from{1000s};

// `groups` times tables, a key frame, and `others` further pictures with sound.
ByteVector sample(int groups, int others = 3) {
  TestStream stream;
  Timestamp time = 0;
  for (int group = 0; group < groups; ++group) {
    stream.tables();
    stream.key_frame(time);
    for (int i = 0; i < others; ++i) {
      time += 3600;
      stream.other_frame(time);
      stream.sound(time);
    }
    time += 3600;
  }
  return stream.take();
}

bool contains(const std::vector<std::string>& warnings, std::string_view part) {
  for (const auto& warning: warnings) {
    if (warning.find(part) != std::string::npos) return true;
  }
  return false;
}

// ---- is it TS? ----

TEST(TsObserver, RecognisesAMessageOfWholePackets) {
  TsObserver observer;

  const auto report = observer.observe(sample(1), observed_from);

  EXPECT_TRUE(report.is_ts);
  EXPECT_TRUE(report.aligned);
  EXPECT_FALSE(report.restarted);
  EXPECT_EQ(report.access_point, 0u);
  EXPECT_EQ(report.tail_bytes, 0);
  EXPECT_TRUE(observer.is_ts());
}

TEST(TsObserver, RecognisesPacketsThatComeOneByOne) {
  TsObserver observer;
  const ByteVector stream = sample(2);
  std::size_t messages = 0;

  for (std::size_t at = 0; at < stream.size() && !observer.is_ts(); at += packet_bytes, ++messages) {
    observer.observe(Bytes(stream).subspan(at, packet_bytes), observed_from);
  }

  EXPECT_EQ(messages, 3u);
}

TEST(TsObserver, RecognisesAStreamCutIntoMessagesOfAnySize) {
  const ByteVector stream = sample(40);
  for (const std::size_t size: {1u, 7u, 77u, 187u, 189u, 1000u, 1316u, 4096u, 32768u}) {
    for (const std::size_t skipped: {0u, 1u, 100u, 187u}) {
      SCOPED_TRACE(testing::Message() << "messages of " << size << " from " << skipped);
      TsObserver observer;
      int access_points = 0;
      for (std::size_t at = skipped; at < stream.size(); at += size) {
        const Bytes message = Bytes(stream).subspan(at, std::min(size, stream.size() - at));
        const auto report = observer.observe(message, observed_from);
        if (report.is_ts) {
          EXPECT_EQ(report.tail_bytes, (at + message.size()) % packet_bytes);
        }
        if (report.access_point) {
          ++access_points;
          EXPECT_LE(*report.access_point, message.size());
        }
      }
      EXPECT_TRUE(observer.is_ts());
      EXPECT_EQ(observer.counters().sync_losses, 0u);
      EXPECT_EQ(observer.counters().continuity_errors, 0u);
      // Messages that hold several report one; what came before TS was recognised (up to six packets of the
      // shortest messages, a message of the longest) none.
      if (size <= 4096) {
        EXPECT_GE(access_points, 25);
      }
      EXPECT_GE(access_points, 1);
    }
  }
}

TEST(TsObserver, NoiseTextAndJsonAreNotTs) {
  TsObserver observer;
  for (unsigned i = 0; i < 2000; ++i) {
    EXPECT_FALSE(observer.observe(noise(1 + i, i), observed_from).is_ts);
    EXPECT_FALSE(observer.observe(as_bytes("GET / HTTP/1.1\r\n"), observed_from).is_ts);
    EXPECT_FALSE(observer.observe(as_bytes(R"({"temperature": 21.5})"), observed_from).is_ts);
  }
  EXPECT_FALSE(observer.is_ts());
  EXPECT_EQ(observer.describe(observed_from).container, Container::other);
}

TEST(TsObserver, AnEmptyMessageSaysNothing) {
  TsObserver observer;
  EXPECT_FALSE(observer.observe({}, observed_from).is_ts);
  EXPECT_EQ(observer.describe(observed_from).container, Container::unknown);
}

TEST(TsObserver, ASingleForeignMessageDisturbsNothing) {
  TsObserver observer;
  observer.observe(sample(1), observed_from);

  const auto foreign = observer.observe(as_bytes("{\"hello\": 1}"), observed_from);
  const auto next = observer.observe(sample(1), observed_from);

  EXPECT_FALSE(foreign.is_ts);
  EXPECT_FALSE(foreign.restarted);
  EXPECT_TRUE(next.is_ts);
  EXPECT_TRUE(next.aligned);
  EXPECT_TRUE(next.access_point);
}

TEST(TsObserver, ATopicMayTurnToSomethingElseAndBack) {
  TsObserver observer;
  observer.observe(sample(1), observed_from);
  bool restarted = false;

  for (int i = 0; i < 16; ++i) restarted = observer.observe(noise(500), observed_from).restarted;
  EXPECT_TRUE(restarted);
  EXPECT_FALSE(observer.is_ts());
  EXPECT_TRUE(observer.access_point().tables.empty());

  EXPECT_TRUE(observer.observe(sample(1), observed_from).access_point);
}

// ---- access points ----

TEST(TsObserver, AnAccessPointBeginsWithTheTablesBeforeIt) {
  TestStream stream;
  stream.tables();
  stream.key_frame(0);
  stream.other_frame(3600);
  const std::size_t begin = stream.out.size();
  stream.add({.pid = pid_sdt, .payload_unit_start = true}, ByteVector(100));
  stream.tables();
  stream.key_frame(7200);
  TsObserver observer;

  EXPECT_EQ(observer.observe(stream.take(), observed_from).access_point, begin);
  EXPECT_TRUE(observer.access_point().tables.empty());
}

TEST(TsObserver, TablesThatDoNotTouchTheKeyFrameAreNotPartOfIt) {
  TestStream stream;
  stream.tables();
  stream.other_frame(0);
  const std::size_t begin = stream.out.size();
  stream.key_frame(3600);
  TsObserver observer;

  EXPECT_EQ(observer.observe(stream.take(), observed_from).access_point, begin);
  EXPECT_EQ(observer.access_point().tables.size(), 2 * packet_bytes);
}

TEST(TsObserver, WhatLiesBetweenTablesAndKeyFrameIsNotSent) {
  // The tables end one message; the next begins with bytes that are no packet.
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(0);
  stream.tables();
  observer.observe(stream.take(), observed_from);
  stream.key_frame(3600, 1000);
  ByteVector message(100, std::byte{0x11});
  append(message, stream.take());

  EXPECT_EQ(observer.observe(message, observed_from).access_point, 100u);
}

TEST(TsObserver, TheLastOfSeveralIsReported) {
  TestStream stream;
  stream.tables();
  stream.key_frame(0);
  const std::size_t begin = stream.out.size();
  stream.tables();
  stream.key_frame(3600);
  stream.other_frame(7200);
  TsObserver observer;

  EXPECT_EQ(observer.observe(stream.take(), observed_from).access_point, begin);
  EXPECT_EQ(observer.counters().access_points, 2u);
}

TEST(TsObserver, PicturesAreSearchedInStreamsThatAnnounceNothing) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.frame({.pts = 0}, picture::mpeg_key());
  EXPECT_EQ(observer.observe(stream.take(), observed_from).access_point, 0u);

  stream.other_frame(3600);
  EXPECT_FALSE(observer.observe(stream.take(), observed_from).access_point);

  stream.other_frame(7200);
  const std::size_t begin = stream.out.size();
  stream.frame({.pts = 10800}, picture::mpeg_key());
  EXPECT_EQ(observer.observe(stream.take(), observed_from).access_point, begin);
}

TEST(TsObserver, AStreamThatAnnouncesIsBelieved) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(0);
  stream.frame({.pts = 3600}, picture::mpeg_key());  // not announced

  EXPECT_EQ(observer.observe(stream.take(), observed_from).access_point, 0u);
  EXPECT_EQ(observer.counters().access_points, 1u);
}

TEST(TsObserver, AStreamThatStopsAnnouncingIsSearchedAgain) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(0);
  observer.observe(stream.take(), observed_from);
  for (int i = 0; i < 250; ++i) stream.other_frame();
  EXPECT_FALSE(observer.observe(stream.take(), observed_from).access_point);

  stream.frame({}, picture::mpeg_key());
  EXPECT_TRUE(observer.observe(stream.take(), observed_from).access_point);
}

TEST(TsObserver, AnAnnouncementMayComeBeforeThePacketItIsAbout) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(0);
  stream.add({.pid = 0x100, .continuity_counter = stream.next_counter(0x100), .random_access = true},
             ByteVector(20));
  const std::size_t begin = stream.out.size();
  stream.other_frame(3600);

  EXPECT_EQ(observer.observe(stream.take(), observed_from).access_point, begin);
}

TEST(TsObserver, AHeaderAtTheEndOfAMessageIsDecidedThere) {
  // H.264 without announcements: the parameter sets are in this message, the slice in the next.
  TestStream stream;
  TsObserver observer;
  Pmt pmt = TestStream::video_and_audio();
  pmt.streams[0].stream_type = 0x1b;
  ByteVector frame = bytes_of({0, 0, 1, 0x09, 0xf0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x0d});
  frame.resize(400, std::byte{0x55});
  append(frame, bytes_of({0, 0, 1, 0x65, 0x88}));
  stream.tables(pmt);
  stream.frame({.pts = 0}, frame, 800);
  const ByteVector all = stream.take();

  const auto first = observer.observe(Bytes(all).first(3 * packet_bytes), observed_from);
  const auto second = observer.observe(Bytes(all).subspan(3 * packet_bytes), observed_from);

  EXPECT_EQ(first.access_point, 0u);
  EXPECT_FALSE(second.access_point);
}

TEST(TsObserver, SoundIsEnteredAtEveryPieceWhereThereAreNoPictures) {
  TestStream stream;
  Pmt pmt = TestStream::video_and_audio();
  pmt.streams.erase(pmt.streams.begin());
  pmt.pcr_pid = 0x101;
  TsObserver observer;
  stream.tables(pmt);
  stream.sound(0, 400);
  stream.sound(2160, 400);
  const std::size_t begin = stream.out.size();
  stream.sound(4320, 400);

  EXPECT_EQ(observer.observe(stream.take(), observed_from).access_point, begin);
  EXPECT_EQ(observer.access_point().pid, 0x101);
  EXPECT_EQ(observer.describe(observed_from).audio, Codec::mp2);
  EXPECT_EQ(observer.describe(observed_from).video, Codec::none);
  EXPECT_EQ(observer.describe(observed_from).player, Player::jsmpeg);
}

TEST(TsObserver, SoundBesidePicturesIsNoPlaceToEnter) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(0);
  observer.observe(stream.take(), observed_from);
  stream.sound(0);
  EXPECT_FALSE(observer.observe(stream.take(), observed_from + 100ms).access_point);
}

TEST(TsObserver, SoundIsEnteredWhenThePicturesStayAway) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(0);
  observer.observe(stream.take(), observed_from);
  stream.sound(0);
  EXPECT_TRUE(observer.observe(stream.take(), observed_from + 6s).access_point);
}

TEST(TsObserver, WithoutTablesNoPlaceIsReportedUntilItIsClearThatThereAreNone) {
  TestStream stream;
  TsObserver observer;
  stream.key_frame(0);
  EXPECT_FALSE(observer.observe(stream.take(), observed_from).access_point);
  stream.key_frame(3600);
  EXPECT_FALSE(observer.observe(stream.take(), observed_from + 1s).access_point);
  stream.key_frame(7200);
  EXPECT_TRUE(observer.observe(stream.take(), observed_from + 3s).access_point);
  EXPECT_TRUE(observer.access_point().tables.empty());
}

// ---- another stream ----

TEST(TsObserver, APublisherThatStartsAgainIsNoticedByItsClock) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(900000);
  observer.observe(stream.take(), observed_from);
  TestStream again;
  again.tables();
  again.key_frame(0);

  const auto report = observer.observe(again.take(), observed_from + 1s);

  EXPECT_TRUE(report.restarted);
  EXPECT_EQ(report.access_point, 0u);
  EXPECT_EQ(observer.counters().restarts, 1u);
}

TEST(TsObserver, AClockThatJumpsAheadCountsOnlyTogetherWithACounter) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(0);
  observer.observe(stream.take(), observed_from);

  stream.key_frame(10 * 90000);  // a camera that was still for ten seconds
  EXPECT_FALSE(observer.observe(stream.take(), observed_from + 10s).restarted);

  stream.set_next_counter(0x100, (stream.next_counter(0x100) + 5) & 0x0f);
  stream.key_frame(20 * 90000);
  EXPECT_TRUE(observer.observe(stream.take(), observed_from + 11s).restarted);
}

TEST(TsObserver, LostPacketsAloneAreNoRestart) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(0);
  observer.observe(stream.take(), observed_from);
  stream.set_next_counter(0x100, (stream.next_counter(0x100) + 3) & 0x0f);
  stream.key_frame(3600);

  EXPECT_FALSE(observer.observe(stream.take(), observed_from).restarted);
  EXPECT_EQ(observer.counters().continuity_errors, 1u);
}

TEST(TsObserver, AClockThatWrapsRoundGoesOn) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(timestamp_modulus - 1800);
  observer.observe(stream.take(), observed_from);
  stream.key_frame(1800);

  EXPECT_FALSE(observer.observe(stream.take(), observed_from).restarted);
}

TEST(TsObserver, OtherTablesUnderTheSameVersionAreAnotherStream) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(0);
  observer.observe(stream.take(), observed_from);
  Pmt pmt = TestStream::video_and_audio();
  pmt.streams.pop_back();
  stream.tables(pmt);
  stream.key_frame(3600);

  EXPECT_TRUE(observer.observe(stream.take(), observed_from + 1s).restarted);
}

TEST(TsObserver, ANewVersionThatOnlyMutesTheSoundIsTheSameStream) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(0);
  observer.observe(stream.take(), observed_from);
  Pmt pmt = TestStream::video_and_audio();
  pmt.streams.pop_back();
  pmt.version = 1;
  stream.tables(pmt);
  stream.key_frame(3600);
  EXPECT_FALSE(observer.observe(stream.take(), observed_from + 1s).restarted);

  pmt.version = 2;
  pmt.streams[0].stream_type = 0x1b;  // other pictures
  stream.tables(pmt);
  EXPECT_TRUE(observer.observe(stream.take(), observed_from + 2s).restarted);
}

TEST(TsObserver, AMessageThatEndsTheRhythmOfTheOneBeforeIsAnotherStream) {
  const ByteVector old_stream = sample(4);
  TsObserver observer;
  observer.observe(Bytes(old_stream).first(1000), observed_from);
  ASSERT_EQ(observer.observe(Bytes(old_stream).subspan(1000, 1000), observed_from).tail_bytes,
            2000 % packet_bytes);

  const auto report = observer.observe(sample(1), observed_from);

  EXPECT_TRUE(report.restarted);
  EXPECT_TRUE(report.aligned);
  EXPECT_EQ(report.access_point, 0u);
}

TEST(TsObserver, FeedsThatShareATopicDoNotRestartItForEver) {
  // As hosts of old send them: one encoder for pictures, one for sound, both on PMT 0x1000 and PID 0x100.
  TestStream pictures;
  TestStream sound;
  Pmt picture_tables = TestStream::video_and_audio();
  picture_tables.streams.pop_back();
  Pmt sound_tables = TestStream::video_and_audio();
  sound_tables.streams = {{.stream_type = 0x03, .pid = 0x100, .descriptors = {}}};
  TsObserver observer;
  MonotonicTime now = observed_from;
  int restarts_late = 0;
  int access_points_late = 0;
  for (int i = 0; i < 100; ++i) {
    pictures.tables(picture_tables);
    const auto time = static_cast<Timestamp>(i * 3600);
    if (i % 4 == 0) {
      pictures.key_frame(time);
    } else {
      pictures.other_frame(time);
    }
    sound.tables(sound_tables);
    sound.frame(
        {.stream_id = 0xc0, .random_access = true, .pts = time + 500000, .pcr = (time + 500000) * 300},
        bytes_of({0xff, 0xfd, 0x80, 0}), 200);
    for (TestStream* each: {&pictures, &sound}) {
      const auto report = observer.observe(each->take(), now);
      if (i >= 20 && report.restarted) ++restarts_late;
      if (i >= 20 && report.access_point) {
        ++access_points_late;
        EXPECT_EQ(each, &pictures);
      }
    }
    now += 40ms;
  }

  EXPECT_EQ(restarts_late, 0);
  EXPECT_EQ(access_points_late, 20);
  const auto description = observer.describe(now);
  EXPECT_EQ(description.video, Codec::mpeg1_video);
  EXPECT_EQ(description.audio, Codec::mp2);
  EXPECT_TRUE(contains(description.warnings, "same PIDs"));
}

// ---- what it carries ----

TEST(TsObserver, DescribesTheStream) {
  TsObserver observer;

  observer.observe(sample(3, 11), observed_from);
  const auto description = observer.describe(observed_from);

  EXPECT_EQ(description.container, Container::mpeg_ts);
  EXPECT_EQ(description.video, Codec::mpeg1_video);
  EXPECT_EQ(description.audio, Codec::mp2);
  EXPECT_EQ(description.width, 320);
  EXPECT_EQ(description.height, 240);
  EXPECT_NEAR(description.frames_per_second, 25, 0.001);
  EXPECT_EQ(description.audio_sample_hz, 48000u);
  EXPECT_NEAR(description.key_frame_seconds, 0.48, 0.001);
  EXPECT_EQ(description.player, Player::jsmpeg);
  EXPECT_TRUE(description.has_tables);
  EXPECT_EQ(description.largest_frame_bytes, 3 * 184u);
  EXPECT_TRUE(description.warnings.empty()) << description.warnings[0];
}

TEST(TsObserver, WarnsOfWhatPlayersCannotPlay) {
  TestStream stream;
  TsObserver observer;
  ByteVector mpeg2 = picture::mpeg_sequence();
  append(mpeg2, picture::mpeg2_extension());
  append(mpeg2, picture::mpeg(1));
  stream.tables();
  stream.frame({.random_access = true, .pts = 0}, mpeg2);
  stream.frame({.pts = 3600}, picture::mpeg(3));
  stream.other_frame(7200);
  observer.observe(stream.take(), observed_from);

  const auto description = observer.describe(observed_from);

  EXPECT_EQ(description.video, Codec::mpeg2_video);
  EXPECT_EQ(description.player, Player::none);
  EXPECT_TRUE(contains(description.warnings, "jsmpeg cannot play it"));
}

TEST(TsObserver, WarnsOfSoundThatJsmpegIsSilentAt) {
  for (const auto& [head, part]: {std::pair(bytes_of({0xff, 0xfb, 0x90, 0}), "MP2 only"),
                                  std::pair(bytes_of({0xff, 0xf5, 0x80, 0}), "22050")}) {
    TestStream stream;
    TsObserver observer;
    stream.tables();
    stream.key_frame(0);
    stream.frame({.pid = 0x101, .stream_id = 0xc0}, head);
    stream.other_frame(3600);
    observer.observe(stream.take(), observed_from);
    EXPECT_TRUE(contains(observer.describe(observed_from).warnings, part)) << part;
  }
}

TEST(TsObserver, WarnsOfBPicturesAndOfKeyFramesThatStayAway) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(0);
  stream.frame({.pts = 3600}, picture::mpeg(3));
  observer.observe(stream.take(), observed_from);
  EXPECT_TRUE(contains(observer.describe(observed_from).warnings, "-bf 0"));
  EXPECT_FALSE(contains(observer.describe(observed_from).warnings, "No key frame"));

  stream.other_frame(7200);
  observer.observe(stream.take(), observed_from + 8s);
  EXPECT_TRUE(contains(observer.describe(observed_from + 8s).warnings, "No key frame for 8 s"));
}

TEST(TsObserver, WarnsOfAnnouncedSoundThatDoesNotCome) {
  TestStream stream;
  TsObserver observer;
  for (int i = 0; i < 10; ++i) {
    stream.tables();
    stream.key_frame(static_cast<Timestamp>(i) * 90000);
    observer.observe(stream.take(), observed_from + i * 1s);
  }
  EXPECT_TRUE(contains(observer.describe(observed_from + 9s).warnings, "announce sound"));
}

TEST(TsObserver, WithoutTablesItSaysThatOnlyJsmpegPlays) {
  TestStream stream;
  TsObserver observer;
  for (int i = 0; i < 8; ++i) {
    stream.key_frame(static_cast<Timestamp>(i) * 90000);
    observer.observe(stream.take(), observed_from + i * 1s);
  }
  const auto description = observer.describe(observed_from + 7s);
  EXPECT_EQ(description.video, Codec::mpeg1_video);
  EXPECT_EQ(description.player, Player::jsmpeg);
  EXPECT_TRUE(contains(description.warnings, "No PAT and PMT"));
}

// ---- counters and bounds ----

TEST(TsObserver, CountsWhatGoesWrong) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(0);
  observer.observe(stream.take(), observed_from);
  stream.other_frame(3600);
  stream.out[1] |= std::byte{0x80};  // transport_error_indicator on its first packet
  stream.tables();
  stream.out[stream.out.size() - packet_bytes + 20] ^= std::byte{1};  // inside the PMT
  observer.observe(stream.take(), observed_from);
  ByteVector broken = sample(1);
  broken[packet_bytes * 4] = std::byte{0};
  observer.observe(broken, observed_from);

  const auto& counters = observer.counters();
  EXPECT_EQ(counters.transport_errors, 1u);
  EXPECT_EQ(counters.table_errors, 1u);
  EXPECT_EQ(counters.sync_losses, 1u);
}

// The rules of ISO/IEC 13818-1 section 2.4.3.3, packet by packet.
std::uint64_t counters_that_jump(Bytes stream) {
  struct Last {
    std::uint8_t counter;
    bool repeated;
  };
  std::map<Pid, Last> last;
  std::uint64_t jumps = 0;
  for (std::size_t at = 0; at < stream.size(); at += packet_bytes) {
    const PacketView packet = packet_at(stream, at);
    const std::uint8_t counter = packet.continuity_counter();
    const auto before = last.find(packet.pid());
    bool repeated = false;
    if (before != last.end() && counter != ((before->second.counter + 1) & 0x0f)) {
      repeated = counter == before->second.counter && !before->second.repeated;
      if (!repeated) ++jumps;
    }
    last.insert_or_assign(packet.pid(), Last{counter, repeated});
  }
  return jumps;
}

TEST(TsObserver, CountsEveryCounterThatJumpsAndNoOther) {
  TestStream clean;
  for (int i = 0; i < 30; ++i) {
    clean.tables();
    clean.key_frame({}, 3000);
    clean.other_frame({}, 2000);
    clean.sound({}, 700);
  }
  const ByteVector original = clean.take();
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    ByteVector stream = to_vector(Bytes(original).first(5 * packet_bytes));
    for (std::size_t at = stream.size(); at < original.size(); at += packet_bytes) {
      const auto chance = random() % 40;
      if (chance == 0) continue;
      append(stream, Bytes(original).subspan(at, packet_bytes));
      if (chance == 1) append(stream, Bytes(original).subspan(at, packet_bytes));
    }
    TsObserver observer;
    const std::size_t piece = (5 + random() % 40) * packet_bytes;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      observer.observe(Bytes(stream).subspan(at, std::min(piece, stream.size() - at)), observed_from);
    }

    EXPECT_EQ(observer.counters().continuity_errors, counters_that_jump(stream)) << "seed " << seed;
    EXPECT_EQ(observer.counters().packets, stream.size() / packet_bytes);
  }
}

TEST(TsObserver, ADuplicateOfAPacketIsNoError) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  stream.key_frame(0);
  ByteVector bytes = stream.take();
  append(bytes, to_vector(Bytes(bytes).last(packet_bytes)));
  observer.observe(bytes, observed_from);
  EXPECT_EQ(observer.counters().continuity_errors, 0u);
  observer.observe(to_vector(Bytes(bytes).last(packet_bytes)),
                   observed_from);  // a third time is one too many
  EXPECT_EQ(observer.counters().continuity_errors, 1u);
}

TEST(TsObserver, ADuplicateInTheMiddleOfATableIsReadOnce) {
  TestStream stream;
  TsObserver observer;
  Pmt pmt = TestStream::video_and_audio();
  pmt.descriptors.resize(500, std::byte{0x80});
  stream.tables(pmt);
  stream.key_frame(0);
  const ByteVector bytes = stream.take();
  ByteVector doubled;
  for (std::size_t at = 0; at < bytes.size(); at += packet_bytes) {
    append(doubled, Bytes(bytes).subspan(at, packet_bytes));
    append(doubled, Bytes(bytes).subspan(at, packet_bytes));
  }

  EXPECT_TRUE(observer.observe(doubled, observed_from).access_point);
  EXPECT_TRUE(observer.describe(observed_from).has_tables);
  EXPECT_EQ(observer.counters().table_errors, 0u);
}

TEST(TsObserver, FollowsNoMoreThan64Pids) {
  TestStream stream;
  TsObserver observer;
  stream.tables();
  for (Pid pid = 0x200; pid < 0x200 + 500; ++pid) {
    stream.add({.pid = pid, .continuity_counter = 0, .payload_unit_start = true}, ByteVector(184));
  }
  stream.key_frame(0);

  const auto report = observer.observe(stream.take(), observed_from);

  EXPECT_TRUE(report.is_ts);
  EXPECT_EQ(observer.counters().packets_ignored, 500u - 60u);
}

TEST(TsObserver, ReportsTheSameHoweverAStreamIsCut) {
  // Aligned messages cut at every packet: the same access points, at the same place in the stream.
  const ByteVector stream = sample(6);
  std::vector<std::size_t> expected;
  for (std::size_t at = 0; at < stream.size(); at += packet_bytes) {
    if (packet_at(stream, at).random_access() && packet_at(stream, at).pid() == 0x100) expected.push_back(at);
  }
  const std::size_t warm_up = expected[1] - 2 * packet_bytes;
  for (std::size_t size = packet_bytes; size < 20 * packet_bytes; size += packet_bytes) {
    TsObserver observer;
    observer.observe(Bytes(stream).first(warm_up), observed_from);
    std::vector<std::size_t> found;
    for (std::size_t at = warm_up; at < stream.size(); at += size) {
      const Bytes message = Bytes(stream).subspan(at, std::min(size, stream.size() - at));
      const auto report = observer.observe(message, observed_from);
      if (!report.access_point) continue;
      std::size_t place = at + *report.access_point;
      while (packet_at(stream, place).pid() != 0x100) place += packet_bytes;  // tables in front
      found.push_back(place);
    }
    // A message that holds two reports the later.
    for (const std::size_t place: found)
      EXPECT_EQ(std::count(expected.begin(), expected.end(), place), 1) << size;
    if (size <= 6 * packet_bytes) {
      EXPECT_EQ(found.size(), expected.size() - 1) << size;
    }
  }
}

}  // namespace
}  // namespace crosspoint::media
