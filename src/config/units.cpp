#include "config/units.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <limits>
#include <span>

#include "base/assert.h"

namespace crosspoint::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t size;
};
constexpr std::uint64_t ki = 1024;
constexpr auto byte_units = std::to_array<Unit>({{"b", 1},
                                                 {"kb", 1000},
                                                 {"mb", 1000'000},
                                                 {"gb", 1000'000'000},
                                                 {"tb", 1000'000'000'000},
                                                 {"kib", ki},
                                                 {"mib", ki* ki},
                                                 {"gib", ki* ki* ki},
                                                 {"tib", ki* ki* ki* ki}});
constexpr auto time_units = std::to_array<Unit>({{"ns", 1},
                                                 {"us", 1000},
                                                 {"ms", 1000'000},
                                                 {"s", 1000'000'000},
                                                 {"m", 60'000'000'000},
                                                 {"h", 3600'000'000'000},
                                                 {"d", 86400'000'000'000}});

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

void skip_spaces(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
}
void trim(std::string_view& text) {
  skip_spaces(text);
  while (text.ends_with(' ')) text.remove_suffix(1);
}

std::uint64_t take_digits(std::string_view& text, std::string_view& digits) {
  std::size_t n = 0;
  while (n < text.size() && is_digit(text[n])) ++n;
  digits = text.substr(0, n);
  text.remove_prefix(n);
  return n;
}

// A decimal number, as its digits before and after the point.
struct Number {
  std::string_view whole, fraction;
};
Result<Number, UnitsError> take_number(std::string_view& text) {
  if (text.starts_with('-')) return fail(UnitsError::negative);
  Number number;
  if (take_digits(text, number.whole) == 0) return fail(UnitsError::malformed);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (take_digits(text, number.fraction) == 0) return fail(UnitsError::malformed);
  }
  return number;
}

std::string_view take_unit_name(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && is_letter(text[n])) ++n;
  const auto name = text.substr(0, n);
  text.remove_prefix(n);
  return name;
}

const Unit* find_unit(std::span<const Unit> units, std::string_view name, bool any_case) {
  for (const Unit& unit: units) {
    if (unit.name.size() != name.size()) continue;
    bool same = true;
    for (std::size_t i = 0; i < name.size(); ++i)
      same = same && unit.name[i] == (any_case ? lower(name[i]) : name[i]);
    if (same) return &unit;
  }
  return nullptr;
}

// The number times the unit, exactly.
Result<std::uint64_t, UnitsError> multiply(const Number& number, std::uint64_t unit) {
  std::uint64_t whole = 0;
  const auto end = number.whole.data() + number.whole.size();
  if (std::from_chars(number.whole.data(), end, whole).ec != std::errc()) return fail(UnitsError::too_large);
  std::uint64_t total = 0;
  if (__builtin_mul_overflow(whole, unit, &total)) return fail(UnitsError::too_large);

  // Digit by digit: unit / 10^k must stay whole as long as there are digits other than 0.
  std::uint64_t numerator = 0, denominator = 1;
  auto fraction = number.fraction;
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  if (fraction.size() > 18) return fail(UnitsError::not_whole);  // no unit has so many places
  for (const char digit: fraction) {
    numerator = numerator * 10 + static_cast<std::uint64_t>(digit - '0');
    denominator *= 10;
  }
  __extension__ using Wide = unsigned __int128;
  const Wide product = Wide{numerator} * unit;
  if (product % denominator != 0) return fail(UnitsError::not_whole);
  if (__builtin_add_overflow(total, static_cast<std::uint64_t>(product / denominator), &total)) {
    return fail(UnitsError::too_large);
  }
  return total;
}

}  // namespace

Result<std::uint64_t, UnitsError> parse_byte_size(std::string_view text) {
  trim(text);
  const auto number = take_number(text);
  if (!number) return fail(number.error());
  skip_spaces(text);
  const auto name = take_unit_name(text);
  if (!text.empty()) return fail(UnitsError::malformed);
  if (name.empty()) return multiply(*number, 1);
  const Unit* unit = find_unit(byte_units, name, true);
  if (unit == nullptr) return fail(UnitsError::malformed);
  return multiply(*number, unit->size);
}

std::string print_byte_size(std::uint64_t bytes) {
  if (bytes == 0) return "0";
  static constexpr std::array<std::string_view, 5> names{"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t n = 0;
  while (bytes % ki == 0 && n + 1 < names.size()) {
    bytes /= ki;
    ++n;
  }
  return fmt::format("{} {}", bytes, names[n]);
}

Result<Duration, UnitsError> parse_duration(std::string_view text) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  trim(text);
  if (text == "0") return Duration::zero();
  std::uint64_t total = 0;
  do {
    const auto number = take_number(text);
    if (!number) return fail(number.error());
    skip_spaces(text);
    const auto name = take_unit_name(text);
    if (name.empty()) return fail(text.empty() ? UnitsError::no_unit : UnitsError::malformed);
    const Unit* unit = find_unit(time_units, name, false);
    if (unit == nullptr) return fail(UnitsError::malformed);
    const auto part = multiply(*number, unit->size);
    if (!part) return fail(part.error());
    if (__builtin_add_overflow(total, *part, &total) || total > most) return fail(UnitsError::too_large);
    skip_spaces(text);
  } while (!text.empty());
  return Duration(static_cast<std::int64_t>(total));
}

std::string print_duration(Duration duration) {
  CROSSPOINT_ASSERT(duration >= Duration::zero());
  auto rest = static_cast<std::uint64_t>(duration.count());
  if (rest == 0) return "0";
  // "60s" reads better than "1m", as "90m" does not better than "1h30m".
  if (rest < 100 * time_units[3].size && rest % time_units[3].size == 0)
    return fmt::format("{}s", rest / time_units[3].size);
  std::string out;
  for (std::size_t n = time_units.size(); n-- > 0;) {
    if (const auto count = rest / time_units[n].size; count > 0) {
      out += fmt::format("{}{}", count, time_units[n].name);
      rest %= time_units[n].size;
    }
  }
  return out;
}

Result<std::int64_t, UnitsError> parse_integer(std::string_view text) {
  trim(text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return fail(UnitsError::too_large);
  if (error != std::errc() || end != text.data() + text.size()) return fail(UnitsError::malformed);
  return value;
}

}  // namespace crosspoint::config
