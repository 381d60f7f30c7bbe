#include "wamp/utc_text.h"

#include <fmt/core.h>

#include <chrono>

namespace crosspoint::wamp {
namespace {

namespace calendar = std::chrono;

// Reads from the front, and remembers whether all was as it should be.
class Digits {
 public:
  explicit Digits(std::string_view text) : text_(text) {}

  int number(int digits) {
    int value = 0;
    for (; digits > 0; --digits) {
      const char digit = take();
      if (digit < '0' || digit > '9') right_ = false;
      value = value * 10 + (digit - '0');
    }
    return value;
  }
  void expect(std::string_view one_of) {
    if (one_of.find(take()) == std::string_view::npos) right_ = false;
  }
  char peek() const { return text_.empty() ? '\0' : text_.front(); }
  char take() {
    if (text_.empty()) {
      right_ = false;
      return '\0';
    }
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }
  bool right() const { return right_; }
  bool done() const { return right_ && text_.empty(); }

 private:
  std::string_view text_;
  bool right_ = true;
};

Duration fraction(Digits& digits) {
  if (digits.peek() != '.') return Duration::zero();
  digits.take();
  std::int64_t nanoseconds = 0, unit = 100'000'000;
  digits.number(0);
  bool any = false;
  for (; digits.peek() >= '0' && digits.peek() <= '9'; unit /= 10, any = true) {
    nanoseconds += (digits.take() - '0') * unit;
  }
  if (!any) digits.expect("");
  return Duration(nanoseconds);
}

calendar::minutes offset(Digits& digits) {
  const char sign = digits.take();
  if (sign == 'Z' || sign == 'z') return calendar::minutes(0);
  if (sign != '+' && sign != '-') digits.expect("");
  const int hours = digits.number(2);
  digits.expect(":");
  const int minutes = digits.number(2);
  if (hours > 23 || minutes > 59) digits.expect("");
  return calendar::minutes((sign == '-' ? -1 : 1) * (hours * 60 + minutes));
}

}  // namespace

std::string utc_text(WallTime time) {
  const auto day = calendar::floor<calendar::days>(time);
  const calendar::year_month_day date(day);
  const calendar::hh_mm_ss clock(calendar::floor<calendar::milliseconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::optional<WallTime> parse_utc_text(std::string_view text) {
  Digits digits(text);
  const int year = digits.number(4);
  digits.expect("-");
  const int month = digits.number(2);
  digits.expect("-");
  const int day = digits.number(2);
  digits.expect("Tt ");
  const int hour = digits.number(2);
  digits.expect(":");
  const int minute = digits.number(2);
  digits.expect(":");
  const int second = digits.number(2);
  const auto part = fraction(digits);
  const auto east = offset(digits);
  const calendar::year_month_day date{calendar::year(year), calendar::month(static_cast<unsigned>(month)),
                                      calendar::day(static_cast<unsigned>(day))};
  if (!digits.done() || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  // What nanoseconds of 64 bits hold.
  if (year < 1700 || year > 2200) return std::nullopt;
  return WallTime(calendar::sys_days(date)) + calendar::hours(hour) + calendar::minutes(minute) +
         calendar::seconds(second) + part - east;
}

}  // namespace crosspoint::wamp
