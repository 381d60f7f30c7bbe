#include <cmath>

#include "data/cursor.h"
#include "data/test_bytes.h"

namespace crosspoint::data {
namespace {

std::string json(std::string_view notation) { return as_json(Format::cbor, bytes_of(notation)); }

// RFC 8949 appendix A.
TEST(Cbor, ReadsTheExamplesOfTheRfc) {
  struct Example {
    std::string_view notation;
    std::string_view json;
  };
  const Example examples[] = {
      {"00", "0"},
      {"17", "23"},
      {"18 18", "24"},
      {"19 03 e8", "1000"},
      {"1a 00 0f 42 40", "1000000"},
      {"1b 00 00 00 e8 d4 a5 10 00", "1000000000000"},
      {"1b ff ff ff ff ff ff ff ff", "18446744073709551615"},
      {"c2 49 01 00 00 00 00 00 00 00 00", "18446744073709551616"},
      {"3b ff ff ff ff ff ff ff ff", "-18446744073709551616"},
      {"c3 49 01 00 00 00 00 00 00 00 00", "-18446744073709551617"},
      {"20", "-1"},
      {"39 03 e7", "-1000"},
      {"f9 00 00", "0.0"},
      {"f9 80 00", "-0.0"},
      {"f9 3c 00", "1.0"},
      {"fb 3f f1 99 99 99 99 99 9a", "1.1"},
      {"f9 7b ff", "65504.0"},
      {"fa 47 c3 50 00", "1e+05"},
      {"fb 7e 37 e4 3c 88 00 75 9c", "1e+300"},
      {"f9 00 01", "5.960464477539063e-08"},
      {"f9 04 00", "6.103515625e-05"},
      {"f9 c4 00", "-4.0"},
      {"f9 7c 00", "null"},  // infinity
      {"f9 7e 00", "null"},  // not a number
      {"fb ff f0 00 00 00 00 00 00", "null"},
      {"f4", "false"},
      {"f5", "true"},
      {"f6", "null"},
      {"f7", "null"},
      {"c0 74 '2013-03-21T20:04:00Z'", "\"2013-03-21T20:04:00Z\""},
      {"c1 1a 51 4b 67 b0", "1363896240"},
      {"d7 44 01 02 03 04", R"("\u0000AQIDBA==")"},
      {"d8 20 76 'http://www.example.com'", R"("http://www.example.com")"},
      {"40", R"("\u0000")"},
      {"64 'IETF'", R"("IETF")"},
      {"62 22 5c", R"("\"\\")"},
      {"83 01 82 02 03 82 04 05", "[1,[2,3],[4,5]]"},
      {"98 19 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 18 18 19",
       "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25]"},
      {"a2 61 'a' 01 61 'b' 82 02 03", R"({"a":1,"b":[2,3]})"},
      {"5f 42 01 02 43 03 04 05 ff", R"("\u0000AQIDBAU=")"},
      {"7f 65 'strea' 64 'ming' ff", R"("streaming")"},
      {"9f ff", "[]"},
      {"9f 01 82 02 03 9f 04 05 ff ff", "[1,[2,3],[4,5]]"},
      {"bf 61 'a' 01 61 'b' 9f 02 03 ff ff", R"({"a":1,"b":[2,3]})"},
      {"bf 63 'Fun' f5 63 'Amt' 21 ff", R"({"Fun":true,"Amt":-2})"},
  };
  for (const Example& example: examples) EXPECT_EQ(json(example.notation), example.json) << example.notation;
}

TEST(Cbor, HalvesAreReadExactly) {
  for (std::uint32_t half = 0; half < 0x7c00; ++half) {
    const ByteVector bytes{std::byte{0xf9}, static_cast<std::byte>(half >> 8),
                           static_cast<std::byte>(half & 0xff)};
    const int exponent = static_cast<int>(half >> 10);
    const double expected =
        exponent == 0 ? std::ldexp(half & 0x3ff, -24) : std::ldexp(1024 + (half & 0x3ff), exponent - 25);
    ASSERT_EQ(Cursor(Format::cbor, bytes).read_double().value(), expected);
    // And written again as what they were.
    const auto text = transcode(Format::cbor, bytes, Format::json);
    ASSERT_EQ(transcode(Format::json, *text, Format::cbor).value(), bytes);
  }
}

TEST(Cbor, BignumsThatFitInto64BitsAreIntegers) {
  EXPECT_EQ(json("c2 40"), "0");
  EXPECT_EQ(json("c2 4a 00 00 ff ff ff ff ff ff ff ff"), "18446744073709551615");
  EXPECT_EQ(json("c3 48 7f ff ff ff ff ff ff ff"), "-9223372036854775808");
  EXPECT_EQ(json("c3 48 80 00 00 00 00 00 00 00"), "-9223372036854775809");
  EXPECT_EQ(json("c3 40"), "-1");
  EXPECT_EQ(Cursor(Format::cbor, bytes_of("c2 41 05")).read_uint64(), 5u);
}

TEST(Cbor, TagsArePassedOnBetweenPeersThatKnowThem) {
  const ByteVector tagged = bytes_of("82 c1 1a 51 4b 67 b0 d9 d9 f7 c2 49 010000000000000000");
  EXPECT_EQ(transcode(Format::cbor, tagged, Format::cbor).value(), tagged);
  EXPECT_EQ(json("82 c1 1a 51 4b 67 b0 d9 d9 f7 c2 49 010000000000000000"),
            "[1363896240,18446744073709551616]");
  EXPECT_EQ(json("c2 61 'a'"), R"("a")");  // a bignum's tag on something else says nothing
  EXPECT_EQ(json("a1 c0 61 'a' 01"), R"({"a":1})");
}

TEST(Cbor, ASkippedValueKeepsItsTags) {
  const ByteVector bytes = bytes_of("82 c1 05 06");
  Cursor cursor(Format::cbor, bytes);
  ASSERT_TRUE(cursor.enter_array());

  const auto raw = cursor.skip();

  EXPECT_EQ(to_hex(*raw), "c1 05");
}

TEST(Cbor, WhatHasNoEquivalentIsPassedOnButNotTranscoded) {
  for (const std::string_view notation: {"e0", "f3", "f8 20", "f8 ff", "c2 5f 41 01 ff"}) {
    EXPECT_TRUE(check(Format::cbor, bytes_of(notation))) << notation;
    EXPECT_EQ(transcode(Format::cbor, bytes_of(notation), Format::json).error(),
              (Refusal{Cause::no_equivalent, 0}));
  }
  EXPECT_TRUE(check(Format::cbor, bytes_of("a1 01 02")));
  EXPECT_EQ(transcode(Format::cbor, bytes_of("a1 01 02"), Format::json).error(),
            (Refusal{Cause::not_a_text_key, 1}));
}

TEST(Cbor, ABigIntegerOfMoreThan128BytesIsPassedOnButNotTranscoded) {
  ByteVector bytes = bytes_of("c2 58 80");
  bytes.insert(bytes.end(), 128, std::byte{0xff});
  const auto text = transcode(Format::cbor, bytes, Format::json);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->size(), 309u);
  EXPECT_EQ(transcode(Format::json, *text, Format::cbor).value(), bytes);
  EXPECT_EQ(transcode(Format::cbor, bytes, Format::msgpack).error().cause,
            Cause::out_of_range);  // no double either

  bytes.push_back(std::byte{0xff});
  bytes[2] = std::byte{0x81};
  EXPECT_TRUE(check(Format::cbor, bytes));
  EXPECT_EQ(transcode(Format::cbor, bytes, Format::json).error(), (Refusal{Cause::out_of_range, 0}));
}

TEST(Cbor, RefusesWhatIsNotWellFormed) {
  const Refused table[] = {
      {"", Cause::cut_short, 0},
      {"1c", Cause::unexpected_byte, 0},
      {"1d", Cause::unexpected_byte, 0},
      {"1e", Cause::unexpected_byte, 0},
      {"1f", Cause::unexpected_byte, 0},
      {"3f", Cause::unexpected_byte, 0},
      {"df 00", Cause::unexpected_byte, 0},
      {"fc", Cause::unexpected_byte, 0},
      {"ff", Cause::unexpected_byte, 0},
      {"82 01 ff", Cause::unexpected_byte, 2},
      {"a1 ff", Cause::cut_short, 2},
      {"a1 61 'a' ff", Cause::unexpected_byte, 3},
      {"bf 61 'a' ff", Cause::unexpected_byte, 3},
      {"f8 00", Cause::unexpected_byte, 1},
      {"f8 18", Cause::unexpected_byte, 1},
      {"f8 1f", Cause::unexpected_byte, 1},
      {"5f 61 'a' ff", Cause::bad_chunk, 1},
      {"5f 5f 41 00 ff ff", Cause::bad_chunk, 1},
      {"7f 41 00 ff", Cause::bad_chunk, 1},
      {"7f 62 c3 a9 ff 00", Cause::trailing_bytes, 5},
      {"7f 61 c3 61 a9 ff", Cause::not_utf8, 3},  // a character in two chunks
      {"61 80", Cause::not_utf8, 1},
      {"9b ff ff ff ff ff ff ff ff", Cause::cut_short, 9},
      {"bb 80 00 00 00 00 00 00 00 01", Cause::cut_short, 10},
      {"bb ff ff ff ff ff ff ff ff", Cause::cut_short, 9},
      {"5b ff ff ff ff ff ff ff ff", Cause::cut_short, 9},
      {"c1", Cause::cut_short, 1},
      {"01 02", Cause::trailing_bytes, 1},
  };
  expect_refused(Format::cbor, table);
}

TEST(Cbor, RefusesEveryBeginningOfAValue) {
  expect_every_beginning_refused(
      Format::cbor,
      bytes_of(
          "8a 18 ff 19 ffff 1a ffffffff 1b ffffffffffffffff 38 ff f9 3c00 fa 3fc00000 fb 3ff8000000000000 "
          "c2 49 010000000000000000 a1 61 'a' 58 01 'b'"));
  expect_every_beginning_refused(
      Format::cbor,
      bytes_of("9f 7f 62 'ab' 61 'c' ff 5f 41 00 ff bf 61 'k' 9f ff ff d9 d9f7 01 f8 20 f5 ff"));
}

}  // namespace
}  // namespace crosspoint::data
