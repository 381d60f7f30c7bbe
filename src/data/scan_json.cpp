// JSON (RFC 8259), checked in full while it is stepped over.
#include <cstring>

#include "base/utf8.h"
#include "data/json_text.h"
#include "data/scanner.h"
#include "data/string_scan.h"

namespace crosspoint::data {
namespace {

struct Json {
  static bool is_space(std::byte byte) {
    const std::uint8_t c = to_u8(byte);
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  // To the next byte that says something; false if there is none.
  static bool to_sense(Scanner& scanner) {
    while (scanner.at < scanner.end && is_space(*scanner.at)) ++scanner.at;
    return scanner.at < scanner.end || scanner.cut_short();
  }

  static More more(Scanner& scanner, const Frame& frame) {
    if (frame.is_map && !frame.key_next) return More::item;  // key() has taken the colon
    if (!to_sense(scanner)) return More::refused;
    if (*scanner.at == static_cast<std::byte>(frame.is_map ? '}' : ']')) {
      ++scanner.at;
      return More::end;
    }
    if (frame.is_first) return More::item;
    if (*scanner.at != std::byte{','}) {
      scanner.refuse(Cause::unexpected_byte, scanner.at);
      return More::refused;
    }
    ++scanner.at;
    return More::item;
  }

  static bool key(Scanner& scanner, Item& item) {
    if (!to_sense(scanner)) return false;
    item.at = scanner.offset_of(scanner.at);
    if (*scanner.at != std::byte{'"'}) return scanner.refuse(Cause::unexpected_byte, scanner.at);
    if (!string(scanner, item) || !to_sense(scanner)) return false;
    if (*scanner.at != std::byte{':'}) return scanner.refuse(Cause::unexpected_byte, scanner.at);
    ++scanner.at;
    return true;
  }

  static bool value(Scanner& scanner, std::uint8_t, Item& item) {
    if (!to_sense(scanner)) return false;
    item.at = scanner.offset_of(scanner.at);
    switch (to_u8(*scanner.at)) {
      case '"': return string(scanner, item);
      case '{': return container(scanner, Kind::map, item);
      case '[': return container(scanner, Kind::array, item);
      case 't': item.boolean = true; return literal(scanner, "true", Kind::boolean, item);
      case 'f': item.boolean = false; return literal(scanner, "false", Kind::boolean, item);
      case 'n': return literal(scanner, "null", Kind::null, item);
      default: return number(scanner, item);
    }
  }

  static bool container(Scanner& scanner, Kind kind, Item& item) {
    ++scanner.at;
    item.kind = kind;
    item.number = unknown_count;
    return true;
  }

  static bool literal(Scanner& scanner, std::string_view word, Kind kind, Item& item) {
    item.kind = kind;
    for (const char letter: word) {
      if (scanner.at == scanner.end) return scanner.cut_short();
      if (*scanner.at != static_cast<std::byte>(letter))
        return scanner.refuse(Cause::unexpected_byte, scanner.at);
      ++scanner.at;
    }
    return true;
  }

  static bool number(Scanner& scanner, Item& item) {
    const std::uint8_t first = to_u8(*scanner.at);
    if (first != '-' && (first < '0' || first > '9'))
      return scanner.refuse(Cause::unexpected_byte, scanner.at);
    const std::byte* const after = pass_number(scanner.at, scanner.end, item);
    if (after == nullptr) return scanner.refuse(Cause::bad_number, scanner.at);
    scanner.at = after;
    return true;
  }

  // A lead byte of UTF-8 just before the closing quote is found by the check of what lies between the quotes.
  static bool string(Scanner& scanner, Item& item) {
    const std::byte* const inside = scanner.at + 1;
    const std::byte* at = inside;
    bool ascii = true;
    item.kind = Kind::string;
    while (true) {
      at = find_string_special(at, scanner.end, ascii);
      if (at == scanner.end) return scanner.cut_short();
      if (*at == std::byte{'"'}) break;
      if (*at != std::byte{'\\'}) return scanner.refuse(Cause::control_character, at);
      const std::byte* const after = pass_escape(at, scanner.end, nullptr);
      if (after == nullptr) return scanner.refuse(Cause::bad_escape, at);
      at = after;
      item.spelling = Spelling::json_escapes;
    }
    item.bytes = {inside, at};
    scanner.at = at + 1;
    return ascii || check_utf8(scanner, item.bytes);
  }

  static bool check_utf8(Scanner& scanner, Bytes text) {
    Utf8Validator validator;
    const std::size_t good = validator.feed(text);
    if (good == text.size() && validator.at_boundary()) return true;
    return scanner.refuse(Cause::not_utf8, text.data() + good);
  }

  static bool finish(Scanner& scanner) {
    while (scanner.at < scanner.end && is_space(*scanner.at)) ++scanner.at;
    return scanner.at == scanner.end || scanner.refuse(Cause::trailing_bytes, scanner.at);
  }
};

}  // namespace

bool next_json(Scanner& scanner, Item& item) { return next_item<Json>(scanner, item); }

}  // namespace crosspoint::data
