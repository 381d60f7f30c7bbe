#include "media/elementary.h"

#include <gtest/gtest.h>

#include "media/test_stream.h"

namespace crosspoint::media {
namespace {

// What libx264 and libx265 wrote for 320x240 at 25 frames per second: delimiter, parameter sets.
const auto x264_320x240 =
    bytes_of({0,    0,    0,    1,    0x09, 0xf0, 0,    0,    0,    1,    0x67, 0x42, 0xc0, 0x0d,
              0xda, 0x05, 0x07, 0xec, 0x04, 0x40, 0x00, 0x00, 0x03, 0x00, 0x40, 0x00, 0x00, 0x0c,
              0x83, 0xc5, 0x0a, 0xa8, 0,    0,    0,    1,    0x68, 0xce, 0x0f, 0xc8});
const auto x265_320x240 =
    bytes_of({0,    0,    0,    1,    0x46, 0x01, 0x50, 0,    0,    0,    1,    0x42, 0x01, 0x01, 0x01, 0x60,
              0x00, 0x00, 0x03, 0x00, 0x90, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x3c, 0xa0, 0x0a, 0x08,
              0x0f, 0x16, 0x59, 0x59, 0x52, 0x93, 0x0b, 0xc0, 0x5a, 0x02, 0x00, 0x00, 0x03, 0x00, 0x02, 0x00,
              0x00, 0x03, 0x00, 0x32, 0x10, 0,    0,    0,    1,    0x44, 0x01, 0xc0, 0x73, 0xc1, 0x89});

TEST(Elementary, ReadsSizeAndRateOfMpeg1) {
  const auto format = find_video_format(Codec::mpeg2_video, picture::mpeg_key());

  ASSERT_TRUE(format);
  EXPECT_EQ(format->codec, Codec::mpeg1_video);
  EXPECT_EQ(format->width, 320);
  EXPECT_EQ(format->height, 240);
  EXPECT_EQ(format->frames_per_second, 25);
}

TEST(Elementary, TheExtensionTellsMpeg2FromMpeg1) {
  ByteVector data = picture::mpeg_sequence();
  append(data, picture::mpeg2_extension());
  append(data, picture::mpeg(1));

  EXPECT_EQ(find_video_format(Codec::mpeg1_video, data)->codec, Codec::mpeg2_video);
}

TEST(Elementary, ASequenceHeaderAloneDoesNotTell) {
  EXPECT_FALSE(find_video_format(Codec::mpeg2_video, picture::mpeg_sequence()));
}

TEST(Elementary, ReadsSizeAndRateOfH264) {
  const auto format = find_video_format(Codec::h264, x264_320x240);

  ASSERT_TRUE(format);
  EXPECT_EQ(format->codec, Codec::h264);
  EXPECT_EQ(format->width, 320);
  EXPECT_EQ(format->height, 240);
  EXPECT_EQ(format->frames_per_second, 25);
  EXPECT_EQ(find_video_format(Codec::unknown, x264_320x240), format);
}

TEST(Elementary, ReadsTheSizeOfH265) {
  const auto format = find_video_format(Codec::h265, x265_320x240);

  ASSERT_TRUE(format);
  EXPECT_EQ(format->codec, Codec::h265);
  EXPECT_EQ(format->width, 320);
  EXPECT_EQ(format->height, 240);
  EXPECT_EQ(find_video_format(Codec::unknown, x265_320x240), format);
}

TEST(Elementary, HeadersCutAnywhereGiveNothingOrTheSame) {
  const auto whole = find_video_format(Codec::h264, x264_320x240);
  for (std::size_t cut = 0; cut < x264_320x240.size(); ++cut) {
    const auto part = find_video_format(Codec::h264, Bytes(x264_320x240).first(cut));
    if (part) {
      EXPECT_EQ(part->width, whole->width) << cut;
      EXPECT_EQ(part->height, whole->height) << cut;
    }
  }
}

TEST(Elementary, ReadsLayerAndRateOfSound) {
  const struct {
    const char* what;
    Codec codec;
    ByteVector data;
    AudioFormat format;
  } cases[] = {
      {"MPEG-1 layer II, 44.1 kHz",
       Codec::mpeg_audio,
       bytes_of({0xff, 0xfd, 0x80, 0x00}),
       {Codec::mp2, 44100}},
      {"MPEG-1 layer II, 48 kHz", Codec::mpeg_audio, bytes_of({0xff, 0xfd, 0x84, 0x00}), {Codec::mp2, 48000}},
      {"MPEG-2 layer II, 22.05 kHz",
       Codec::mpeg_audio,
       bytes_of({0xff, 0xf5, 0x80, 0x00}),
       {Codec::mp2, 22050}},
      {"MPEG-1 layer III, 32 kHz",
       Codec::mpeg_audio,
       bytes_of({0xff, 0xfb, 0x98, 0x00}),
       {Codec::mp3, 32000}},
      {"layer I", Codec::mpeg_audio, bytes_of({0xff, 0xff, 0x80, 0x00}), {Codec::mp1, 44100}},
      {"AAC in ADTS, 44.1 kHz", Codec::aac, bytes_of({0xff, 0xf1, 0x50, 0x80}), {Codec::aac, 44100}},
      {"AAC, tables unknown", Codec::unknown, bytes_of({0xff, 0xf1, 0x4c, 0x80}), {Codec::aac, 48000}},
      {"a frame that begins later",
       Codec::mpeg_audio,
       bytes_of({0x12, 0xff, 0x00, 0xff, 0xfd, 0x84, 0x00}),
       {Codec::mp2, 48000}},
  };

  for (const auto& each: cases) {
    SCOPED_TRACE(each.what);
    const auto format = find_audio_format(each.codec, each.data);
    ASSERT_TRUE(format);
    EXPECT_EQ(*format, each.format);
  }
}

TEST(Elementary, WhatIsNoHeaderIsNotTakenForOne) {
  const ByteVector refused[] = {
      {},
      bytes_of({0xff, 0xfd, 0x80}),        // cut short
      bytes_of({0xff, 0xed, 0x80, 0x00}),  // reserved version
      bytes_of({0xff, 0xf9, 0x80, 0x00}),  // reserved layer
      bytes_of({0xff, 0xfd, 0xf0, 0x00}),  // forbidden bit rate
      bytes_of({0xff, 0xfd, 0x8c, 0x00}),  // reserved sample rate
  };
  for (const auto& data: refused) EXPECT_FALSE(find_audio_format(Codec::mpeg_audio, data)) << to_hex(data);
  EXPECT_FALSE(find_audio_format(Codec::aac, bytes_of({0xff, 0xf1, 0x7c, 0x80})));
  EXPECT_FALSE(find_audio_format(Codec::opus, bytes_of({0xff, 0xfd, 0x84, 0x00})));

  const ByteVector no_video[] = {
      bytes_of({0, 0, 1, 0xb3, 0, 0, 0, 0x13, 0xff, 0xff, 0xe0, 0x18, 0, 0, 1, 0}),  // no width
      bytes_of({0, 0, 1, 0x67, 0xff, 0xff, 0xff, 0xff}),
      bytes_of({0, 0, 1, 0x67, 0x42, 0, 0x0d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}),  // an endless number
      bytes_of({0, 0, 1, 0x42, 0x01}),
      // a scaling list whose first difference is 2^31 - 1
      bytes_of({0,    0,    1,    0x67, 0x7a, 0,    0,    0xad, 0x80, 0,    0,    0x03, 0,
                0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}),
  };
  EXPECT_FALSE(find_video_format(Codec::mpeg1_video, no_video[0]));
  EXPECT_FALSE(find_video_format(Codec::h264, no_video[1]));
  EXPECT_FALSE(find_video_format(Codec::h264, no_video[2]));
  EXPECT_FALSE(find_video_format(Codec::h265, no_video[3]));
  EXPECT_FALSE(find_video_format(Codec::h264, no_video[4]));
  EXPECT_FALSE(find_video_format(Codec::opus, x264_320x240));
}

TEST(Elementary, FindsTheTypeOfAnMpegPicture) {
  EXPECT_EQ(find_picture_type(picture::mpeg_key()), PictureType::i);
  EXPECT_EQ(find_picture_type(picture::mpeg(2)), PictureType::p);
  EXPECT_EQ(find_picture_type(picture::mpeg(3)), PictureType::b);
  EXPECT_EQ(find_picture_type(picture::mpeg_sequence()), PictureType::unknown);
  EXPECT_EQ(find_picture_type({}), PictureType::unknown);
}

}  // namespace
}  // namespace crosspoint::media
