// CBOR (RFC 8949), well-formed as its appendix C says, with valid text.
#include <limits>

#include "data/scan_bytes.h"

namespace crosspoint::data {

double double_of_half(std::uint16_t half) {
  const std::uint32_t exponent = half >> 10 & 0x1f;
  const std::uint32_t fraction = half & 0x3ff;
  const std::uint32_t sign = (half & 0x8000u) << 16;
  if (exponent == 0) return (sign != 0 ? -0x1p-24 : 0x1p-24) * fraction;  // a subnormal one
  const std::uint32_t wide_exponent = exponent == 31 ? 255 : exponent + 112;
  return std::bit_cast<float>(sign | wide_exponent << 23 | fraction << 13);
}

namespace {

constexpr std::uint8_t indefinite = 31;
constexpr std::byte break_mark{0xff};

struct Cbor {
  static More more(Scanner& scanner, Frame& frame) {
    if (frame.left != unknown_count) {
      if (frame.left == 0) return More::end;
      --frame.left;
      return More::item;
    }
    if (scanner.left() == 0) {
      scanner.cut_short();
      return More::refused;
    }
    if (*scanner.at != break_mark) return More::item;
    if (frame.is_map && !frame.key_next) {  // a key without a value
      scanner.refuse(Cause::unexpected_byte, scanner.at);
      return More::refused;
    }
    ++scanner.at;
    return More::end;
  }

  static bool key(Scanner& scanner, Item& item) { return value(scanner, 0, item); }

  static bool value(Scanner& scanner, std::uint8_t, Item& item) {
    item.at = scanner.offset_of(scanner.at);
    std::uint64_t tag = 0;
    while (true) {
      std::uint8_t initial = 0;
      if (!take_number(scanner, initial)) return false;
      const std::uint8_t major = initial >> 5;
      const std::uint8_t info = initial & 0x1f;
      if (major == 7) return simple(scanner, info, item);
      std::uint64_t argument = info;
      if (info >= 24 && !take_argument(scanner, major, info, argument)) return false;
      if (major != 6) return typed(scanner, major, info == indefinite, argument, tag, item);
      tag = argument;  // the last of several is the one that says what the content is
    }
  }

  static bool take_argument(Scanner& scanner, std::uint8_t major, std::uint8_t info,
                            std::uint64_t& argument) {
    switch (info) {
      case 24: return take_sized<std::uint8_t>(scanner, argument);
      case 25: return take_sized<std::uint16_t>(scanner, argument);
      case 26: return take_sized<std::uint32_t>(scanner, argument);
      case 27: return take_sized<std::uint64_t>(scanner, argument);
      case indefinite:
        argument = unknown_count;
        if (major >= 2 && major <= 5) return true;
        [[fallthrough]];
      default: return scanner.refuse(Cause::unexpected_byte, scanner.at - 1);
    }
  }

  template <class Size>
  static bool take_sized(Scanner& scanner, std::uint64_t& argument) {
    Size size{};
    if (!take_number(scanner, size)) return false;
    argument = size;
    return true;
  }

  static bool typed(Scanner& scanner, std::uint8_t major, bool open_ended, std::uint64_t argument,
                    std::uint64_t tag, Item& item) {
    switch (major) {
      case 0: return put_natural(item, argument);
      case 1: return negative(scanner, argument, item);
      case 2:
        if (tag == 2 || tag == 3) return bignum(scanner, open_ended, argument, tag == 3, item);
        return open_ended ? chunks(scanner, 2, item) : take_binary(scanner, argument, item);
      case 3: return open_ended ? chunks(scanner, 3, item) : take_text(scanner, argument, item);
      case 4: return container(scanner, Kind::array, open_ended, argument, item);
      default: return container(scanner, Kind::map, open_ended, argument, item);
    }
  }

  static bool container(Scanner& scanner, Kind kind, bool open_ended, std::uint64_t count, Item& item) {
    if (!open_ended && count > scanner.left()) return scanner.cut_short();
    return put_container(item, kind, count);
  }

