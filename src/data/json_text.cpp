#include "data/json_text.h"

#include <charconv>
#include <limits>

#include "base/base64.h"
#include "data/string_scan.h"

namespace crosspoint::data {
namespace {

bool is_digit(std::byte byte) { return to_u8(byte) >= '0' && to_u8(byte) <= '9'; }

int hex_value(std::byte digit) {
  const std::uint8_t c = to_u8(digit);
  if (c >= '0' && c <= '9') return c - '0';
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
  return -1;
}

// The four digits of "\u" from `at`; negative if they are not there.
std::int32_t read_hex4(const std::byte* at, const std::byte* end) {
  if (end - at < 4) return -1;
  std::int32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = hex_value(at[i]);
    if (digit < 0) return -1;
    value = value << 4 | digit;
  }
  return value;
}

const std::byte* pass_unicode_escape(const std::byte* at, const std::byte* end, char32_t& point) {
  const std::int32_t first = read_hex4(at + 2, end);
  if (first < 0 || (first >= 0xdc00 && first <= 0xdfff)) return nullptr;
  point = static_cast<char32_t>(first);
  if (first < 0xd800 || first > 0xdfff) return at + 6;
  if (end - at < 12 || at[6] != std::byte{'\\'} || at[7] != std::byte{'u'}) return nullptr;
  const std::int32_t second = read_hex4(at + 8, end);
  if (second < 0xdc00 || second > 0xdfff) return nullptr;
  point = static_cast<char32_t>(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
  return at + 12;
}

void append_utf8(char32_t point, std::string& out) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) return put(point);
  if (point < 0x800) {
    put(0xc0 | point >> 6);
  } else {
    if (point < 0x10000) {
      put(0xe0 | point >> 12);
    } else {
      put(0xf0 | point >> 18);
      put(0x80 | (point >> 12 & 0x3f));
    }
    put(0x80 | (point >> 6 & 0x3f));
  }
  put(0x80 | (point & 0x3f));
}

const std::byte* pass_digits(const std::byte* at, const std::byte* end) {
  while (at < end && is_digit(*at)) ++at;
  return at;
}

// Digits, of which the first is no 0 that others follow; null if there are none.
const std::byte* pass_whole(const std::byte* digits, const std::byte* end) {
  const std::byte* const after = pass_digits(digits, end);
  if (after == digits || (*digits == std::byte{'0'} && after - digits > 1)) return nullptr;
  return after;
}

// What follows the whole part, if anything does: null if it is wrong, `at` if there is neither fraction nor
// exponent.
const std::byte* pass_fraction_and_exponent(const std::byte* at, const std::byte* end) {
  if (at < end && *at == std::byte{'.'}) {
    const std::byte* const digits = at + 1;
    at = pass_digits(digits, end);
    if (at == digits) return nullptr;
  }
  if (at < end && (to_u8(*at) | 0x20) == 'e') {
    ++at;
    if (at < end && (*at == std::byte{'+'} || *at == std::byte{'-'})) ++at;
    const std::byte* const digits = at;
    at = pass_digits(digits, end);
    if (at == digits) return nullptr;
  }
  return at;
}

// 64 bits if they suffice; false if not.
bool read_integer(const std::byte* digits, const std::byte* end, Item& item) {
  std::uint64_t value = 0;
  for (; digits < end; ++digits) {
    if (__builtin_mul_overflow(value, std::uint64_t{10}, &value)) return false;
    if (__builtin_add_overflow(value, std::uint64_t{to_u8(*digits)} - '0', &value)) return false;
  }
  if (!item.negative) {
    item.number = value;
    return true;
  }
  if (value > std::uint64_t{1} << 63) return false;
  item.number = 0 - value;
  item.negative = value != 0;
  return true;
}

}  // namespace

