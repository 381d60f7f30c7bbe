#include "data/cursor.h"
#include "data/test_bytes.h"

namespace crosspoint::data {
namespace {

std::string ubjson_json(std::string_view notation) { return as_json(Format::ubjson, bytes_of(notation)); }
std::string bj_json(std::string_view notation) { return as_json(Format::bjdata, bytes_of(notation)); }

TEST(Ubjson, ReadsEveryType) {
  EXPECT_EQ(ubjson_json("'[ZTF]'"), "[null,true,false]");
  EXPECT_EQ(ubjson_json("'[i' 80 'U' ff 'I' 80 00 'l' 80 00 00 00 'L' 80 00 00 00 00 00 00 00 ']'"),
            "[-128,255,-32768,-2147483648,-9223372036854775808]");
  EXPECT_EQ(ubjson_json("'[d' 3f c0 00 00 'D' 3f f8 00 00 00 00 00 00 ']'"), "[1.5,1.5]");
  EXPECT_EQ(ubjson_json("'[CaSi' 02 'bc' 'SU' 00 ']'"), R"(["a","bc",""])");
  EXPECT_EQ(ubjson_json("'{i' 01 'a' 'i' 05 'U' 01 'b' '[]}'"), R"({"a":5,"b":[]})");
}

TEST(Ubjson, BjdataHasItsOwnOrderAndTypes) {
  EXPECT_EQ(bj_json("'[I' 00 80 'l' 00 00 00 80 'L' 00 00 00 00 00 00 00 80 ']'"),
            "[-32768,-2147483648,-9223372036854775808]");
  EXPECT_EQ(bj_json("'[u' ff fe 'm' ff ff ff fe 'M' ff ff ff ff ff ff ff ff 'B' 07 ']'"),
            "[65279,4278190079,18446744073709551615,7]");
  EXPECT_EQ(bj_json("'[h' 00 3c 'd' 00 00 c0 3f 'D' 00 00 00 00 00 00 f8 3f ']'"), "[1.0,1.5,1.5]");
  EXPECT_EQ(bj_json("'[$u#m' 02 00 00 00 01 00 00 01"), "[1,256]");
  EXPECT_EQ(ubjson_json("'u' 00 01"), "at byte 0: nothing that may stand here begins with this byte");
}

TEST(Ubjson, ReadsContainersThatSayTheirTypeAndCount) {
  EXPECT_EQ(ubjson_json("'[#i' 02 'i' 01 'T'"), "[1,true]");
  EXPECT_EQ(ubjson_json("'[$I#i' 02 00 01 ff ff"), "[1,-1]");
  EXPECT_EQ(ubjson_json("'[$S#i' 02 'i' 01 'a' 'i' 00"), R"(["a",""])");
  EXPECT_EQ(ubjson_json("'{#i' 01 'i' 01 'a' 'T'"), R"({"a":true})");
  EXPECT_EQ(ubjson_json("'{$i#i' 02 'i' 01 'a' 01 'i' 01 'b' 02"), R"({"a":1,"b":2})");
  EXPECT_EQ(ubjson_json("'[$[#i' 02 '$i#i' 01 05 ']'"), "[[5],[]]");
  EXPECT_EQ(ubjson_json("'[#i' 00"), "[]");
  EXPECT_EQ(ubjson_json("'{$i#i' 00"), "{}");
}

TEST(Ubjson, AnArrayOfUint8IsBinary) {
  EXPECT_EQ(ubjson_json("'[$U#i' 02 fb ff"), R"("\u0000+/8=")");
  EXPECT_EQ(bj_json("'[$U#i' 02 fb ff"), R"("\u0000+/8=")");
  EXPECT_EQ(bj_json("'[$B#i' 02 fb ff"), R"("\u0000+/8=")");
  EXPECT_EQ(ubjson_json("'[#i' 01 'U' 05"), "[5]");
}

TEST(Ubjson, NoOpsSayNothing) {
  EXPECT_EQ(ubjson_json("'NN[NTNFN]'"), "[true,false]");
  EXPECT_EQ(ubjson_json("'{Ni' 01 'a' 'NTN}'"), R"({"a":true})");
  EXPECT_EQ(ubjson_json("'[#i' 01 'NT'"), "[true]");
}

TEST(Ubjson, HighPrecisionNumbersAreWhatTheirDigitsSay) {
  EXPECT_EQ(ubjson_json("'Hi' 02 '42'"), "42");
  EXPECT_EQ(ubjson_json("'Hi' 14 '18446744073709551616'"), "18446744073709551616");
  EXPECT_EQ(ubjson_json("'Hi' 16 '3.14159265358979323846'"), "3.14159265358979323846");
  EXPECT_EQ(Cursor(Format::ubjson, bytes_of("'Hi' 02 '42'")).read_uint64(), 42u);
}

TEST(Ubjson, AnElementOfADeclaredTypeHasNoBytesThatCouldStandElsewhere) {
  const ByteVector bytes = bytes_of("'[i' 01 '[$i#i' 02 05 06 ']'");
  Cursor cursor(Format::ubjson, bytes);
  ASSERT_TRUE(cursor.enter_array());
  EXPECT_EQ(to_hex(*cursor.skip()), "69 01");
  ASSERT_TRUE(cursor.enter_array());

  EXPECT_TRUE(cursor.skip()->empty());

  EXPECT_EQ(cursor.read_int64(), 6);
  EXPECT_EQ(cursor.more(), false);
  EXPECT_EQ(cursor.more(), false);
  EXPECT_TRUE(cursor.finish());
}

TEST(Ubjson, RefusesWhatIsNotUbjson) {
  const Refused table[] = {
      {"", Cause::cut_short, 0},
      {"'N'", Cause::cut_short, 1},
      {"'x'", Cause::unexpected_byte, 0},
      {"'[T}'", Cause::unexpected_byte, 2},
      {"']'", Cause::unexpected_byte, 0},
      {"'TT'", Cause::trailing_bytes, 1},
      {"'Si' ff", Cause::bad_length, 1},
      {"'Sd' 00 00 00 00", Cause::bad_length, 1},
      {"'ST'", Cause::bad_length, 1},
      {"'{Si' 01 'a' 'T}'", Cause::bad_length, 1},
      {"'{i' 01 'a}'", Cause::unexpected_byte, 4},
      {"'Si' 01 ff", Cause::not_utf8, 3},
      {"'C' 80", Cause::not_utf8, 1},
      {"'SL' 7f ff ff ff ff ff ff ff", Cause::cut_short, 10},
      {"'[#L' 7f ff ff ff ff ff ff ff", Cause::cut_short, 11},
      {"'[$i#i' 03 01", Cause::cut_short, 7},
      {"'{#i' 02 'i' 00 'T'", Cause::cut_short, 7},
      {"'[#i' ff", Cause::bad_length, 2},
      {"'[$i' 01", Cause::unexpected_byte, 3},
      // Elements without bytes would be billions of values in eleven bytes.
      {"'[$T#L' 7f ff ff ff ff ff ff ff", Cause::unsupported, 0},
      {"'[$Z#i' 01", Cause::unsupported, 0},
      {"'[$N#i' 01", Cause::unsupported, 0},
      {"'{$F#i' 01 'i' 01 'a'", Cause::unsupported, 0},
      {"'Hi' 02 '1.'", Cause::bad_number, 3},
      {"'Hi' 03 '1 2'", Cause::bad_number, 3},
      {"'Hi' 00", Cause::bad_number, 3},
      {"'Hi' 03 'NaN'", Cause::bad_number, 3},
  };
  expect_refused(Format::ubjson, table);
}

TEST(Ubjson, RefusesWhatIsNotBjdata) {
  const Refused table[] = {
      {"'[$i#[' 'i' 02 'i' 02 ']' 01 02 03 04", Cause::unsupported, 0},  // two dimensions
      {"'[$S#i' 01 'i' 01 'a'", Cause::unsupported, 0},
      {"'[$[#i' 01 ']'", Cause::unsupported, 0},
      {"'[$T#i' 01", Cause::unsupported, 0},
  };
  expect_refused(Format::bjdata, table);
}

TEST(Ubjson, RefusesEveryBeginningOfAValue) {
  // A number in H may not be cut: "4" is one too, but its length then says otherwise.
  expect_every_beginning_refused(
      Format::ubjson,
      bytes_of(
          "'[ZTi' 01 'U' 02 'I' 0003 'l' 00000004 'L' 0000000000000005 'd' 3fc00000 'D' 3ff8000000000000"
          "'CxSi' 02 'ab' '{i' 01 'k' '[$I#i' 02 00010002 'i' 01 'h' 'Hi' 02 '42' 'N}' '[$U#i' 01 ff ']'"));
  expect_every_beginning_refused(Format::bjdata,
                                 bytes_of("'[u' 0001 'm' 00000001 'M' 0000000000000001 'h' 003c"
                                          "'{#i' 01 'i' 01 'a' '[$u#i' 02 01000200 ']'"));
}

}  // namespace
}  // namespace crosspoint::data
