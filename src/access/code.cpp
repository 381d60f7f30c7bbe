#include "access/code.h"

#include <array>

namespace crosspoint::access {
namespace {

constexpr std::size_t code_characters = 36;
constexpr bool is_dash_place(std::size_t place) {
  return place == 8 || place == 13 || place == 18 || place == 23;
}
constexpr std::string_view digits = "0123456789abcdef";

}  // namespace

std::string make_code(Random& random) {
  std::array<std::byte, 16> bits;
  random.fill(bits);
  std::string code;
  code.reserve(code_characters);
  for (const std::byte byte: bits) {
    if (is_dash_place(code.size())) code += '-';
    code += digits[to_u8(byte) >> 4];
    code += digits[to_u8(byte) & 15];
  }
  return code;
}

bool is_code(std::string_view text) {
  if (text.size() != code_characters) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash_place(i) ? text[i] != '-' : digits.find(text[i]) == digits.npos) return false;
  }
  return true;
}

}  // namespace crosspoint::access
