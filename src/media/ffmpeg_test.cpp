// What the room makes of streams that the real ffmpeg wrote, and what the real ffmpeg says of what the room
// wrote.

#include <gtest/gtest.h>

#include <algorithm>

#include "media/entry_point.h"
#include "media/test_ffmpeg.h"
#include "media/test_stream.h"
#include "media/ts_chunker.h"
#include "media/ts_looper.h"
#include "media/ts_observer.h"

namespace crosspoint::media {
namespace {

constexpr MonotonicTime start{1000s};

std::vector<ByteVector> messages_of(Bytes stream) {
  TsChunker chunker;
  std::vector<ByteVector> messages;
  const auto collect = [&] {
    while (const auto message = chunker.next()) messages.push_back(to_vector(*message));
  };
  chunker.feed(stream, start);
  chunker.end();
  collect();
  if (messages.size() > 1) return messages;
  // Sound alone has no pictures to cut at: ffmpeg's HTTP chunks end before the tables of the next piece.
  messages.clear();
  for (std::size_t at = 0; at < stream.size(); at += packet_bytes) {
    const bool after_sdt = at > 0 && packet_at(stream, at - packet_bytes).pid() == pid_sdt;
    if (packet_at(stream, at).pid() == pid_pat && !after_sdt) chunker.chunk_end(start);
    chunker.feed(stream.subspan(at, packet_bytes), start);
    collect();
  }
  chunker.end();
  collect();
  return messages;
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// The same stream from a multiplexer that announces no access points.
ByteVector without_announcements(ByteVector stream) {
  for (std::size_t at = 0; at < stream.size(); at += packet_bytes) {
    if (packet_at(stream, at).random_access()) stream[at + 5] &= ~std::byte{0x40};
  }
  return stream;
}

struct Encoding {
  const char* name;
  ClipSpec spec;
  Codec video;
  Codec audio;
  Player player;
  // An intra refresh repairs the picture bit by bit: what is left of the old one until then, decoders
  // complain about.
  bool clean_at_once = true;
};

std::vector<Encoding> encodings() {
  return {
      {"mpeg1_mp2",
       {"-c:v mpeg1video -bf 0 -b:v 800k -c:a mp2"},
       Codec::mpeg1_video,
       Codec::mp2,
       Player::jsmpeg},
      {"mpeg2_mp2",
       {"-c:v mpeg2video -bf 0 -b:v 800k -c:a mp2"},
       Codec::mpeg2_video,
       Codec::mp2,
       Player::none},
      {"h264_aac",
       {"-c:v libx264 -preset ultrafast -g 25 -c:a aac"},
       Codec::h264,
       Codec::aac,
       Player::mpegts},
      {"h264_b_frames",
       {"-c:v libx264 -preset veryfast -g 25 -bf 2 -c:a aac"},
       Codec::h264,
       Codec::aac,
       Player::mpegts},
      {"h264_intra_refresh",
       {"-c:v libx264 -preset veryfast -g 25 -intra-refresh 1 -c:a aac"},
       Codec::h264,
       Codec::aac,
       Player::mpegts,
       false},
      {"h265_aac",
       {"-c:v libx265 -preset ultrafast -g 25 -x265-params log-level=none -c:a aac"},
       Codec::h265,
       Codec::aac,
       Player::mpegts},
      {"mpeg1_alone", {"-c:v mpeg1video -bf 0 -an"}, Codec::mpeg1_video, Codec::none, Player::jsmpeg},
      {"mp2_alone", {"-vn -c:a mp2"}, Codec::none, Codec::mp2, Player::jsmpeg},
  };
}

void PrintTo(const Encoding& encoding, std::ostream* out) { *out << encoding.name; }

class RealStream : public testing::TestWithParam<Encoding> {
 protected:
  void SetUp() override {
    const auto clip = ffmpeg_clip(GetParam().spec);
    if (!clip) GTEST_SKIP() << "ffmpeg is not installed, or has not this encoder";
    stream_ = *clip;
    messages_ = messages_of(stream_);
  }
  // The access points that ffprobe sees. Of sound alone every packet is one.
  std::size_t key_packets() {
    const char* kind = GetParam().video == Codec::none ? "a" : "v";
    const auto flags = probe(testing::TempDir(), stream_,
                             std::string("-select_streams ") + kind + " -show_entries packet=flags");
    return count_of(flags, "K");
  }

  ByteVector stream_;
  std::vector<ByteVector> messages_;
};

TEST_P(RealStream, IsDescribedAsItWasMade) {
  TsObserver observer;
  MonotonicTime now = start;
  for (const auto& message: messages_) observer.observe(message, now += 40ms);

  const auto description = observer.describe(now);

  EXPECT_EQ(description.container, Container::mpeg_ts);
  EXPECT_EQ(description.video, GetParam().video) << to_string(description.video);
  EXPECT_EQ(description.audio, GetParam().audio) << to_string(description.audio);
  EXPECT_EQ(description.player, GetParam().player);
  if (GetParam().video != Codec::none) {
    EXPECT_EQ(description.width, 320);
    EXPECT_EQ(description.height, 240);
    EXPECT_NEAR(description.frames_per_second, 25, 0.3);
  }
  if (GetParam().audio != Codec::none) {
    EXPECT_EQ(description.audio_sample_hz, 44100u);
  }
  EXPECT_EQ(observer.counters().continuity_errors, 0u);
  EXPECT_EQ(observer.counters().table_errors, 0u);
  EXPECT_EQ(observer.counters().restarts, 0u);
}

TEST_P(RealStream, EveryKeyFrameIsAnAccessPoint) {
  TsObserver observer;
  for (const auto& message: messages_) {
    const auto report = observer.observe(message, start);
    EXPECT_TRUE(report.aligned);
    if (!report.access_point || GetParam().video == Codec::none) continue;
    EXPECT_EQ(report.access_point, 0u) << "tables stay with the picture they precede";
    EXPECT_EQ(packet_at(message, packet_bytes * (packet_at(message, 0).pid() == pid_sdt ? 1 : 0)).pid(),
              pid_pat);
  }

  // ffprobe joins frames of sound that one PES packet carries, or parts them: there only the observer's own
  // count is known.
  if (GetParam().video != Codec::none) {
    EXPECT_EQ(observer.counters().access_points, key_packets());
  } else {
    EXPECT_GT(observer.counters().access_points, 10u);
  }
}

TEST_P(RealStream, SearchingFindsWhatIsNotAnnounced) {
  if (GetParam().video == Codec::none) GTEST_SKIP() << "there is nothing to search in sound";
  TsObserver observer;
  for (const auto& message: messages_) observer.observe(without_announcements(message), start);
  EXPECT_EQ(observer.counters().access_points, key_packets());

  // The same in small messages, where headers and the picture they belong to come in different ones.
  TsObserver patient;
  const ByteVector stream = without_announcements(stream_);
  for (std::size_t at = 0; at < stream.size(); at += 1316) {
    patient.observe(Bytes(stream).subspan(at, std::min<std::size_t>(1316, stream.size() - at)), start);
  }
  EXPECT_EQ(patient.counters().access_points, key_packets());
}

TEST_P(RealStream, F61_AViewerWhoComesInLateGetsACleanStream) {
  TsObserver observer;
  ByteVector viewer;
  std::size_t entered_at = 0;
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    const auto report = observer.observe(messages_[i], start);
    if (!viewer.empty()) {
      append(viewer, messages_[i]);
    } else if (i > messages_.size() / 3 && report.access_point) {
      append_join(observer.access_point(), Bytes(messages_[i]).subspan(*report.access_point), viewer);
      entered_at = i;
    }
  }

  ASSERT_GT(entered_at, 0u);
  const std::size_t pat = packet_at(viewer, 0).pid() == pid_sdt ? packet_bytes : 0;
  EXPECT_EQ(packet_at(viewer, pat).pid(), pid_pat);
  EXPECT_EQ(packet_at(viewer, pat + packet_bytes).pid(), 0x1000);
  EXPECT_TRUE(continuity_complaints(viewer).empty());
  if (GetParam().clean_at_once) {
    EXPECT_EQ(decoding_warnings(testing::TempDir(), viewer), "");
  }
  if (GetParam().video != Codec::none && GetParam().clean_at_once) {
    const auto first = probe(testing::TempDir(), viewer,
                             "-select_streams v -read_intervals %+#1 -show_entries frame=pict_type");
    EXPECT_EQ(first.substr(0, 1), "I");
  }
}

TEST_P(RealStream, F62_AViewerWhoWasTooSlowGetsACleanStream) {
  // It follows for a while, misses the rest of that group of pictures and a few more messages, and goes on:
  // again and again.
  TsObserver observer;
  ByteVector viewer;
  bool follows = true;
  std::size_t skips = 0;
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    const auto report = observer.observe(messages_[i], start);
    if (follows) {
      append(viewer, messages_[i]);
      if (i % 23 == 15) follows = false;
    } else if (i % 23 != 16 && report.access_point) {
      append_skip(observer.access_point(), 0, Bytes(messages_[i]).subspan(*report.access_point), viewer);
      follows = true;
      ++skips;
    }
  }

