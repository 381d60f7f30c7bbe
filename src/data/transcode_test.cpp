#include "data/transcode.h"

#include "data/test_bytes.h"
#include "data/value.h"

namespace crosspoint::data {
namespace {

// Every kind of value, in a spelling of JSON that is the one we write.
constexpr std::string_view everything =
    R"({"null":null,"yes":true,"no":false,"int":[0,-1,23,24,127,128,255,256,-32,-33,-128,-129,65535,65536,-32769,2147483648,)"
    R"(9223372036854775807,9223372036854775808,18446744073709551615,-9223372036854775808],"real":[0.0,-0.0,1.5,0.1,1e+300,)"
    R"(5e-324],"text":["","caf)"
    "\u00e9\u20ac\U0001f600"
    R"(","\"\\\n\u0001"],"empty":[[],{},""],"binary":"\u0000+/8=","key \" with quotes":{"":[[[[1]]]]}})";

TEST(Transcode, GoesThroughEveryPairOfFormatsAndComesBackTheSame) {
  for (const Format from: formats) {
    const auto first = transcode(Format::json, as_bytes(everything), from);
    ASSERT_TRUE(first) << to_string(first.error());
    for (const Format to: formats) {
      SCOPED_TRACE(std::string(to_string(from)) + " to " + std::string(to_string(to)));
      const auto second = transcode(from, *first, to);
      ASSERT_TRUE(second) << to_string(second.error());
      EXPECT_EQ(to_string(*transcode(to, *second, Format::json)), everything);
      EXPECT_EQ(*transcode(to, *second, from), *first);
    }
  }
}

TEST(Transcode, DeepNestingGoesThroughEveryPairOfFormats) {
  const std::string deep = std::string(64, '[') + "{}" + std::string(64, ']');
  const std::string text = deep.substr(1, deep.size() - 2);
  for (const Format from: formats) {
    const auto first = transcode(Format::json, as_bytes(text), from);
    for (const Format to: formats) EXPECT_EQ(as_json(to, *transcode(from, *first, to)), text);
  }
}

TEST(Transcode, BigIntegersAreExactWhereTheyCanBe) {
  const std::string_view text = "[18446744073709551616,-18446744073709551617,123456789012345678901234567890]";
  for (const Format by: {Format::cbor, Format::ubjson, Format::bjdata}) {
    EXPECT_EQ(to_string(*transcode(by, *transcode(Format::json, as_bytes(text), by), Format::json)), text);
  }
  EXPECT_EQ(to_string(*transcode(Format::msgpack, *transcode(Format::json, as_bytes(text), Format::msgpack),
                                 Format::json)),
            "[18446744073709551616.0,-18446744073709551616.0,1.2345678901234568e+29]");
}

TEST(Transcode, BinaryAndTextTurnIntoEachOtherBetweenJsonAndTheRest) {
  const ByteVector cbor = bytes_of("83 43 fbff00 40 63 00 '!!'");
  EXPECT_EQ(as_json(Format::cbor, cbor), R"(["\u0000+/8A","\u0000","\u0000!!"])");
  EXPECT_EQ(
      to_hex(*transcode(Format::json, as_bytes(R"(["\u0000+\/8A","\u0000","\u0000!!"])"), Format::cbor)),
      to_hex(cbor));
  EXPECT_EQ(to_hex(*transcode(Format::json, as_bytes(R"("\u0000QQ==")"), Format::msgpack)), "c4 01 41");
  // Base64 that is not exactly standard, and a key, are text.
  EXPECT_EQ(to_hex(*transcode(Format::json, as_bytes(R"("\u0000QR==")"), Format::msgpack)),
            "a5 00 51 52 3d 3d");
  EXPECT_EQ(to_hex(*transcode(Format::json, as_bytes(R"({"\u0000QQ==":1})"), Format::msgpack)),
            "81 a5 00 51 51 3d 3d 01");
}

TEST(Transcode, BytesInPlaceOfArgumentsGoOverToo) {
  ByteVector out;
  Writer writer(Format::json, out);
  writer.begin_array(2);
  writer.integer(36);

  ASSERT_TRUE(transcode(Format::cbor, bytes_of("42 0102"), writer));

  writer.end_array();
  EXPECT_EQ(to_string(out), R"([36,"\u0000AQI="])");
}

