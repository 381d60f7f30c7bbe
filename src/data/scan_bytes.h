#pragma once
// What the three binary spellings read alike: numbers in one order of bytes or the other, pieces of bytes,
// text.

#include <bit>
#include <type_traits>

#include "base/utf8.h"
#include "data/scanner.h"

namespace crosspoint::data {

template <class Number, std::endian order = std::endian::big>
inline Number load(const std::byte* at) {
  std::conditional_t<sizeof(Number) == 8, std::uint64_t,
                     std::conditional_t<sizeof(Number) == 4, std::uint32_t,
                                        std::conditional_t<sizeof(Number) == 2, std::uint16_t, std::uint8_t>>>
      bits;
  std::memcpy(&bits, at, sizeof bits);
  if constexpr (sizeof bits > 1 && order != std::endian::native) bits = std::byteswap(bits);
  return std::bit_cast<Number>(bits);
}

// The next number, and over it.
template <class Number, std::endian order = std::endian::big>
inline bool take_number(Scanner& scanner, Number& number) {
  if (scanner.left() < sizeof(Number)) return scanner.cut_short();
  number = load<Number, order>(scanner.at);
  scanner.at += sizeof(Number);
  return true;
}

inline bool take_bytes(Scanner& scanner, std::uint64_t size, Bytes& bytes) {
  if (scanner.left() < size) return scanner.cut_short();
  bytes = {scanner.at, static_cast<std::size_t>(size)};
  scanner.at += size;
  return true;
}

inline bool is_ascii_word(const std::byte* at) { return (load<std::uint64_t>(at) & 0x8080808080808080) == 0; }

// Most text is: words, of which the last two may overlap.
inline bool is_ascii(Bytes text) {
  if (text.size() < 8) {
    std::uint8_t seen = 0;
    for (const std::byte byte: text) seen |= to_u8(byte);
    return seen < 0x80;
  }
  const std::byte* const last = text.data() + text.size() - 8;
  for (const std::byte* at = text.data(); at < last; at += 8) {
    if (!is_ascii_word(at)) return false;
  }
  return is_ascii_word(last);
}

inline bool check_text(Scanner& scanner, Bytes text) {
  if (is_ascii(text)) return true;
  Utf8Validator validator;
  const std::size_t good = validator.feed(text);
  if (good == text.size() && validator.at_boundary()) return true;
  return scanner.refuse(Cause::not_utf8, text.data() + good);
}

inline bool take_text(Scanner& scanner, std::uint64_t size, Item& item) {
  item.kind = Kind::string;
  return take_bytes(scanner, size, item.bytes) && check_text(scanner, item.bytes);
}

inline bool take_binary(Scanner& scanner, std::uint64_t size, Item& item) {
  item.kind = Kind::binary;
  return take_bytes(scanner, size, item.bytes);
}

inline bool put_natural(Item& item, std::uint64_t value) {
  item.kind = Kind::integer;
  item.negative = false;
  item.number = value;
  return true;
}
inline bool put_integer(Item& item, std::int64_t value) {
  item.kind = Kind::integer;
  item.negative = value < 0;
  item.number = static_cast<std::uint64_t>(value);
  return true;
}
inline bool put_real(Item& item, double value) {
  item.kind = Kind::real;
  item.real = value;
  return true;
}
inline bool put_boolean(Item& item, bool value) {
  item.kind = Kind::boolean;
  item.boolean = value;
  return true;
}
inline bool put_null(Item& item) {
  item.kind = Kind::null;
  return true;
}
inline bool put_container(Item& item, Kind kind, std::uint64_t count) {
  item.kind = kind;
  item.number = count;
  return true;
}

// Integers and reals that follow the byte that announces them.
template <class Number, std::endian order = std::endian::big>
inline bool read_number(Scanner& scanner, Item& item) {
  Number number{};
  if (!take_number<Number, order>(scanner, number)) return false;
  if constexpr (std::is_floating_point_v<Number>) {
    return put_real(item, number);
  } else if constexpr (std::is_unsigned_v<Number>) {
    return put_natural(item, number);
  } else {
    return put_integer(item, number);
  }
}

// IEEE 754 half precision.
double double_of_half(std::uint16_t half);

}  // namespace crosspoint::data