  // -1-n, where n may need 64 bits of its own.
  static bool negative(Scanner& scanner, std::uint64_t n, Item& item) {
    if (n <= std::numeric_limits<std::int64_t>::max())
      return put_integer(item, -1 - static_cast<std::int64_t>(n));
    return big(item, {scanner.at - 8, 8}, true);
  }

  static bool big(Item& item, Bytes magnitude, bool is_negative) {
    item.kind = Kind::big_integer;
    item.spelling = Spelling::cbor_magnitude;
    item.negative = is_negative;
    item.bytes = magnitude;
    return true;
  }

  static bool bignum(Scanner& scanner, bool open_ended, std::uint64_t size, bool is_negative, Item& item) {
    if (open_ended) {
      const bool good = chunks(scanner, 2, item);
      item.kind = Kind::foreign;
      return good;
    }
    Bytes magnitude;
    if (!take_bytes(scanner, size, magnitude)) return false;
    while (!magnitude.empty() && magnitude[0] == std::byte{0}) magnitude = magnitude.subspan(1);
    if (magnitude.size() > 8) return big(item, magnitude, is_negative);
    const std::uint64_t n = read_big_endian(magnitude);
    if (!is_negative) return put_natural(item, n);
    if (n <= std::numeric_limits<std::int64_t>::max())
      return put_integer(item, -1 - static_cast<std::int64_t>(n));
    return big(item, magnitude, true);
  }

  static bool chunks(Scanner& scanner, std::uint8_t major, Item& item) {
    const std::byte* const first = scanner.at;
    while (true) {
      std::uint8_t initial = 0;
      if (!take_number(scanner, initial)) return false;
      if (initial == to_u8(break_mark)) break;
      const std::uint8_t info = initial & 0x1f;
      if (initial >> 5 != major || info == indefinite)
        return scanner.refuse(Cause::bad_chunk, scanner.at - 1);
      std::uint64_t size = info;
      if (info >= 24 && !take_argument(scanner, major, info, size)) return false;
      Bytes chunk;
      if (!take_bytes(scanner, size, chunk)) return false;
      if (major == 3 && !check_text(scanner, chunk)) return false;  // each by itself: section 3.2.3
    }
    item.kind = major == 3 ? Kind::string : Kind::binary;
    item.spelling = Spelling::cbor_chunks;
    item.bytes = {first, scanner.at - 1};
    return true;
  }

  static bool simple(Scanner& scanner, std::uint8_t info, Item& item) {
    switch (info) {
      case 20: return put_boolean(item, false);
      case 21: return put_boolean(item, true);
      case 22:
      case 23: return put_null(item);
      case 25: {
        std::uint16_t half = 0;
        return take_number(scanner, half) && put_real(item, double_of_half(half));
      }
      case 26: return read_number<float>(scanner, item);
      case 27: return read_number<double>(scanner, item);
      default: return unassigned(scanner, info, item);
    }
  }

  static bool unassigned(Scanner& scanner, std::uint8_t info, Item& item) {
    item.kind = Kind::foreign;
    if (info < 20) return true;
    if (info != 24)
      return scanner.refuse(Cause::unexpected_byte, scanner.at - 1);  // reserved, or a break out of place
    std::uint8_t value = 0;
    if (!take_number(scanner, value)) return false;
    return value >= 32 ||
           scanner.refuse(Cause::unexpected_byte, scanner.at - 1);  // section 3.3: never in two bytes
  }

  static bool finish(Scanner& scanner) {
    return scanner.at == scanner.end || scanner.refuse(Cause::trailing_bytes, scanner.at);
  }
};

}  // namespace

bool next_cbor(Scanner& scanner, Item& item) { return next_item<Cbor>(scanner, item); }
bool skip_cbor(Scanner& scanner) { return skip_container<Cbor>(scanner); }

}  // namespace crosspoint::data
