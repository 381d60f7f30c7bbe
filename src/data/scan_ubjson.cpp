// UBJSON Draft 12, and BJData Draft 2 with the byte type of Draft 3: they differ in the order of bytes and in
// a few types.
#include "data/json_text.h"
#include "data/scan_bytes.h"

namespace crosspoint::data {
namespace {

template <std::endian order>
struct Ubjson {
  static constexpr bool is_bjdata = order == std::endian::little;

  // No-ops may stand before values and ends, not before keys of a map that says how many it has, nor where
  // types are declared.
  static void pass_no_ops(Scanner& scanner) {
    while (scanner.at < scanner.end && *scanner.at == std::byte{'N'}) ++scanner.at;
  }

  static More more(Scanner& scanner, Frame& frame) {
    if (frame.left != unknown_count) {
      if (frame.left == 0) return More::end;
      --frame.left;
      return More::item;
    }
    if (frame.is_map && !frame.key_next) return More::item;
    pass_no_ops(scanner);
    if (scanner.at == scanner.end) {
      scanner.cut_short();
      return More::refused;
    }
    if (*scanner.at != static_cast<std::byte>(frame.is_map ? '}' : ']')) return More::item;
    ++scanner.at;
    return More::end;
  }

  static bool key(Scanner& scanner, Item& item) {
    item.at = scanner.offset_of(scanner.at);
    std::uint64_t size = 0;
    return take_length(scanner, size) && take_text(scanner, size, item);
  }

  static bool value(Scanner& scanner, std::uint8_t element, Item& item) {
    if (element != 0) {
      item.at = scanner.offset_of(scanner.at);
      return typed(scanner, element, item);
    }
    pass_no_ops(scanner);
    item.at = scanner.offset_of(scanner.at);
    std::uint8_t type = 0;
    return take_number(scanner, type) && typed(scanner, type, item);
  }

  static bool typed(Scanner& scanner, std::uint8_t type, Item& item) {
    switch (type) {
      case 'Z': return put_null(item);
      case 'T': return put_boolean(item, true);
      case 'F': return put_boolean(item, false);
      case 'd': return read_number<float, order>(scanner, item);
      case 'D': return read_number<double, order>(scanner, item);
      case 'C': return take_text(scanner, 1, item);
      case 'H': return high_precision(scanner, item);
      case 'S': {
        std::uint64_t size = 0;
        return take_length(scanner, size) && take_text(scanner, size, item);
      }
      case '[': return container(scanner, Kind::array, item);
      case '{': return container(scanner, Kind::map, item);
      case 'h':
        if (is_bjdata) return half(scanner, item);
        [[fallthrough]];
      default: return integer(scanner, type, item);
    }
  }

  // Refuses every type that is no integer.
  static bool integer(Scanner& scanner, std::uint8_t type, Item& item) {
    switch (type) {
      case 'i': return read_number<std::int8_t>(scanner, item);
      case 'U': return read_number<std::uint8_t>(scanner, item);
      case 'I': return read_number<std::int16_t, order>(scanner, item);
      case 'l': return read_number<std::int32_t, order>(scanner, item);
      case 'L': return read_number<std::int64_t, order>(scanner, item);
      case 'u':
        if (is_bjdata) return read_number<std::uint16_t, order>(scanner, item);
        break;
      case 'm':
        if (is_bjdata) return read_number<std::uint32_t, order>(scanner, item);
        break;
      case 'M':
        if (is_bjdata) return read_number<std::uint64_t, order>(scanner, item);
        break;
      case 'B':
        if (is_bjdata) return read_number<std::uint8_t>(scanner, item);
        break;
      default: break;
    }
    return scanner.refuse(Cause::unexpected_byte, scanner.at - 1);
  }

  static bool half(Scanner& scanner, Item& item) {
    std::uint16_t bits = 0;
    return take_number<std::uint16_t, order>(scanner, bits) && put_real(item, double_of_half(bits));
  }

  // A number as JSON spells it, in a string of its own.
  static bool high_precision(Scanner& scanner, Item& item) {
    std::uint64_t size = 0;
    Bytes text;
    if (!take_length(scanner, size) || !take_bytes(scanner, size, text)) return false;
    const std::byte* const end = text.data() + text.size();
    return pass_number(text.data(), end, item) == end || scanner.refuse(Cause::bad_number, text.data());
  }

  static bool take_length(Scanner& scanner, std::uint64_t& length) {
    const std::byte* const begin = scanner.at;
    std::uint8_t type = 0;
    Item item;
    if (!take_number(scanner, type)) return false;
    if (!integer(scanner, type, item)) {
      if (scanner.refusal.cause == Cause::unexpected_byte)
        scanner.refusal = {Cause::bad_length, scanner.offset_of(begin)};
      return false;
    }
    length = item.number;
    return !item.negative || scanner.refuse(Cause::bad_length, begin);
  }

  static bool container(Scanner& scanner, Kind kind, Item& item) {
    const std::byte* const begin = scanner.at - 1;
    std::uint8_t element = 0;
    if (passes(scanner, '$')) {
      if (!take_number(scanner, element)) return false;
      if (!may_be_declared(element)) return scanner.refuse(Cause::unsupported, begin);
      if (scanner.at == scanner.end) return scanner.cut_short();
      if (*scanner.at != std::byte{'#'}) return scanner.refuse(Cause::unexpected_byte, scanner.at);
    }
    std::uint64_t count = unknown_count;
    if (passes(scanner, '#')) {
      if (is_bjdata && scanner.left() != 0 && *scanner.at == std::byte{'['}) {
        return scanner.refuse(Cause::unsupported, begin);
      }
      if (!take_length(scanner, count)) return false;
      if (count > scanner.left()) return scanner.cut_short();
    }
    if (kind == Kind::array && is_binary(element)) return take_binary(scanner, count, item);
    scanner.element = element;
    return put_container(item, kind, count);
  }

  static bool passes(Scanner& scanner, char mark) {
    if (scanner.at == scanner.end || *scanner.at != static_cast<std::byte>(mark)) return false;
    ++scanner.at;
    return true;
  }

  // Elements without bytes would let a few bytes promise billions of values. BJData declares no containers
  // and text.
  static bool may_be_declared(std::uint8_t element) {
    constexpr std::string_view everywhere = "iUIlLdDC";
    constexpr std::string_view more = is_bjdata ? "umMhB" : "HS[{";
    return everywhere.contains(static_cast<char>(element)) || more.contains(static_cast<char>(element));
  }
  static bool is_binary(std::uint8_t element) { return element == 'U' || element == 'B'; }

  static bool finish(Scanner& scanner) {
    return scanner.at == scanner.end || scanner.refuse(Cause::trailing_bytes, scanner.at);
  }
};

using BigEndian = Ubjson<std::endian::big>;
using LittleEndian = Ubjson<std::endian::little>;

}  // namespace

bool next_ubjson(Scanner& scanner, Item& item) { return next_item<BigEndian>(scanner, item); }
bool skip_ubjson(Scanner& scanner) { return skip_container<BigEndian>(scanner); }
bool next_bjdata(Scanner& scanner, Item& item) { return next_item<LittleEndian>(scanner, item); }
bool skip_bjdata(Scanner& scanner) { return skip_container<LittleEndian>(scanner); }

}  // namespace crosspoint::data