const std::byte* pass_escape(const std::byte* at, const std::byte* end, char32_t* point) {
  if (end - at < 2) return nullptr;
  char32_t character = 0;
  const std::byte* after = at + 2;
  switch (to_u8(at[1])) {
    case '"':
    case '\\':
    case '/': character = to_u8(at[1]); break;
    case 'b': character = '\b'; break;
    case 'f': character = '\f'; break;
    case 'n': character = '\n'; break;
    case 'r': character = '\r'; break;
    case 't': character = '\t'; break;
    case 'u': after = pass_unicode_escape(at, end, character); break;
    default: return nullptr;
  }
  if (point != nullptr) *point = character;
  return after;
}

void append_unescaped(std::string_view inside, std::string& out) {
  out.reserve(out.size() + inside.size());
  const Bytes bytes = as_bytes(inside);
  const std::byte* at = bytes.data();
  const std::byte* const end = at + bytes.size();
  while (at < end) {
    bool ascii = true;
    const std::byte* const special = find_string_special(at, end, ascii);
    out.append(as_text({at, special}));
    at = special;
    if (at == end) return;
    char32_t point = 0;
    at = pass_escape(at, end, &point);
    append_utf8(point, out);
  }
}

void append_escaped(std::string_view text, ByteVector& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::string_view letters = "btn fr";  // for 08, 09, 0a, 0c, 0d; 0b has none
  const Bytes bytes = as_bytes(text);
  const std::byte* at = bytes.data();
  const std::byte* const end = at + bytes.size();
  while (true) {
    bool ascii = true;
    const std::byte* const special = find_string_special(at, end, ascii);
    out.insert(out.end(), at, special);
    if (special == end) return;
    at = special + 1;
    const std::uint8_t c = to_u8(*special);
    if (c >= 0x20) {
      append(out, "\\");
      out.push_back(*special);
    } else if (c >= 8 && c <= 13 && c != 11) {
      append(out, "\\");
      append(out, letters.substr(c - 8u, 1));
    } else {
      append(out, "\\u00");
      append(out, digits.substr(c >> 4, 1));
      append(out, digits.substr(c & 0xf, 1));
    }
  }
}

bool is_base64_inside(std::string_view inside) {
  if (!inside.starts_with(binary_prefix)) return false;
  inside.remove_prefix(binary_prefix.size());
  // Strings that begin with U+0000 are bytes or nothing that anybody sends: the work of decoding is not
  // wasted.
  if (inside.find('\\') == inside.npos) return decode_base64(Base64::standard, inside).has_value();
  std::string room;
  append_unescaped(inside, room);
  return decode_base64(Base64::standard, room).has_value();
}

const std::byte* pass_number(const std::byte* at, const std::byte* end, Item& item) {
  const std::byte* const begin = at;
  item.negative = at < end && *at == std::byte{'-'};
  if (item.negative) ++at;
  const std::byte* const digits = at;
  const std::byte* const whole = pass_whole(digits, end);
  if (whole == nullptr) return nullptr;
  at = pass_fraction_and_exponent(whole, end);
  if (at == nullptr) return nullptr;

  item.kind = Kind::real;
  item.spelling = Spelling::decimal;
  item.bytes = {begin, at};
  if (at != whole) return at;
  item.kind = Kind::integer;
  if (!read_integer(digits, whole, item)) item.kind = Kind::big_integer;
  return at;
}

const std::byte* pass_number(const std::byte* at, const std::byte* end) {
  if (at < end && *at == std::byte{'-'}) ++at;
  const std::byte* const whole = pass_whole(at, end);
  return whole == nullptr ? nullptr : pass_fraction_and_exponent(whole, end);
}

bool is_tiny_number(std::string_view number) {
  // The power of ten of the first digit that is not zero decides.
  const std::size_t exponent_at = number.find_first_of("eE");
  const std::string_view mantissa = number.substr(0, exponent_at);
  const std::size_t first = mantissa.find_first_of("123456789");
  if (first == mantissa.npos) return true;
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const auto power = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  if (exponent_at == number.npos) return power < 0;
  std::string_view exponent = number.substr(exponent_at + 1);
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(exponent.data(), exponent.data() + exponent.size(), value);
  if (error != std::errc{}) return exponent.starts_with('-');
  return power + value < 0;
}

}  // namespace crosspoint::data
