#include "media/pes.h"

#include <gtest/gtest.h>

#include "media/test_stream.h"

namespace crosspoint::media {
namespace {

// As ffmpeg writes it for video: unbounded, PTS 129600 and DTS 126000.
const auto with_both = bytes_of({0,    0,    1,    0xe0, 0,    0,    0x80, 0xc0, 0x0a, 0x31,
                                 0x00, 0x07, 0xf4, 0x81, 0x11, 0x00, 0x07, 0xd8, 0x61, 0xab});

TEST(Pes, ReadsAHeadWithBothTimes) {
  const auto header = parse_pes_header(with_both);

  ASSERT_TRUE(header);
  EXPECT_EQ(header->stream_id, 0xe0);
  EXPECT_EQ(header->packet_length, 0);
  EXPECT_EQ(header->pts, 129600u);
  EXPECT_EQ(header->dts, 126000u);
  EXPECT_EQ(header->decode_time(), 126000u);
  EXPECT_EQ(header->header_bytes, 19u);
}

TEST(Pes, AskForMoreAtEveryCutAndReadsTheSameAfterwards) {
  for (std::size_t cut = 0; cut < 19; ++cut) {
    SCOPED_TRACE(cut);
    const auto header = parse_pes_header(Bytes(with_both).first(cut));
    ASSERT_FALSE(header);
    EXPECT_EQ(header.error(), PesError::need_more);
  }
  EXPECT_TRUE(parse_pes_header(Bytes(with_both).first(19)));
}

TEST(Pes, RefusesWhatIsNoHead) {
  const struct {
    const char* why;
    ByteVector bytes;
    PesError error;
  } refusals[] = {
      {"no start code", bytes_of({0, 0, 2, 0xe0, 0, 0, 0x80, 0, 0}), PesError::no_start_code},
      {"a table", bytes_of({0, 0x02, 0xb0}), PesError::no_start_code},
      {"MPEG-1 system stream syntax", bytes_of({0, 0, 1, 0xe0, 0, 0, 0x21, 0, 0}), PesError::malformed},
      {"DTS without PTS", bytes_of({0, 0, 1, 0xe0, 0, 0, 0x80, 0x40, 5, 0, 0, 0, 0, 0}), PesError::malformed},
      {"a PTS that does not fit the length", bytes_of({0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 4, 0x21, 0, 1, 0}),
       PesError::malformed},
      {"both that do not fit",
       bytes_of({0, 0, 1, 0xe0, 0, 0, 0x80, 0xc0, 9, 0x31, 0, 1, 0, 1, 0x11, 0, 1, 0}), PesError::malformed},
      {"a PTS without its marker bits", bytes_of({0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5, 0x20, 0, 0, 0, 0}),
       PesError::malformed},
  };

  for (const auto& refusal: refusals) {
    SCOPED_TRACE(refusal.why);
    const auto header = parse_pes_header(refusal.bytes);
    ASSERT_FALSE(header);
    EXPECT_EQ(header.error(), refusal.error);
  }
}

TEST(Pes, StreamsWithoutFlagsHaveAPlainHead) {
  const auto padding = parse_pes_header(bytes_of({0, 0, 1, 0xbe, 0, 4, 0xff}));

  ASSERT_TRUE(padding);
  EXPECT_EQ(padding->header_bytes, 6u);
  EXPECT_FALSE(padding->pts);
}

TEST(Pes, WhatIsWrittenReadsTheSame) {
  for (const Timestamp time: {Timestamp{0}, Timestamp{1}, Timestamp{0x7fff}, Timestamp{0x8000},
                              Timestamp{1} << 30, timestamp_modulus - 1}) {
    for (int stamps = 0; stamps < 3; ++stamps) {
      PesHeader header{.stream_id = 0xc0, .data_alignment = true};
      if (stamps > 0) header.pts = time;
      if (stamps > 1) header.dts = (time + 77) % timestamp_modulus;
      ByteVector bytes;

      append_pes_header(header, 100, bytes);
      const auto read = parse_pes_header(bytes);

      ASSERT_TRUE(read);
      EXPECT_EQ(read->stream_id, 0xc0);
      EXPECT_EQ(read->pts, header.pts);
      EXPECT_EQ(read->dts, header.dts);
      EXPECT_TRUE(read->data_alignment);
      EXPECT_EQ(read->header_bytes, bytes.size());
      EXPECT_EQ(read->packet_length + 6u, bytes.size() + 100u);
    }
  }
}

TEST(Pes, TooMuchForTheLengthFieldIsUnbounded) {
  ByteVector bytes;
  append_pes_header({.stream_id = 0xe0}, 65533, bytes);
  EXPECT_EQ(parse_pes_header(bytes)->packet_length, 0);
  bytes.clear();
  append_pes_header({.stream_id = 0xe0}, 65532, bytes);
  EXPECT_EQ(parse_pes_header(bytes)->packet_length, 65535);
}

TEST(Pes, TimesMoveTogetherAndOnlyTheyMove) {
  ByteVector bytes = with_both;

  EXPECT_TRUE(shift_pes_timestamps(bytes, 3600));
  EXPECT_EQ(parse_pes_header(bytes)->pts, 133200u);
  EXPECT_EQ(parse_pes_header(bytes)->dts, 129600u);
  EXPECT_TRUE(shift_pes_timestamps(bytes, -3600));
  EXPECT_EQ(bytes, with_both);
}

TEST(Pes, TimesWrapRound) {
  ByteVector bytes;
  append_pes_header({.stream_id = 0xe0, .pts = timestamp_modulus - 10}, 0, bytes);

  EXPECT_TRUE(shift_pes_timestamps(bytes, 15));
  EXPECT_EQ(parse_pes_header(bytes)->pts, 5u);
  EXPECT_TRUE(shift_pes_timestamps(bytes, -15));
  EXPECT_EQ(parse_pes_header(bytes)->pts, timestamp_modulus - 10);
  EXPECT_EQ(timestamp_difference(5, timestamp_modulus - 10), 15);
  EXPECT_EQ(timestamp_difference(timestamp_modulus - 10, 5), -15);
}

TEST(Pes, ARefusedHeadIsLeftAlone) {
  ByteVector cut = to_vector(Bytes(with_both).first(15));
  const ByteVector before = cut;

  EXPECT_FALSE(shift_pes_timestamps(cut, 1));
  EXPECT_EQ(cut, before);
}

}  // namespace
}  // namespace crosspoint::media
