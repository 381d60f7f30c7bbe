#include "data/test_bytes.h"

namespace crosspoint::data {
namespace {

std::string msgpack_json(std::string_view notation) { return as_json(Format::msgpack, bytes_of(notation)); }

TEST(Msgpack, ReadsEveryType) {
  EXPECT_EQ(msgpack_json("c0"), "null");
  EXPECT_EQ(msgpack_json("92 c2 c3"), "[false,true]");
  EXPECT_EQ(msgpack_json("94 00 7f ff e0"), "[0,127,-1,-32]");
  EXPECT_EQ(msgpack_json("94 cc ff cd ff ff ce ff ff ff ff cf ff ff ff ff ff ff ff ff"),
            "[255,65535,4294967295,18446744073709551615]");
  EXPECT_EQ(msgpack_json("94 d0 80 d1 80 00 d2 80 00 00 00 d3 80 00 00 00 00 00 00 00"),
            "[-128,-32768,-2147483648,-9223372036854775808]");
  EXPECT_EQ(msgpack_json("92 ca 3f c0 00 00 cb 3f f8 00 00 00 00 00 00"), "[1.5,1.5]");
  EXPECT_EQ(msgpack_json("a3 'abc'"), R"("abc")");
  EXPECT_EQ(msgpack_json("93 d9 01 'a' da 00 01 'b' db 00 00 00 01 'c'"), R"(["a","b","c"])");
  EXPECT_EQ(msgpack_json("93 c4 01 fb c5 00 01 fb c6 00 00 00 01 fb"),
            R"(["\u0000+w==","\u0000+w==","\u0000+w=="])");
  EXPECT_EQ(msgpack_json("dc 00 01 01"), "[1]");
  EXPECT_EQ(msgpack_json("dd 00 00 00 01 01"), "[1]");
  EXPECT_EQ(msgpack_json("81 a1 'a' 01"), R"({"a":1})");
  EXPECT_EQ(msgpack_json("de 00 01 a1 'a' 01"), R"({"a":1})");
  EXPECT_EQ(msgpack_json("df 00 00 00 01 a1 'a' 01"), R"({"a":1})");
}

TEST(Msgpack, TheRawTypesOfBefore2013AreTextIfTheyHoldText) {
  EXPECT_EQ(msgpack_json("da 00 05 'caf' c3 a9"), "\"caf\u00e9\"");
  EXPECT_EQ(refusal_of(Format::msgpack, bytes_of("a2 c3 28")), (Refusal{Cause::not_utf8, 2}));
}

TEST(Msgpack, ExtensionsArePassedOnAndBecomeTheirPayloadElsewhere) {
  for (const std::string_view extension:
       {"d4 05 fb", "d5 05 fb fb", "d6 ff 00 00 00 00", "d7 05 0000000000000000",
        "d8 05 00000000000000000000000000000000", "c7 01 05 fb", "c8 00 01 05 fb", "c9 00 00 00 01 05 fb"}) {
    const ByteVector bytes = bytes_of(extension);
    EXPECT_EQ(transcode(Format::msgpack, bytes, Format::msgpack).value(), bytes);
  }
  EXPECT_EQ(msgpack_json("c7 01 05 fb"), R"("\u0000+w==")");
}

TEST(Msgpack, MapsWithOtherKeysThanTextArePassedOnButNotTranscoded) {
  const ByteVector map = bytes_of("82 a1 'a' 01 05 02");
  EXPECT_TRUE(check(Format::msgpack, map));
  EXPECT_EQ(transcode(Format::msgpack, map, Format::cbor).error(), (Refusal{Cause::not_a_text_key, 4}));
  EXPECT_TRUE(check(Format::msgpack, bytes_of("81 92 01 02 03")));  // a list as a key
}

TEST(Msgpack, RefusesWhatIsNotMsgpack) {
  const Refused table[] = {
      {"", Cause::cut_short, 0},
      {"c1", Cause::unexpected_byte, 0},
      {"92 01 c1", Cause::unexpected_byte, 2},
      {"01 02", Cause::trailing_bytes, 1},
      {"92 01", Cause::cut_short, 2},
      {"a2 'a'", Cause::cut_short, 2},
      {"dd ff ff ff ff 01", Cause::cut_short, 6},
      {"df ff ff ff ff 01 01", Cause::cut_short, 7},
      {"df 00 00 00 02 a0 01 a0", Cause::cut_short, 8},
      {"db ff ff ff ff 'a'", Cause::cut_short, 6},
      {"c6 ff ff ff ff 'a'", Cause::cut_short, 6},
      {"c9 ff ff ff ff 01 'a'", Cause::cut_short, 7},
      {"a1 ff", Cause::not_utf8, 1},
      {"81 a1 ff 01", Cause::not_utf8, 2},
  };
  expect_refused(Format::msgpack, table);
}

TEST(Msgpack, RefusesEveryBeginningOfAValue) {
  expect_every_beginning_refused(
      Format::msgpack,
      bytes_of("99 c0 c3 cc ff cd ff ff ce 00 00 00 01 cf 0000000000000001 ca 3fc00000 cb 3ff8000000000000 "
               "82 a1 'a' 93 01 d0 80 d1 8000 d9 01 'b' d2 80000000"));
  expect_every_beginning_refused(Format::msgpack,
                                 bytes_of("96 d3 8000000000000000 c4 01 fb c7 01 05 fb d4 05 fb "
                                          "da 0002 'ab' dc 0001 de 0001 a1 'k' db 00000001 'c'"));
}

}  // namespace
}  // namespace crosspoint::data
