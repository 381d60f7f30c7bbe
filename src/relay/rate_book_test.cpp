#include "relay/rate_book.h"

#include <gtest/gtest.h>

namespace crosspoint::relay {
namespace {

constexpr MonotonicTime start{1h};

ClientReport report(std::uint64_t id, std::uint64_t messages, std::uint64_t bytes) {
  ClientReport report;
  report.id = id;
  report.connected = start;
  report.sent = {.messages = messages, .bytes = bytes, .last = start};
  return report;
}

TEST(RateBook, WhoHasJustComeHasDoneItAllSinceThen) {
  RateBook book;
  const auto rates = book.rates_of(report(1, 20, 2000), start + 2s);
  EXPECT_DOUBLE_EQ(rates.sent.messages_per_second, 10);
  EXPECT_DOUBLE_EQ(rates.sent.bytes_per_second, 1000);
}

TEST(RateBook, ARateIsOfTheLastFiveToTenSeconds) {
  RateBook book;
  book.rates_of(report(1, 100, 0), start + 10s);
  book.rates_of(report(1, 100, 0), start + 15s);
  book.rates_of(report(1, 100, 0), start + 20s);
  const auto silent = book.rates_of(report(1, 100, 0), start + 25s);
  EXPECT_DOUBLE_EQ(silent.sent.messages_per_second, 0);
}

TEST(RateBook, OftenAskedItStillLooksBackFarEnough) {
  RateBook book;
  for (int i = 0; i <= 200; ++i) {
    const auto rates = book.rates_of(report(1, static_cast<std::uint64_t>(i) * 5, 0), start + i * 100ms);
    if (i > 20) {
      EXPECT_NEAR(rates.sent.messages_per_second, 50, 1) << i;
    }
  }
}

TEST(RateBook, ForgetsWhoHasLeft) {
  RateBook book;
  book.rates_of(report(1, 1, 1), start);
  book.rates_of(report(2, 1, 1), start);
  book.end_report();
  book.rates_of(report(2, 1, 1), start + 1s);
  book.end_report();
  EXPECT_EQ(book.size(), 1u);
}

TEST(RateBook, CountersThatGoBackAreNoNegativeRate) {
  RateBook book;
  auto first = report(1, 0, 0);
  first.delivered = {.messages = 100, .bytes = 100, .last = start};
  book.rates_of(first, start + 10s);
  book.rates_of(first, start + 16s);
  auto later = first;
  later.delivered.messages = 90;
  EXPECT_GE(book.rates_of(later, start + 22s).delivered.messages_per_second, 0);
}

}  // namespace
}  // namespace crosspoint::relay