  EXPECT_GE(skips, GetParam().video == Codec::none ? 1u : 2u);
  EXPECT_TRUE(continuity_complaints(viewer).empty());
  if (GetParam().clean_at_once) {
    EXPECT_EQ(decoding_warnings(testing::TempDir(), viewer), "");
  }
}

TEST_P(RealStream, F63_APublisherWhoStartsAgainDoesNotBreakTheStream) {
  TsObserver observer;
  ByteVector viewer;
  bool waits = false;
  int restarts = 0;
  for (int round = 0; round < 2; ++round) {
    for (const auto& message: messages_) {
      const auto report = observer.observe(message, start);
      if (report.restarted) {
        ++restarts;
        waits = true;
      }
      if (!waits) {
        append(viewer, message);
      } else if (report.access_point) {
        append_skip(observer.access_point(), 0, Bytes(message).subspan(*report.access_point), viewer);
        waits = false;
      }
    }
  }

  EXPECT_EQ(restarts, 1);
  EXPECT_TRUE(continuity_complaints(viewer).empty());
  EXPECT_EQ(count_of(decoding_warnings(testing::TempDir(), viewer), "corrupt"), 0u);
}

TEST_P(RealStream, F52_ItsMessagesAreItsPictures) {
  for (const auto& message: messages_) {
    EXPECT_EQ(message.size() % packet_bytes, 0u);
    EXPECT_EQ(message[0], sync_byte);
  }
  if (GetParam().video != Codec::none) {
    EXPECT_NEAR(static_cast<double>(messages_.size()), 100, 5);
  }
}

INSTANTIATE_TEST_SUITE_P(Ffmpeg, RealStream, testing::ValuesIn(encodings()),
                         [](const auto& each) { return std::string(each.param.name); });

// What jsmpeg's demuxer goes by (specification, section C.2): packets of 188 bytes, the stream_id alone, a
// video PES lasts until the next one begins.
std::vector<ByteVector> pictures_as_jsmpeg_sees_them(Bytes stream) {
  std::vector<ByteVector> pictures;
  bool inside = false;
  for (std::size_t at = 0; at + packet_bytes <= stream.size(); at += packet_bytes) {
    const PacketView packet = packet_at(stream, at);
    if (!packet.has_sync() || packet.payload().empty() || packet.pid() != 0x100) continue;
    if (packet.payload_unit_start()) {
      const auto header = parse_pes_header(packet.payload());
      inside = header && header->stream_id == 0xe0;
      if (inside) pictures.push_back(to_vector(packet.payload().subspan(header->header_bytes)));
    } else if (inside) {
      append(pictures.back(), packet.payload());
    }
  }
  return pictures;
}

TEST(RealJsmpegStream, EveryPictureAfterASkipIsOneOfTheOriginalAndTheFirstIsAKeyFrame) {
  const auto clip = ffmpeg_clip({"-c:v mpeg1video -bf 0 -b:v 800k -c:a mp2"});
  if (!clip) GTEST_SKIP() << "ffmpeg is not installed";
  const auto original = pictures_as_jsmpeg_sees_them(*clip);
  TsObserver observer;
  ByteVector viewer;
  ByteVector after_gap;
  bool follows = true;
  std::size_t i = 0;
  for (const auto& message: messages_of(*clip)) {
    const auto report = observer.observe(message, start);
    if (!follows && report.access_point) {
      append_skip(observer.access_point(), 0, Bytes(message).subspan(*report.access_point), after_gap);
      follows = true;
    } else if (follows) {
      append(after_gap.empty() ? viewer : after_gap, message);
    }
    if (++i == 20) follows = false;
  }

  append(viewer, after_gap);
  const auto seen = pictures_as_jsmpeg_sees_them(viewer);

  EXPECT_EQ(seen.size(), original.size() - 4) << "from the twentieth to the next key frame, the 25th";
  for (const auto& picture: seen) EXPECT_EQ(std::count(original.begin(), original.end(), picture), 1);
  const auto resumed = pictures_as_jsmpeg_sees_them(after_gap);
  ASSERT_FALSE(resumed.empty());
  EXPECT_EQ(to_hex(Bytes(resumed[0]).first(4)), "00 00 01 b3");
}

TEST(RealLooper, FfmpegPlaysManyRoundsWithoutAWord) {
  for (const char* codecs:
       {"-c:v mpeg1video -bf 0 -c:a mp2", "-c:v libx264 -preset ultrafast -g 25 -c:a aac"}) {
    auto clip = ffmpeg_clip({codecs, "", 2});
    if (!clip) GTEST_SKIP() << "ffmpeg is not installed, or has not this encoder";
    auto looper = TsLooper::make(std::move(*clip));
    ASSERT_TRUE(looper);
    ByteVector out;
    while (const auto piece = looper->next(looper->period() * 5 - 1ns)) append(out, *piece);

    EXPECT_TRUE(continuity_complaints(out).empty());
    EXPECT_EQ(decoding_warnings(testing::TempDir(), out), "");
    const auto pictures = probe(testing::TempDir(), out,
                                "-select_streams v -count_packets -show_entries stream=nb_read_packets");
    EXPECT_EQ(pictures.substr(0, 3), "250");
  }
}

TEST(RealHost, AnUploadInLargeChunksIsCutIntoPictures) {
  // Frames of up to 60 KiB, in chunks of 32,768 bytes as `ffmpeg -flush_packets 0` posts them.
  ClipSpec spec{"-c:v mpeg1video -bf 0 -b:v 6M -c:a mp2"};
  spec.size = "640x480";
  const auto clip = ffmpeg_clip(spec);
  if (!clip) GTEST_SKIP() << "ffmpeg is not installed";
  TsChunker chunker;
  std::vector<std::size_t> sizes;
  ByteVector joined;
  const auto collect = [&] {
    while (const auto message = chunker.next()) {
      sizes.push_back(message->size());
      append(joined, *message);
    }
  };
  for (std::size_t at = 0; at < clip->size(); at += 32768) {
    chunker.feed(Bytes(*clip).subspan(at, std::min<std::size_t>(32768, clip->size() - at)), start);
    chunker.chunk_end(start);
    collect();
  }
  chunker.end();
  collect();

  EXPECT_EQ(joined, *clip);
  EXPECT_NEAR(static_cast<double>(sizes.size()), 100, 2);
  for (const auto size: sizes) EXPECT_EQ(size % packet_bytes, 0u);
}

}  // namespace
}  // namespace crosspoint::media
