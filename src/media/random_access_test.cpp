#include "media/random_access.h"

#include <gtest/gtest.h>

#include "media/test_stream.h"

namespace crosspoint::media {
namespace {

using Verdict = AccessScanner::Verdict;

ByteVector joined(std::initializer_list<ByteVector> parts) {
  ByteVector out;
  for (const auto& part: parts) append(out, part);
  return out;
}

ByteVector unit(std::initializer_list<int> bytes) { return joined({bytes_of({0, 0, 1}), bytes_of(bytes)}); }

const auto h264_delimiter = unit({0x09, 0xf0});
const auto h264_sequence = unit({0x67, 0x42, 0xc0, 0x1e});
const auto h264_picture_set = unit({0x68, 0xce, 0x3c});
const auto h264_idr = unit({0x65, 0x88, 0x84});
const auto h264_slice = unit({0x41, 0x9a, 0x02});
// Two messages in one unit: user data of three bytes (one of them an escaped zero run), then a recovery
// point.
const auto h264_recovery = unit({0x06, 0x05, 0x03, 0x00, 0x00, 0x03, 0x01, 0x06, 0x01, 0xc4, 0x80});
const auto h264_other_sei = unit({0x06, 0x05, 0x02, 0x06, 0x06, 0x80});

const auto h265_delimiter = unit({0x46, 0x01, 0x50});
const auto h265_video_set = unit({0x40, 0x01, 0x0c});
const auto h265_sequence = unit({0x42, 0x01, 0x01});
const auto h265_slice = unit({0x02, 0x01, 0xd0});
ByteVector h265_slice_of_type(int type) { return unit({type << 1, 0x01, 0xaf}); }

struct Case {
  const char* what;
  Codec codec;
  ByteVector data;
  Verdict verdict;
};

std::vector<Case> cases() {
  const auto key = picture::mpeg_key();
  return {
      {"MPEG-1 I picture with its sequence header", Codec::mpeg1_video, key, Verdict::access_point},
      {"MPEG-2 with its extension and a group", Codec::mpeg2_video,
       joined({picture::mpeg_sequence(), picture::mpeg2_extension(), unit({0xb8, 0, 0, 0, 0}),
               picture::mpeg(1)}),
       Verdict::access_point},
      {"an I picture alone", Codec::mpeg1_video, picture::mpeg(1), Verdict::other_picture},
      {"a P picture", Codec::mpeg1_video, picture::mpeg(2), Verdict::other_picture},
      {"a B picture", Codec::mpeg1_video, picture::mpeg(3), Verdict::other_picture},
      {"a P picture after a sequence header", Codec::mpeg1_video,
       joined({picture::mpeg_sequence(), picture::mpeg(2)}), Verdict::other_picture},
      {"a slice before any picture", Codec::mpeg1_video, unit({0x01, 0x22}), Verdict::other_picture},
      {"H.264 IDR with parameter sets", Codec::h264,
       joined({h264_delimiter, h264_sequence, h264_picture_set, h264_idr}), Verdict::access_point},
      {"H.264 IDR without them", Codec::h264, joined({h264_delimiter, h264_idr}), Verdict::other_picture},
      {"H.264 slice", Codec::h264, joined({h264_delimiter, h264_slice}), Verdict::other_picture},
      {"H.264 slice with parameter sets only", Codec::h264,
       joined({h264_sequence, h264_picture_set, h264_slice}), Verdict::other_picture},
      {"H.264 recovery point with parameter sets", Codec::h264,
       joined({h264_delimiter, h264_sequence, h264_picture_set, h264_recovery, h264_slice}),
       Verdict::access_point},
      {"H.264 recovery point without them", Codec::h264, joined({h264_delimiter, h264_recovery, h264_slice}),
       Verdict::other_picture},
      {"H.264 user data that holds the number of a recovery point", Codec::h264,
       joined({h264_sequence, h264_other_sei, h264_slice}), Verdict::other_picture},
      {"H.265 IDR", Codec::h265,
       joined({h265_delimiter, h265_video_set, h265_sequence, h265_slice_of_type(19)}),
       Verdict::access_point},
      {"H.265 CRA", Codec::h265, joined({h265_video_set, h265_sequence, h265_slice_of_type(21)}),
       Verdict::access_point},
      {"H.265 BLA", Codec::h265, joined({h265_video_set, h265_sequence, h265_slice_of_type(16)}),
       Verdict::access_point},
      {"H.265 IDR without parameter sets", Codec::h265, joined({h265_delimiter, h265_slice_of_type(19)}),
       Verdict::other_picture},
      {"H.265 slice", Codec::h265, joined({h265_delimiter, h265_slice}), Verdict::other_picture},
      {"H.265 RASL picture", Codec::h265, joined({h265_sequence, h265_slice_of_type(9)}),
       Verdict::other_picture},
      {"nothing that decides", Codec::h264, joined({h264_delimiter, h264_sequence}), Verdict::undecided},
      {"no start code at all", Codec::mpeg1_video, ByteVector(300, std::byte{0x55}), Verdict::undecided},
      {"a codec that is not looked into", Codec::av1, key, Verdict::other_picture},
  };
}

TEST(AccessScanner, TellsPicturesAtWhichDecodingCanBegin) {
  for (const Case& each: cases()) {
    SCOPED_TRACE(each.what);
    AccessScanner scanner;
    scanner.begin(each.codec);
    EXPECT_EQ(scanner.feed(each.data), each.verdict);
    EXPECT_EQ(scanner.verdict(), each.verdict);
  }
}

TEST(AccessScanner, SaysTheSameHoweverTheBytesAreCut) {
  for (const Case& each: cases()) {
    SCOPED_TRACE(each.what);
    for (std::size_t cut = 0; cut <= each.data.size(); ++cut) {
      AccessScanner scanner;
      scanner.begin(each.codec);
      scanner.feed(Bytes(each.data).first(cut));
      EXPECT_EQ(scanner.feed(Bytes(each.data).subspan(cut)), each.verdict) << "cut at " << cut;
    }
    AccessScanner bytewise;
    bytewise.begin(each.codec);
    for (const std::byte& byte: each.data) bytewise.feed(Bytes(&byte, 1));
    EXPECT_EQ(bytewise.verdict(), each.verdict) << "byte by byte";
  }
}

TEST(AccessScanner, GuessesTheCodecFromTheFirstStartCode) {
  const auto guess = [](const ByteVector& data) {
    AccessScanner scanner;
    scanner.begin(Codec::unknown);
    scanner.feed(data);
    return scanner.codec();
  };

  EXPECT_EQ(guess(picture::mpeg_sequence()), Codec::mpeg2_video);
  EXPECT_EQ(guess(h264_delimiter), Codec::h264);
  EXPECT_EQ(guess(h264_slice), Codec::h264);
  EXPECT_EQ(guess(h265_delimiter), Codec::h265);
  EXPECT_EQ(guess(h265_slice), Codec::h265);
  EXPECT_EQ(guess(unit({0xff})), Codec::unknown);
}

TEST(AccessScanner, IsPromisingBetweenTheHeadersAndTheDecision) {
  AccessScanner scanner;
  scanner.begin(Codec::h264);
  EXPECT_FALSE(scanner.promising());
  scanner.feed(h264_sequence);
  EXPECT_TRUE(scanner.promising());
  scanner.feed(h264_idr);
  EXPECT_FALSE(scanner.promising());
}

}  // namespace
}  // namespace crosspoint::media
