#include "data/cursor.h"

#include "data/test_bytes.h"

namespace crosspoint::data {
namespace {

constexpr std::string_view call =
    R"([48,7814135,{"disclose_me":true,"timeout":30000},"com.example.add",[1,"two",[3]],{"k":{"l":null}}])";

ByteVector call_in(Format format) { return transcode(Format::json, as_bytes(call), format).value(); }

TEST(Cursor, ReadsACallAndKeepsItsPayloadRawInEveryFormat) {
  for (const Format format: formats) {
    SCOPED_TRACE(to_string(format));
    const ByteVector message = call_in(format);
    std::string room;
    Cursor cursor(format, message);

    ASSERT_TRUE(cursor.enter_array());
    EXPECT_EQ(cursor.read_uint64(), 48u);
    EXPECT_EQ(cursor.read_uint64(), 7814135u);
    ASSERT_TRUE(cursor.enter_map());
    EXPECT_EQ(cursor.next_key(room), "disclose_me");
    EXPECT_EQ(cursor.read_bool(), true);
    EXPECT_EQ(cursor.next_key(room), "timeout");
    EXPECT_EQ(cursor.read_int64(), 30000);
    EXPECT_EQ(cursor.next_key(room), std::nullopt);
    EXPECT_EQ(cursor.read_string(room), "com.example.add");
    EXPECT_EQ(cursor.more(), true);
    const Bytes args = cursor.skip().value();
    EXPECT_EQ(cursor.more(), true);
    const Bytes kwargs = cursor.skip().value();
    EXPECT_EQ(cursor.more(), false);
    EXPECT_TRUE(cursor.finish());

    EXPECT_EQ(as_json(format, args), R"([1,"two",[3]])");
    EXPECT_EQ(as_json(format, kwargs), R"({"k":{"l":null}})");
  }
}

TEST(Cursor, AnElementThatIsNotThereIsNoError) {
  for (const Format format: formats) {
    const ByteVector message = transcode(Format::json, as_bytes("[5]"), format).value();
    Cursor cursor(format, message);
    ASSERT_TRUE(cursor.enter_array());
    EXPECT_EQ(cursor.more(), true);
    EXPECT_EQ(cursor.more(), true);  // asking takes nothing
    EXPECT_EQ(cursor.read_uint64(), 5u);
    EXPECT_EQ(cursor.peek(), Kind::end);
    EXPECT_EQ(cursor.read_uint64().error().cause, Cause::wrong_type);
    EXPECT_EQ(cursor.skip().error().cause, Cause::wrong_type);
    EXPECT_EQ(cursor.more(), false);
    EXPECT_TRUE(cursor.finish());
    EXPECT_TRUE(cursor.finish());
  }
}

TEST(Cursor, FinishNeedsNoMoreWhenNothingIsLeft) {
  Cursor cursor(Format::json, as_bytes("[1] "));
  ASSERT_TRUE(cursor.enter_array());
  EXPECT_EQ(cursor.finish().error(), (Refusal{Cause::wrong_type, 1}));
  EXPECT_EQ(cursor.read_uint64(), 1u);
  EXPECT_TRUE(cursor.finish());
}

TEST(Cursor, FinishFindsWhatFollowsTheLastEnd) {
  Cursor cursor(Format::json, as_bytes("[] x"));
  ASSERT_TRUE(cursor.enter_array());
  EXPECT_EQ(cursor.more(), false);
  EXPECT_EQ(cursor.finish().error(), (Refusal{Cause::trailing_bytes, 3}));
  Cursor peeked(Format::json, as_bytes("[] x"));
  ASSERT_TRUE(peeked.enter_array());
  EXPECT_EQ(peeked.peek(), Kind::end);
  EXPECT_EQ(peeked.finish().error(), (Refusal{Cause::trailing_bytes, 3}));
}

TEST(Cursor, AWrongTypeLeavesTheCursorWhereItStood) {
  Cursor cursor(Format::json, as_bytes(R"(["x"])"));
  std::string room;
  ASSERT_TRUE(cursor.enter_array());
  EXPECT_EQ(cursor.read_uint64().error(), (Refusal{Cause::wrong_type, 1}));
  EXPECT_EQ(cursor.read_bool().error(), (Refusal{Cause::wrong_type, 1}));
  EXPECT_EQ(cursor.read_double().error(), (Refusal{Cause::wrong_type, 1}));
  EXPECT_EQ(cursor.read_binary(room).error(), (Refusal{Cause::wrong_type, 1}));
  EXPECT_EQ(cursor.enter_map().error(), (Refusal{Cause::wrong_type, 1}));
  EXPECT_EQ(cursor.enter_array().error(), (Refusal{Cause::wrong_type, 1}));
  EXPECT_EQ(cursor.read_string(room), "x");
}

TEST(Cursor, OneAndZeroAreNoBooleans) {
  Cursor cursor(Format::json, as_bytes("1"));
  EXPECT_EQ(cursor.read_bool().error().cause, Cause::wrong_type);
}

TEST(Cursor, WhatIsWrongWithTheBytesIsFinal) {
  Cursor cursor(Format::json, as_bytes("[1,x]"));
  ASSERT_TRUE(cursor.enter_array());
  EXPECT_EQ(cursor.read_uint64(), 1u);
  const Refusal refusal{Cause::unexpected_byte, 3};
  EXPECT_EQ(cursor.more().error(), refusal);
  EXPECT_EQ(cursor.skip().error(), refusal);
  EXPECT_EQ(cursor.next().error(), refusal);
  EXPECT_EQ(cursor.finish().error(), refusal);
}

TEST(Cursor, IntegersAreReadOnlyWhereTheyFit) {
  const auto int64_in = [](std::string_view text) {
    return Cursor(Format::json, as_bytes(text)).read_int64();
  };
  const auto uint64_in = [](std::string_view text) {
    return Cursor(Format::json, as_bytes(text)).read_uint64();
  };
  const Refusal out_of_range{Cause::out_of_range, 0};
  EXPECT_EQ(int64_in("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(int64_in("9223372036854775808").error(), out_of_range);
  EXPECT_EQ(int64_in("18446744073709551616").error(), out_of_range);
  EXPECT_EQ(uint64_in("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(uint64_in("-1").error(), out_of_range);
  EXPECT_EQ(Cursor(Format::cbor, bytes_of("c2 49 010000000000000000")).read_uint64().error(), out_of_range);
}

TEST(Cursor, JsonMayWriteWholeNumbersAsReals) {
  EXPECT_EQ(Cursor(Format::json, as_bytes("7.0")).read_uint64(), 7u);
  EXPECT_EQ(Cursor(Format::json, as_bytes("-7e0")).read_int64(), -7);
  EXPECT_EQ(Cursor(Format::json, as_bytes("9007199254740992.0")).read_uint64(), 9007199254740992u);
  EXPECT_EQ(Cursor(Format::json, as_bytes("1e16")).read_uint64().error().cause,
            Cause::wrong_type);  // not exact
  EXPECT_EQ(Cursor(Format::json, as_bytes("7.5")).read_uint64().error().cause, Cause::wrong_type);
  EXPECT_EQ(Cursor(Format::json, as_bytes("1e400")).read_uint64().error().cause, Cause::wrong_type);
  EXPECT_EQ(Cursor(Format::cbor, bytes_of("f9 47 00")).read_uint64().error().cause, Cause::wrong_type);
}

TEST(Cursor, DoublesAreReadFromIntegersToo) {
  EXPECT_EQ(Cursor(Format::json, as_bytes("-7")).read_double(), -7);
  EXPECT_EQ(Cursor(Format::json, as_bytes("1e400")).read_double().error().cause, Cause::out_of_range);
  EXPECT_EQ(Cursor(Format::cbor, bytes_of("c2 49 010000000000000000")).read_double(), 18446744073709551616.0);
  EXPECT_EQ(Cursor(Format::cbor, bytes_of("c3 49 010000000000000000")).read_double(),
            -18446744073709551616.0);
}

TEST(Cursor, BinaryIsReadInEveryFormat) {
  const ByteVector bytes = bytes_of("fb ff 00 01");
  for (const Format format: formats) {
    ByteVector message;
    Writer(format, message).binary(bytes);
    std::string room;
    Cursor cursor(format, message);
    EXPECT_EQ(cursor.peek(), Kind::binary);
    EXPECT_EQ(to_vector(cursor.read_binary(room).value()), bytes);
    EXPECT_TRUE(cursor.finish());
  }
}

TEST(Cursor, TextWithoutEscapesIsAViewOfTheMessage) {
  const std::string_view message = R"(["plain"])";
  std::string room;
  Cursor cursor(Format::json, as_bytes(message));
  ASSERT_TRUE(cursor.enter_array());
  EXPECT_EQ(cursor.read_string(room)->data(), message.data() + 2);
  EXPECT_TRUE(room.empty());
}

TEST(Cursor, ACopyMarksAPlaceToComeBackTo) {
  const std::string_view message = "[1,[2,3],4]";
  Cursor cursor(Format::json, as_bytes(message));
  ASSERT_TRUE(cursor.enter_array());
  EXPECT_EQ(cursor.read_uint64(), 1u);
  Cursor before = cursor;
  EXPECT_TRUE(cursor.skip());
  EXPECT_EQ(cursor.read_uint64(), 4u);
  ASSERT_TRUE(before.enter_array());
  EXPECT_EQ(before.read_uint64(), 2u);
}

TEST(Cursor, AKeyThatIsNoTextIsFinal) {
  const ByteVector map = bytes_of("a1 01 02");
  std::string room;
  Cursor cursor(Format::cbor, map);
  ASSERT_TRUE(cursor.enter_map());
  EXPECT_EQ(cursor.next_key(room).error(), (Refusal{Cause::not_a_text_key, 1}));
  EXPECT_EQ(cursor.skip().error(), (Refusal{Cause::not_a_text_key, 1}));
}

std::string nested(std::size_t depth, std::string_view open, std::string_view inside,
                   std::string_view close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += inside;
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

TEST(Limits, D5_ContainersAreNestedAsDeepAsTheLimitSaysAndNoDeeper) {
  struct Case {
    Format format;
    std::string_view open, inside, close;
  };
  const Case cases[] = {
      {Format::json, "[", "1", "]"},         {Format::json, "{\"a\":", "1", "}"},
      {Format::msgpack, "\x91", "\x01", ""}, {Format::msgpack, "\x81\xa0", "\x01", ""},
      {Format::cbor, "\x81", "\x01", ""},    {Format::cbor, "\x9f", "\x01", "\xff"},
      {Format::ubjson, "[", "T", "]"},       {Format::bjdata, "{U\x01k", "T", "}"},
  };
  for (const Case& one: cases) {
    const std::string deepest = nested(64, one.open, one.inside, one.close);
    EXPECT_TRUE(check(one.format, as_bytes(deepest)));
    const std::string deeper = nested(65, one.open, one.inside, one.close);
    EXPECT_EQ(refusal_of(one.format, as_bytes(deeper)), (Refusal{Cause::too_deep, 64 * one.open.size()}));
    EXPECT_TRUE(check(one.format, as_bytes(deeper), {.depth_max = 65}));
    const std::string much_deeper = nested(100'000, one.open, one.inside, one.close);
    EXPECT_EQ(refusal_of(one.format, as_bytes(much_deeper), {.depth_max = depth_capacity}).cause,
              Cause::too_deep);
  }
}

TEST(Limits, AValueHasAsManyBytesAsTheLimitSaysAndNoMore) {
  const std::string_view text = "[1,2]";
  EXPECT_TRUE(check(Format::json, as_bytes(text), {.bytes_max = 5}));
  EXPECT_EQ(refusal_of(Format::json, as_bytes(text), {.bytes_max = 4}), (Refusal{Cause::too_big, 4}));
  EXPECT_EQ(transcode(Format::json, as_bytes(text), Format::cbor, {.bytes_max = 4}).error(),
            (Refusal{Cause::too_big, 4}));
}

TEST(Refusal, IsASentence) {
  EXPECT_EQ(to_string(Refusal{Cause::cut_short, 17}), "at byte 17: the bytes end inside a value");
}

TEST(Format, IsFoundByItsName) {
  for (const Format format: formats) EXPECT_EQ(find_format(to_string(format)), format);
  EXPECT_EQ(find_format("bson"), std::nullopt);
}

}  // namespace
}  // namespace crosspoint::data
