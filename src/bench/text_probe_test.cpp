#include "bench/text_probe.h"

#include <gtest/gtest.h>

namespace crosspoint::bench {
namespace {

std::string encoded_text(std::uint64_t sequence, std::size_t bytes) {
  std::string text;
  encode_text_probe({.sequence = sequence, .due = MonotonicTime{5s}, .source = 7}, bytes, text);
  return text;
}

TEST(TextProbe, EveryWrongBitIsNoticed) {
  const auto good = encoded_text(3, 64);
  ASSERT_TRUE(read_text_probe(good, true).intact);

  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
    const auto verdict = read_text_probe(bad, true);
    const bool time_changed = bit / 8 >= 17 && bit / 8 < 28;
    EXPECT_TRUE(!verdict.intact || time_changed) << bit;
  }
}

TEST(TextProbe, CarriesItsNumberAndTimeAtAnySize) {
  const std::uint64_t last = UINT64_MAX;
  for (const std::size_t bytes: {32uz, 33uz, 1316uz, 65536uz, 200'000uz}) {
    const auto verdict = read_text_probe(encoded_text(last, bytes), true);
    EXPECT_TRUE(verdict.intact) << bytes;
    EXPECT_EQ(verdict.probe.sequence, last);
    EXPECT_EQ(verdict.probe.due, MonotonicTime{5s});
    EXPECT_EQ(verdict.probe.source, 7u);
  }
}

TEST(TextProbe, IsSpeltByEverySerializerAsItIs) {
  for (const char c: encoded_text(9, 4096)) {
    EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_') << c;
  }
}

TEST(TextProbe, IsNotReadFromTextThatIsTooShortOrTooLong) {
  const auto good = encoded_text(3, 64);
  EXPECT_FALSE(read_text_probe("", true).intact);
  EXPECT_FALSE(read_text_probe(good.substr(0, 31), true).intact);
  EXPECT_FALSE(read_text_probe(good.substr(0, 63), true).intact);
  EXPECT_FALSE(read_text_probe(good + "0", true).intact);
}

}  // namespace
}  // namespace crosspoint::bench
