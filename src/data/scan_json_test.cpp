#include "data/cursor.h"
#include "data/test_bytes.h"

namespace crosspoint::data {
namespace {

std::string through(std::string_view text) { return as_json(Format::json, as_bytes(text)); }

TEST(Json, SaysTheSameAfterBeingTakenApart) {
  for (const std::string_view text: {
           "null",
           "true",
           "false",
           "0",
           "-1",
           "18446744073709551615",
           "-9223372036854775808",
           "1.5",
           "\"\"",
           "[]",
           "{}",
           "[1,[2,[3,[]]],{}]",
           R"({"a":1,"b":{"c":[null,true]}})",
           R"("a \" and a \\")",
           "\"caf\u00e9 \u20ac \U0001f600\"",
           R"("\b\t\n\f\r\u0001\u001f")",
       }) {
    EXPECT_EQ(through(text), text);
  }
}

TEST(Json, ReadsEveryEscape) {
  EXPECT_EQ(through(R"("\/\u0041\u00e9\u20AC\ud83d\uDE00")"), "\"/A\u00e9\u20ac\U0001f600\"");
  EXPECT_EQ(through(R"({"\u006bey":1})"), R"({"key":1})");
  EXPECT_EQ(through(R"("\u0000 is no base64")"), R"("\u0000 is no base64")");
}

TEST(Json, PassesWhiteSpaceWhereItMayStand) {
  EXPECT_EQ(through(" \t\r\n[ 1 ,\n2 , { \"a\" : [ ] } ] \n"), R"([1,2,{"a":[]}])");
}

TEST(Json, KeepsIntegersOf64BitsExactlyAndLargerOnesAsDigits) {
  EXPECT_EQ(through("[9223372036854775807,9223372036854775808,-9223372036854775808,-9223372036854775809]"),
            "[9223372036854775807,9223372036854775808,-9223372036854775808,-9223372036854775809]");
  EXPECT_EQ(through("18446744073709551616"), "18446744073709551616");
  EXPECT_EQ(through("-0"), "0");
}

TEST(Json, RealsStayReals) {
  EXPECT_EQ(through("[1.0,1e2,-0.0,1E-2,12345678901234567890.5,1e-400]"),
            "[1.0,100.0,-0.0,0.01,12345678901234567168.0,0.0]");
  EXPECT_EQ(through("[0.00000000000000000000000001e-400,-1e-99999999999]"), "[0.0,-0.0]");
}

TEST(Json, ANumberThatNoDoubleHoldsIsPassedOnButNotTranscoded) {
  for (const std::string_view text: {"1e400", "-1e99999999999", "0.0001e400"}) {
    EXPECT_TRUE(check(Format::json, as_bytes(text)));
    EXPECT_EQ(transcode(Format::json, as_bytes(text), Format::msgpack).error(),
              (Refusal{Cause::out_of_range, 0}));
  }
}

TEST(Json, RefusesWhatIsNotJson) {
  const Refused table[] = {
      {"", Cause::cut_short, 0},
      {" ", Cause::cut_short, 1},
      {"nul", Cause::cut_short, 3},
      {"nulL", Cause::unexpected_byte, 3},
      {"nullx", Cause::trailing_bytes, 4},
      {"1 2", Cause::trailing_bytes, 2},
      {"[1,]", Cause::unexpected_byte, 3},
      {"[,1]", Cause::unexpected_byte, 1},
      {"[1 2]", Cause::unexpected_byte, 3},
      {"[1}", Cause::unexpected_byte, 2},
      {"]", Cause::unexpected_byte, 0},
      {"{\"a\":1,}", Cause::unexpected_byte, 7},
      {"{\"a\" 1}", Cause::unexpected_byte, 5},
      {"{\"a\"}", Cause::unexpected_byte, 4},
      {"{\"a\":}", Cause::unexpected_byte, 5},
      {"{a:1}", Cause::unexpected_byte, 1},
      {"{1:1}", Cause::unexpected_byte, 1},
      {"'a'", Cause::unexpected_byte, 0},
      {"NaN", Cause::unexpected_byte, 0},
      {"Infinity", Cause::unexpected_byte, 0},
      {"+1", Cause::unexpected_byte, 0},
      {".5", Cause::unexpected_byte, 0},
      {"[01]", Cause::bad_number, 1},
      {"[-]", Cause::bad_number, 1},
      {"[1.]", Cause::bad_number, 1},
      {"[1e]", Cause::bad_number, 1},
      {"[1e+]", Cause::bad_number, 1},
      {"0x10", Cause::trailing_bytes, 1},
      {"\"a\nb\"", Cause::control_character, 2},
      {"\"\\x41\"", Cause::bad_escape, 1},
      {"\"\\u00g0\"", Cause::bad_escape, 1},
      {"\"ab\\ud800\"", Cause::bad_escape, 3},
      {"\"\\ud800\\u0041\"", Cause::bad_escape, 1},
      {"\"\\udc00\"", Cause::bad_escape, 1},
      {"\"a\xff\"", Cause::not_utf8, 2},
      {"\"0123456789abcdef\xc3\"", Cause::not_utf8, 18},
      {"\"\xed\xa0\x80\"", Cause::not_utf8, 2},
      {"\xef\xbb\xbf{}", Cause::unexpected_byte, 0},
      {"/* */1", Cause::unexpected_byte, 0},
  };
  expect_refused(Format::json, table);
}

TEST(Json, RefusesEveryBeginningOfAValue) {
  expect_every_beginning_refused(Format::json, as_bytes(R"({"a":[1,20,"b",true,false,null,{}],"c":"d"})"));
  expect_every_beginning_refused(Format::json, as_bytes("[\"0123456789abcdef \u20ac\"]"));
  // "[1." is a wrong number, and "\u00 a wrong escape, rather than half of one.
  for (const std::string_view text: {"[1.5]", "[1e5]", "[-0.5e-7]", R"(["\u00e9\ud83d\ude00\n"])"}) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      EXPECT_FALSE(check(Format::json, to_vector(as_bytes(text.substr(0, size)))));
    }
  }
}

TEST(Json, ALongStringIsScannedToItsEndWhereverItBegins) {
  for (std::size_t before = 0; before < 9; ++before) {
    for (std::size_t size = 0; size < 40; ++size) {
      const std::string inside(size, 'x');
      const std::string text = std::string(before, ' ') + '"' + inside + '"';
      ASSERT_TRUE(check(Format::json, as_bytes(text)));
      std::string room;
      ASSERT_EQ(*Cursor(Format::json, as_bytes(text)).read_string(room), inside);
    }
  }
}

TEST(Json, FindsEachSpecialByteInEachPlaceOfAWord) {
  for (std::size_t place = 0; place < 24; ++place) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text(24, 'x');
      text[place] = static_cast<char>(byte);
      const bool wrong = byte < 0x20 || byte == '"' || byte == '\\' || byte >= 0x80;
      ASSERT_EQ(check(Format::json, as_bytes('"' + text + '"')).has_value(), !wrong) << place << ' ' << byte;
    }
  }
}

}  // namespace
}  // namespace crosspoint::data
