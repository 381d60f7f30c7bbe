// MessagePack. str is text and must be UTF-8: what an old peer wrote as raw is understood where it is text,
// and could not be handed to anybody else where it is not.
#include "data/scan_bytes.h"

namespace crosspoint::data {
namespace {

struct Msgpack {
  static More more(Scanner&, Frame& frame) {
    if (frame.left == 0) return More::end;
    --frame.left;
    return More::item;
  }

  static bool key(Scanner& scanner, Item& item) { return value(scanner, 0, item); }

  static bool value(Scanner& scanner, std::uint8_t, Item& item) {
    item.at = scanner.offset_of(scanner.at);
    std::uint8_t type = 0;
    if (!take_number(scanner, type)) return false;
    if (type < 0x80) return put_natural(item, type);
    if (type < 0x90) return put_container(item, Kind::map, type & 0x0f);
    if (type < 0xa0) return put_container(item, Kind::array, type & 0x0f);
    if (type < 0xc0) return take_text(scanner, type & 0x1f, item);
    if (type >= 0xe0) return put_integer(item, static_cast<std::int8_t>(type));
    return typed(scanner, type, item);
  }

  static bool typed(Scanner& scanner, std::uint8_t type, Item& item) {
    switch (type) {
      case 0xc0: return put_null(item);
      case 0xc2: return put_boolean(item, false);
      case 0xc3: return put_boolean(item, true);
      case 0xca: return read_number<float>(scanner, item);
      case 0xcb: return read_number<double>(scanner, item);
      case 0xcc: return read_number<std::uint8_t>(scanner, item);
      case 0xcd: return read_number<std::uint16_t>(scanner, item);
      case 0xce: return read_number<std::uint32_t>(scanner, item);
      case 0xcf: return read_number<std::uint64_t>(scanner, item);
      case 0xd0: return read_number<std::int8_t>(scanner, item);
      case 0xd1: return read_number<std::int16_t>(scanner, item);
      case 0xd2: return read_number<std::int32_t>(scanner, item);
      case 0xd3: return read_number<std::int64_t>(scanner, item);
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8: return extension(scanner, std::uint64_t{1} << (type - 0xd4), item);
      case 0xc1: return scanner.refuse(Cause::unexpected_byte, scanner.at - 1);
      default: return sized(scanner, type, item);
    }
  }

  // Types that come in threes, with lengths of one, two and four bytes.
  static bool sized(Scanner& scanner, std::uint8_t type, Item& item) {
    switch (type) {
      case 0xc4: return with_size<std::uint8_t>(scanner, take_binary, item);
      case 0xc5: return with_size<std::uint16_t>(scanner, take_binary, item);
      case 0xc6: return with_size<std::uint32_t>(scanner, take_binary, item);
      case 0xc7: return with_size<std::uint8_t>(scanner, extension, item);
      case 0xc8: return with_size<std::uint16_t>(scanner, extension, item);
      case 0xc9: return with_size<std::uint32_t>(scanner, extension, item);
      case 0xd9: return with_size<std::uint8_t>(scanner, take_text, item);
      case 0xda: return with_size<std::uint16_t>(scanner, take_text, item);
      case 0xdb: return with_size<std::uint32_t>(scanner, take_text, item);
      case 0xdc: return with_size<std::uint16_t>(scanner, array, item);
      case 0xdd: return with_size<std::uint32_t>(scanner, array, item);
      case 0xde: return with_size<std::uint16_t>(scanner, map, item);
      default: return with_size<std::uint32_t>(scanner, map, item);  // df, the last
    }
  }

  template <class Size, class Take>
  static bool with_size(Scanner& scanner, Take take, Item& item) {
    Size size{};
    return take_number(scanner, size) && take(scanner, size, item);
  }
  static bool array(Scanner&, std::uint64_t count, Item& item) {
    return put_container(item, Kind::array, count);
  }
  static bool map(Scanner&, std::uint64_t count, Item& item) { return put_container(item, Kind::map, count); }

  static bool extension(Scanner& scanner, std::uint64_t size, Item& item) {
    std::uint8_t number = 0;
    return take_number(scanner, number) && take_binary(scanner, size, item);
  }

  static bool finish(Scanner& scanner) {
    return scanner.at == scanner.end || scanner.refuse(Cause::trailing_bytes, scanner.at);
  }
};

}  // namespace

bool next_msgpack(Scanner& scanner, Item& item) { return next_item<Msgpack>(scanner, item); }
bool skip_msgpack(Scanner& scanner) { return skip_container<Msgpack>(scanner); }

}  // namespace crosspoint::data
