#include "bench/probe.h"

#include <gtest/gtest.h>

namespace crosspoint::bench {
namespace {

ByteVector encoded(std::uint64_t sequence, std::size_t bytes = 1316) {
  ByteVector message;
  encode_probe({.sequence = sequence, .due = MonotonicTime{5s}, .source = 7}, bytes, message);
  return message;
}

TEST(Probe, EveryWrongBitIsNoticed) {
  const auto good = encoded(3, 64);
  ASSERT_TRUE(read_probe(good, true).intact);

  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto bad = good;
    bad[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    const auto verdict = read_probe(bad, true);
    const bool only_the_time_changed = bit / 8 >= 16 && bit / 8 < 24;
    EXPECT_NE(verdict.intact, !only_the_time_changed) << bit;
  }
}

TEST(Probe, CarriesItsNumberAndTimeAtAnySize) {
  for (const std::size_t bytes: {32uz, 33uz, 1316uz, 65536uz, 200'000uz}) {
    const auto verdict = read_probe(encoded(12, bytes), true);
    EXPECT_TRUE(verdict.intact) << bytes;
    EXPECT_EQ(verdict.probe.sequence, 12u);
    EXPECT_EQ(verdict.probe.due, MonotonicTime{5s});
    EXPECT_EQ(verdict.probe.source, 7u);
  }
}

TEST(Receipt, CountsGapsRepetitionsAndDamageApart) {
  Receipt receipt;
  for (const std::uint64_t sequence: {0, 1, 4, 4, 3, 5}) receipt.take(read_probe(encoded(sequence), true));
  receipt.take(Verdict{});

  EXPECT_EQ(receipt.received(), 7u);
  EXPECT_EQ(receipt.lost(), 2u);
  EXPECT_EQ(receipt.out_of_order(), 2u);
  EXPECT_EQ(receipt.corrupt(), 1u);
}

}  // namespace
}  // namespace crosspoint::bench
