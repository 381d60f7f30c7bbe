#include "base/utf8.h"

#include <gtest/gtest.h>

#include "testing/cut_anywhere.h"

namespace crosspoint {
namespace {

std::string encoded(std::uint32_t point) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value & 0xff); };
  std::string text;
  if (point < 0x80) return text += byte(point);
  if (point < 0x800) return (text += byte(0xc0 | point >> 6)) += byte(0x80 | (point & 0x3f));
  if (point < 0x10000) {
    ((text += byte(0xe0 | point >> 12)) += byte(0x80 | (point >> 6 & 0x3f))) += byte(0x80 | (point & 0x3f));
    return text;
  }
  (text += byte(0xf0 | point >> 18)) += byte(0x80 | (point >> 12 & 0x3f));
  return (text += byte(0x80 | (point >> 6 & 0x3f))) += byte(0x80 | (point & 0x3f));
}

std::size_t good_bytes(std::string_view text) { return Utf8Validator().feed(as_bytes(text)); }

TEST(Utf8, TakesEveryCodePointButTheSurrogates) {
  for (std::uint32_t point = 0; point <= 0x10ffff; ++point) {
    const bool surrogate = point >= 0xd800 && point <= 0xdfff;
    ASSERT_EQ(is_utf8(as_bytes(encoded(point))), !surrogate) << point;
  }
}

TEST(Utf8, B9_NamesTheOffendingByte) {
  struct Case {
    std::string_view text;
    std::size_t good;
  };
  const Case cases[] = {
      {"\x80", 0},  // a continuation of nothing
      {"ab\xbf", 2},
      {"\xc0\xaf", 0},  // overlong "/": C0 and C1 are never right
      {"\xc1\xbf", 0},
      {"\xe0\x80\xaf", 1},  // overlong in three
      {"\xe0\x9f\xbf", 1},
      {"\xf0\x80\x80\xaf", 1},  // overlong in four
      {"\xf0\x8f\xbf\xbf", 1},
      {"\xed\xa0\x80", 1},      // the first surrogate
      {"\xed\xbf\xbf", 1},      // the last
      {"\xf4\x90\x80\x80", 1},  // U+110000
      {"\xf5\x80\x80\x80", 0},
      {"\xff", 0},
      {"\xe2\x82\x41", 2},  // cut short by another character
      {"\xf0\x9f\x98\x41", 3},
      {"\xc3\xc3", 1},
      {"0123456789abcdef0123456789abcdef\xff", 32},
      {"0123456789abcdef0123456789abcde\xc3\x28", 32},
      // What Autobahn 6.4.* sends: the byte after F4 decides.
      {"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xf4\x90\x80\x80\x65\x64\x69\x74\x65\x64", 12},
  };
  for (const Case& one: cases) EXPECT_EQ(good_bytes(one.text), one.good) << to_hex(as_bytes(one.text));
}

TEST(Utf8, ATextMayNotEndInsideACodePoint) {
  for (const std::string_view text: {"\xc3", "\xe2\x82", "\xf0\x9f\x98", "abc\xf0"}) {
    EXPECT_EQ(good_bytes(text), text.size());
    EXPECT_FALSE(is_utf8(as_bytes(text)));
  }
  EXPECT_TRUE(is_utf8({}));
}

TEST(Utf8, B12_SaysTheSameHoweverTheTextIsCut) {
  for (const std::string_view text: {
           "plain ascii that is longer than a few words, so that the fast path runs",
           "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5 \xf0\x9f\x98\x80 and ascii again \xe2\x82\xac",
           "0123456789abcdef0123456789\xf4\x90 and more of it",
           "0123456789abcdef\xed\xa0\x80",
           "\xe2\x82",
       }) {
    testing::expect_same_result_however_cut(as_bytes(text), [](std::span<const Bytes> pieces) {
      Utf8Validator validator;
      std::size_t good = 0;
      for (const Bytes piece: pieces) {
        const std::size_t here = validator.feed(piece);
        good += here;
        if (here < piece.size()) return std::pair(good, false);
      }
      return std::pair(good, validator.at_boundary());
    });
  }
}

}  // namespace
}  // namespace crosspoint
