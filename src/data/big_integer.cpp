#include "data/big_integer.h"

#include <algorithm>
#include <ranges>

namespace crosspoint::data {
namespace {

constexpr std::uint32_t billion = 1'000'000'000;

// Divides in place; returns the remainder.
std::uint32_t divide(ByteVector& number, std::uint32_t by) {
  std::uint64_t rest = 0;
  for (std::byte& digit: number) {
    rest = rest << 8 | to_u8(digit);
    digit = static_cast<std::byte>(rest / by);
    rest %= by;
  }
  return static_cast<std::uint32_t>(rest);
}

// Of numbers that are kept least significant byte first.
void multiply_and_add(ByteVector& number, std::uint32_t by, std::uint32_t add) {
  std::uint64_t carry = add;
  for (std::byte& digit: number) {
    carry += std::uint64_t{to_u8(digit)} * by;
    digit = static_cast<std::byte>(carry & 0xff);
    carry >>= 8;
  }
  for (; carry != 0; carry >>= 8) number.push_back(static_cast<std::byte>(carry & 0xff));
}

void increment(ByteVector& number) {
  for (std::byte& digit: number | std::views::reverse) {
    digit = static_cast<std::byte>(to_u8(digit) + 1);
    if (digit != std::byte{0}) return;
  }
  number.insert(number.begin(), std::byte{1});
}

void decrement(ByteVector& number) {
  for (std::byte& digit: number | std::views::reverse) {
    digit = static_cast<std::byte>(to_u8(digit) - 1);
    if (digit != std::byte{0xff}) return;
  }
}

bool is_zero(const ByteVector& number) {
  return std::ranges::all_of(number, [](std::byte digit) { return digit == std::byte{0}; });
}

}  // namespace

std::string decimal_of_magnitude(Bytes magnitude, bool negative) {
  ByteVector number = to_vector(magnitude);
  if (negative) increment(number);
  std::string digits;  // the last first
  while (!is_zero(number)) {
    std::uint32_t nine = divide(number, billion);
    for (int i = 0; i < 9; ++i, nine /= 10) digits += static_cast<char>('0' + nine % 10);
  }
  while (digits.ends_with('0')) digits.pop_back();
  if (digits.empty()) digits = "0";
  if (negative) digits += '-';
  std::ranges::reverse(digits);
  return digits;
}

ByteVector magnitude_of_decimal(std::string_view decimal) {
  const bool negative = decimal.starts_with('-');
  if (negative) decimal.remove_prefix(1);
  ByteVector number;
  for (const char digit: decimal) multiply_and_add(number, 10, static_cast<std::uint32_t>(digit - '0'));
  std::ranges::reverse(number);
  if (negative) decrement(number);
  const auto first = std::ranges::find_if(number, [](std::byte digit) { return digit != std::byte{0}; });
  number.erase(number.begin(), first);
  return number;
}

}  // namespace crosspoint::data
