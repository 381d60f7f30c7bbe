#include "media/ts_chunker.h"

#include <gtest/gtest.h>

#include <random>

#include "media/test_stream.h"

namespace crosspoint::media {
namespace {

constexpr MonotonicTime uploaded_from{1000s};

// One upload and the messages that came of it.
class Upload {
 public:
  explicit Upload(const TsChunker::Settings& settings = {}) : chunker(settings) {}

  void feed(Bytes bytes) {
    chunker.feed(bytes, now);
    collect();
  }
  void chunk(Bytes bytes) {
    feed(bytes);
    chunker.chunk_end(now);
    collect();
  }
  void wait(Duration duration) {
    now += duration;
    chunker.tick(now);
    collect();
  }
  void end() {
    chunker.end();
    collect();
  }
  std::vector<std::size_t> sizes() const {
    std::vector<std::size_t> sizes;
    for (const auto& message: messages) sizes.push_back(message.size());
    return sizes;
  }
  ByteVector joined() const {
    ByteVector all;
    for (const auto& message: messages) append(all, message);
    return all;
  }

  TsChunker chunker;
  MonotonicTime now = uploaded_from;
  std::vector<ByteVector> messages;

 private:
  void collect() {
    while (const auto message = chunker.next()) messages.push_back(to_vector(*message));
  }
};

// Tables, a key frame, then pictures; where each picture (with the tables before it) begins, and the end.
struct Clip {
  ByteVector bytes;
  std::vector<std::size_t> frames;
};
Clip clip(int pictures, std::size_t picture_bytes = 2000) {
  TestStream stream;
  Clip clip;
  for (int i = 0; i < pictures; ++i) {
    clip.frames.push_back(stream.out.size());
    const auto time = static_cast<Timestamp>(i) * 3600;
    if (i % 4 == 0) {
      stream.tables();
      stream.key_frame(time, 5 * picture_bytes);
    } else {
      stream.other_frame(time, picture_bytes);
    }
  }
  clip.frames.push_back(stream.out.size());
  clip.bytes = stream.take();
  return clip;
}

std::vector<std::size_t> frame_sizes(const Clip& clip) {
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i + 1 < clip.frames.size(); ++i)
    sizes.push_back(clip.frames[i + 1] - clip.frames[i]);
  return sizes;
}

// ---- rule 1: HTTP chunks ----

TEST(TsChunker, AMessageEndsWithAChunkOfWholePackets) {
  const Clip pictures = clip(8);
  Upload upload;

  for (std::size_t i = 0; i + 1 < pictures.frames.size(); ++i) {
    upload.chunk(
        Bytes(pictures.bytes).subspan(pictures.frames[i], pictures.frames[i + 1] - pictures.frames[i]));
    EXPECT_EQ(upload.messages.size(), i + 1) << "at once, without waiting";
  }

  EXPECT_EQ(upload.sizes(), frame_sizes(pictures));
  EXPECT_EQ(upload.chunker.content(), TsChunker::Content::mpeg_ts);
}

TEST(TsChunker, APictureInSeveralUnalignedChunksIsOneMessage) {
  // As ffmpeg writes large pictures: 32,768 bytes at a time, which is no whole number of packets.
  const Clip pictures = clip(3, 20'000);
  Upload upload;
  for (std::size_t i = 0; i + 1 < pictures.frames.size(); ++i) {
    for (std::size_t at = pictures.frames[i]; at < pictures.frames[i + 1]; at += 32768) {
      upload.chunk(
          Bytes(pictures.bytes).subspan(at, std::min<std::size_t>(32768, pictures.frames[i + 1] - at)));
    }
  }

  EXPECT_EQ(upload.sizes(), frame_sizes(pictures));
}

TEST(TsChunker, ChunksMeanNothingInAnythingElse) {
  Upload upload;
  upload.chunk(noise(1880, 3));
  upload.chunk(noise(188, 4));
  EXPECT_TRUE(upload.messages.empty());

  upload.wait(2ms);
  EXPECT_EQ(upload.sizes(), std::vector<std::size_t>{2068});
  EXPECT_EQ(upload.chunker.content(), TsChunker::Content::other);
}

// ---- rule 2: pictures ----

TEST(TsChunker, ANewPictureEndsTheMessageBeforeItsTables) {
  const Clip pictures = clip(12);
  Upload upload;

  upload.feed(pictures.bytes);

  auto expected = frame_sizes(pictures);
  expected.pop_back();  // the last one is not over yet
  EXPECT_EQ(upload.sizes(), expected);
  upload.end();
  EXPECT_EQ(upload.sizes(), frame_sizes(pictures));
}

TEST(TsChunker, PicturesAreFoundInSteadyChunks) {
  // ffmpeg -flush_packets 0
  const Clip pictures = clip(40, 3000);
  Upload upload;
  for (std::size_t at = 0; at < pictures.bytes.size(); at += 32768) {
    upload.chunk(Bytes(pictures.bytes).subspan(at, std::min<std::size_t>(32768, pictures.bytes.size() - at)));
  }
  upload.end();

  EXPECT_EQ(upload.sizes(), frame_sizes(pictures));
}

TEST(TsChunker, ReadsTheSamePicturesHoweverTheBytesAreCut) {
  const Clip pictures = clip(5, 300);
  for (std::size_t cut = 0; cut <= pictures.bytes.size(); ++cut) {
    Upload upload;
    upload.feed(Bytes(pictures.bytes).first(cut));
    upload.feed(Bytes(pictures.bytes).subspan(cut));
    upload.end();
    ASSERT_EQ(upload.sizes(), frame_sizes(pictures)) << "cut at " << cut;
  }
  Upload bytewise;
  for (const std::byte& byte: pictures.bytes) bytewise.feed(Bytes(&byte, 1));
  bytewise.end();
  EXPECT_EQ(bytewise.sizes(), frame_sizes(pictures));
}

// ---- rule 3: silence ----

TEST(TsChunker, SilenceEndsAMessage) {
  const Clip pictures = clip(1);
  Upload upload;
  upload.feed(pictures.bytes);
  EXPECT_EQ(upload.chunker.due(), uploaded_from + 2ms);

  upload.wait(1999us);
  EXPECT_TRUE(upload.messages.empty());
  upload.wait(1us);

  EXPECT_EQ(upload.sizes(), std::vector{pictures.bytes.size()});
  EXPECT_FALSE(upload.chunker.due());
}

TEST(TsChunker, EveryByteBeginsTheSilenceAnew) {
  Upload upload;
  upload.feed(noise(10, 1));
  upload.wait(1500us);
  upload.feed(noise(10, 2));
  upload.wait(1500us);
  EXPECT_TRUE(upload.messages.empty());
  upload.wait(500us);
  EXPECT_EQ(upload.sizes(), std::vector<std::size_t>{20});
}

TEST(TsChunker, AnUnfinishedPacketWaitsForItsEnd) {
  const Clip pictures = clip(1);
  Upload upload;
  upload.feed(Bytes(pictures.bytes).first(1000));
  upload.wait(2ms);
  EXPECT_EQ(upload.sizes(), std::vector<std::size_t>{940});
  EXPECT_FALSE(upload.chunker.due()) << "nothing can be published before the rest comes";

  upload.feed(Bytes(pictures.bytes).subspan(1000));
  upload.wait(2ms);
  EXPECT_EQ(upload.joined(), pictures.bytes);
  for (const auto size: upload.sizes()) EXPECT_EQ(size % packet_bytes, 0u);
}

TEST(TsChunker, ALineThatBeginsLikeAPacketIsNotHeldBack) {
  Upload upload;
  upload.feed(as_bytes("GPS 53.1 8.2\n"));
  upload.wait(2ms);
  EXPECT_EQ(upload.messages.size(), 1u);
  upload.feed(as_bytes("GPS 53.1 8.3\n"));
  upload.wait(2ms);
  EXPECT_EQ(upload.messages.size(), 2u);
}

TEST(TsChunker, PacketsKeepTheirRhythmWhenTheFirstOneCameInTwoPieces) {
  const Clip pictures = clip(3);
  Upload upload;
  upload.feed(Bytes(pictures.bytes).first(100));
  upload.wait(2ms);
  EXPECT_EQ(upload.messages.size(), 1u) << "nothing tells yet that it is TS";
  upload.feed(Bytes(pictures.bytes).subspan(100));
  upload.end();

  EXPECT_EQ(upload.chunker.content(), TsChunker::Content::mpeg_ts);
  EXPECT_EQ(upload.joined(), pictures.bytes);
  ASSERT_EQ(upload.messages.size(), 5u) << "two with the halves, three pictures";
  for (std::size_t i = 2; i < 5; ++i) EXPECT_EQ(upload.messages[i][0], sync_byte);
}

TEST(TsChunker, TheTimeOfSilenceIsASetting) {
  Upload upload({.silence = 5ms, .message_bytes_max = 1000});
  upload.feed(noise(10, 1));
  EXPECT_EQ(upload.chunker.due(), uploaded_from + 5ms);
}

// ---- rule 4: size ----

TEST(TsChunker, F51_ABurstOfThreeMillionBytesLosesNothing) {
  const ByteVector blob = noise(3'000'000, 5);
  Upload upload;
  for (std::size_t at = 0; at < blob.size(); at += 100'000) upload.feed(Bytes(blob).subspan(at, 100'000));
  upload.wait(2ms);

  EXPECT_EQ(upload.sizes(), (std::vector<std::size_t>{1'024'000, 1'024'000, 952'000}));
  EXPECT_EQ(upload.joined(), blob);
}

TEST(TsChunker, ABlobOfExactlyTheLimitIsOneMessage) {
  Upload upload;
  upload.feed(noise(1'024'000, 6));
  upload.end();
  EXPECT_EQ(upload.sizes(), std::vector<std::size_t>{1'024'000});
}

TEST(TsChunker, TheLimitCutsBetweenPackets) {
  TestStream stream;
  stream.tables();
  stream.key_frame(0, 2'000'000);
  const ByteVector bytes = stream.take();
  for (const std::size_t piece: {1000u, 32768u, 3'000'000u}) {
    Upload upload;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      upload.feed(Bytes(bytes).subspan(at, std::min(piece, bytes.size() - at)));
      EXPECT_LT(upload.chunker.pending_bytes(), 1'024'000u);
    }
    upload.end();

    EXPECT_EQ(upload.joined(), bytes);
    EXPECT_EQ(upload.messages.size(), 2u);
    EXPECT_EQ(upload.sizes()[0], 1'024'000u / packet_bytes * packet_bytes);
  }
}

TEST(TsChunker, TheLimitHoldsForPicturesThatCameAtOnceAsWell) {
  const Clip pictures = clip(4, 5000);
  Upload upload({.silence = 2ms, .message_bytes_max = 2000});
  upload.feed(pictures.bytes);
  upload.end();

  EXPECT_EQ(upload.joined(), pictures.bytes);
  for (const auto size: upload.sizes()) {
    EXPECT_LE(size, 2000u);
    EXPECT_EQ(size % packet_bytes, 0u);
  }
}

TEST(TsChunker, ALimitSmallerThanAPacketStillCutsBetweenPackets) {
  const Clip pictures = clip(2);
  Upload upload({.silence = 2ms, .message_bytes_max = 100});
  upload.feed(pictures.bytes);
  upload.end();

  EXPECT_EQ(upload.joined(), pictures.bytes);
  for (const auto size: upload.sizes()) EXPECT_EQ(size, packet_bytes);
}

// ---- the beginning and the end ----

TEST(TsChunker, BytesBeforeTheFirstPacketAreAMessageOfTheirOwn) {
  const Clip pictures = clip(4);
  for (const std::size_t missing: {1u, 50u, 187u}) {
    Upload upload;
    upload.feed(Bytes(pictures.bytes).subspan(missing));
    upload.end();

    EXPECT_EQ(upload.chunker.content(), TsChunker::Content::mpeg_ts);
    EXPECT_EQ(upload.sizes()[0], packet_bytes - missing);
    for (std::size_t i = 1; i < upload.messages.size(); ++i) {
      EXPECT_EQ(upload.messages[i].size() % packet_bytes, 0u);
      EXPECT_EQ(upload.messages[i][0], sync_byte);
    }
    EXPECT_EQ(upload.joined(), to_vector(Bytes(pictures.bytes).subspan(missing)));
  }
}

TEST(TsChunker, LostBytesInTheMiddleMisalignOneMessageOnly) {
  const Clip pictures = clip(9);
  ByteVector bytes = pictures.bytes;
  bytes.erase(bytes.begin() + 7000, bytes.begin() + 7100);
  Upload upload;
  upload.feed(bytes);
  upload.end();

  EXPECT_EQ(upload.joined(), bytes);
  std::vector<std::size_t> misaligned;
  for (const auto size: upload.sizes()) {
    if (size % packet_bytes != 0) misaligned.push_back(size);
  }
  EXPECT_EQ(misaligned, std::vector<std::size_t>{packet_bytes - 100}) << "what is left of a packet, alone";
  EXPECT_EQ(upload.messages.back()[0], sync_byte);
}

TEST(TsChunker, TheEndPublishesWhatIsLeft) {
  const Clip pictures = clip(1);
  Upload upload;
  upload.feed(Bytes(pictures.bytes).first(500));
  upload.end();

  EXPECT_EQ(upload.sizes(), std::vector<std::size_t>{500});
  EXPECT_FALSE(upload.chunker.due());
  upload.end();
  EXPECT_EQ(upload.messages.size(), 1u);
}

TEST(TsChunker, AnEmptyUploadHasNoMessages) {
  Upload upload;
  upload.chunk({});
  upload.wait(10ms);
  upload.end();
  EXPECT_TRUE(upload.messages.empty());
}

// ---- nothing is lost, whatever comes ----

TEST(TsChunker, WhatGoesInComesOutByteForByte) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const auto below = [&](std::size_t bound) { return random() % bound; };
    ByteVector bytes;
    for (std::size_t part = 0; part <= below(4); ++part) {
      append(bytes, below(2) == 0 ? clip(1 + static_cast<int>(below(5)), 1 + below(3000)).bytes
                                  : noise(below(5000), seed + 1));
      if (below(2) == 0) bytes.resize(bytes.size() - std::min(bytes.size(), below(300)));
    }
    Upload upload({.silence = 2ms, .message_bytes_max = 1 + below(below(2) == 0 ? 500 : 50'000)});
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t size = std::min(bytes.size() - at, 1 + below(below(2) == 0 ? 400 : 40'000));
      upload.feed(Bytes(bytes).subspan(at, size));
      if (below(3) == 0) upload.chunker.chunk_end(upload.now);
      if (below(3) == 0) upload.wait(std::chrono::microseconds(below(4000)));
      at += size;
    }
    upload.end();

    EXPECT_EQ(upload.joined(), bytes);
    EXPECT_EQ(upload.chunker.pending_bytes(), 0u);
    for (const auto& message: upload.messages) EXPECT_FALSE(message.empty());
  }
}

TEST(TsChunker, T5_BlobsWithCountersKeepTheirOrder) {
  const std::size_t sizes[] = {188, 37'600, 1316, 188'000, 940, 9400};
  Upload upload;
  ByteVector sent;
  for (unsigned i = 0; i < 60; ++i) {
    ByteVector blob = noise(sizes[i % 6], i);
    write_big_endian(i, MutableBytes(blob).first(4));
    append(sent, blob);
    upload.chunk(blob);
    upload.wait(5ms);
  }
  upload.end();

  EXPECT_EQ(upload.joined(), sent);
  EXPECT_EQ(upload.messages.size(), 60u);
}

}  // namespace
}  // namespace crosspoint::media