TEST(Transcode, AllCountsOfContainersAreRightWhateverTheSourceKnewOfThem) {
  EXPECT_EQ(
      to_hex(*transcode(Format::cbor, bytes_of("9f bf 61 'a' 9f 01 02 ff ff 82 03 04 ff"), Format::msgpack)),
      "92 81 a1 61 92 01 02 92 03 04");
  EXPECT_EQ(
      to_hex(*transcode(Format::ubjson, bytes_of("'[[$i#i' 02 0102 '{#i' 01 'i' 01 'aT]'"), Format::cbor)),
      "82 82 01 02 a1 61 61 f5");
  std::string many = "[0";
  for (int i = 0; i < 70'000; ++i) many += ",0";
  many += "]";
  EXPECT_EQ(to_hex(Bytes(*transcode(Format::json, as_bytes(many), Format::msgpack)).first(6)),
            "dd 00 01 11 71 00");
}

TEST(Transcode, DuplicateKeysAndTheirOrderArePassedOn) {
  EXPECT_EQ(as_json(Format::cbor, bytes_of("a3 61 'b' 01 61 'a' 02 61 'b' 03")), R"({"b":1,"a":2,"b":3})");
}

TEST(Transcode, BetweenEqualFormatsTheBytesAreCheckedAndCopied) {
  EXPECT_EQ(to_string(*transcode(Format::json, as_bytes(" [1e400 , 1] "), Format::json)), " [1e400 , 1] ");
  EXPECT_EQ(transcode(Format::json, as_bytes("[1"), Format::json).error(), (Refusal{Cause::cut_short, 2}));
}

TEST(Transcode, ARefusalLeavesNothingInTheMessage) {
  ByteVector out;
  Writer writer(Format::json, out);
  writer.begin_array(2);
  writer.integer(1);

  EXPECT_FALSE(transcode(Format::msgpack, bytes_of("92 01 c1"), writer));

  writer.integer(2);
  writer.end_array();
  EXPECT_EQ(to_string(out), "[1,2]");
}

TEST(Transcode, WhatFollowsTheValueIsRefused) {
  EXPECT_EQ(transcode(Format::cbor, bytes_of("01 02"), Format::json).error(),
            (Refusal{Cause::trailing_bytes, 1}));
  EXPECT_EQ(transcode(Format::cbor, bytes_of("80 02"), Format::msgpack).error(),
            (Refusal{Cause::trailing_bytes, 1}));
}

TEST(Transcode, TheOutputIsAtMostSomeTwelveTimesTheInput) {
  ByteVector halves = bytes_of("'[$h#m' 00 20 00 00");
  for (int i = 0; i < 8192; ++i) append(halves, bytes_of("ff 83"));
  const auto text = transcode(Format::bjdata, halves, Format::json);
  ASSERT_TRUE(text);
  EXPECT_LE(text->size(), 13 * halves.size());
}

TEST(Value, IsWrittenAndReadInEveryFormat) {
  const Value value =
      Value::Map{{"session", 9007199254740992},
                 {"authid", "joe"},
                 {"list", Value::Array{nullptr, true, -1, 1.5, std::uint64_t{1} << 63, Value::Map{}}},
                 {"bytes", bytes_of("00 ff")}};
  for (const Format format: formats) {
    const auto back = read_value(format, write_value(format, value));
    ASSERT_TRUE(back) << to_string(back.error());
    EXPECT_EQ(*back, value);
    EXPECT_EQ(*back->find("authid")->string(), "joe");
    EXPECT_EQ(back->find("nothing"), nullptr);
  }
}

TEST(Value, BigIntegersBecomeDoubles) {
  EXPECT_EQ(*read_value(Format::json, as_bytes("18446744073709551616"))->real(), 18446744073709551616.0);
  EXPECT_EQ(read_value(Format::json, as_bytes("1e400")).error(), (Refusal{Cause::out_of_range, 0}));
}

TEST(Value, DuplicateKeysAndTrailingBytesAreRefused) {
  EXPECT_EQ(read_value(Format::json, as_bytes(R"([{"a":1,"\u0061":2}])")).error().cause,
            Cause::duplicate_key);
  EXPECT_EQ(read_value(Format::json, as_bytes("1 2")).error(), (Refusal{Cause::trailing_bytes, 2}));
  EXPECT_EQ(read_value(Format::json, as_bytes("[1")).error(), (Refusal{Cause::cut_short, 2}));
}

}  // namespace
}  // namespace crosspoint::data
