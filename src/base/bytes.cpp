#include "base/bytes.h"

namespace crosspoint {

std::uint64_t read_big_endian(Bytes bytes) {
  std::uint64_t value = 0;
  for (std::byte b: bytes) value = value << 8 | to_u8(b);
  return value;
}

void write_big_endian(std::uint64_t value, MutableBytes out) {
  for (std::size_t i = out.size(); i-- > 0; value >>= 8) out[i] = static_cast<std::byte>(value & 0xff);
}

std::string to_hex(Bytes bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::byte b: bytes) {
    if (!text.empty()) text += ' ';
    text += digits[to_u8(b) >> 4];
    text += digits[to_u8(b) & 0xf];
  }
  return text;
}

}  // namespace crosspoint
