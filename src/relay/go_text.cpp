#include "relay/go_text.h"

#include <fmt/core.h>

#include <cstdlib>

namespace crosspoint::relay {
namespace {

// "745670924" of 9 digits without its trailing zeros, and a point before it; nothing for zero.
std::string fraction(std::uint64_t value, int digits) {
  if (value == 0) return {};
  auto text = fmt::format(".{:0{}}", value, digits);
  while (text.back() == '0') text.pop_back();
  return text;
}

}  // namespace

std::string go_duration(Duration duration) {
  const bool negative = duration.count() < 0;
  const std::uint64_t ns = static_cast<std::uint64_t>(std::llabs(duration.count()));
  std::string text = negative ? "-" : "";
  if (ns == 0) return "0s";
  if (ns < 1'000) return text + fmt::format("{}ns", ns);
  if (ns < 1'000'000) return text + fmt::format("{}{}\u00b5s", ns / 1'000, fraction(ns % 1'000, 3));
  if (ns < 1'000'000'000) return text + fmt::format("{}{}ms", ns / 1'000'000, fraction(ns % 1'000'000, 6));
  const std::uint64_t seconds = ns / 1'000'000'000;
  if (seconds >= 3600) text += fmt::format("{}h", seconds / 3600);
  if (seconds >= 60) text += fmt::format("{}m", seconds / 60 % 60);
  return text + fmt::format("{}{}s", seconds % 60, fraction(ns % 1'000'000'000, 9));
}

std::string go_time(WallTime at, Duration since_start) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}{} +0000 UTC m=+{}.{:09}",
                     static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(),
                     time.seconds().count(),
                     fraction(static_cast<std::uint64_t>(time.subseconds().count()), 9),
                     since_start.count() / 1'000'000'000, since_start.count() % 1'000'000'000);
}

}  // namespace crosspoint::relay
