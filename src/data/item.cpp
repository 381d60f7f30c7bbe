#include "data/item.h"

#include <charconv>
#include <limits>
#include <system_error>

#include "base/assert.h"
#include "base/base64.h"
#include "data/big_integer.h"
#include "data/json_text.h"

namespace crosspoint::data {
namespace {

void append_chunks(Bytes chunks, std::string& out) {
  while (!chunks.empty()) {
    const std::size_t info = to_u8(chunks[0]) & 0x1f;
    const std::size_t argument_bytes = info < 24 ? 0 : std::size_t{1} << (info - 24);
    const std::size_t size = info < 24 ? info : read_big_endian(chunks.subspan(1, argument_bytes));
    out += as_text(chunks.subspan(1 + argument_bytes, size));
    chunks = chunks.subspan(1 + argument_bytes + size);
  }
}

Result<double, Cause> double_of_text(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{}) return value;
  // from_chars() says the same of 1e-400 and 1e400.
  return is_tiny_number(text) ? Result<double, Cause>(text.starts_with('-') ? -0.0 : 0.0)
                              : fail(Cause::out_of_range);
}

}  // namespace

std::optional<std::int64_t> int64_of(const Item& item) {
  if (item.kind != Kind::integer) return std::nullopt;
  if (!item.negative && item.number > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::int64_t>(item.number);
}

std::optional<std::uint64_t> uint64_of(const Item& item) {
  if (item.kind != Kind::integer || item.negative) return std::nullopt;
  return item.number;
}

Result<double, Cause> double_of(const Item& item) {
  if (item.kind == Kind::integer) {
    return item.negative ? static_cast<double>(static_cast<std::int64_t>(item.number))
                         : static_cast<double>(item.number);
  }
  if (item.kind == Kind::real && item.spelling != Spelling::decimal) return item.real;
  CROSSPOINT_ASSERT(item.kind == Kind::real || item.kind == Kind::big_integer);
  std::string room;
  const auto text = decimal_of(item, room);
  if (!text) return fail(text.error());
  return double_of_text(*text);
}

std::string_view text_of(const Item& item, std::string& room) {
  CROSSPOINT_ASSERT(item.kind == Kind::string);
  if (item.spelling == Spelling::plain) return as_text(item.bytes);
  room.clear();
  if (item.spelling == Spelling::cbor_chunks) {
    append_chunks(item.bytes, room);
  } else {
    append_unescaped(as_text(item.bytes), room);
  }
  return room;
}

Bytes binary_of(const Item& item, std::string& room) {
  CROSSPOINT_ASSERT(item.kind == Kind::binary);
  if (item.spelling == Spelling::plain) return item.bytes;
  room.clear();
  if (item.spelling == Spelling::cbor_chunks) {
    append_chunks(item.bytes, room);
    return as_bytes(room);
  }
  append_unescaped(as_text(item.bytes), room);  // "/" may come as "\/"
  const auto bytes = decode_base64(Base64::standard, room);
  CROSSPOINT_ASSERT(bytes.has_value());  // or the item would be a string
  room.assign(as_text(*bytes));
  return as_bytes(room);
}

Result<std::string_view, Cause> decimal_of(const Item& item, std::string& room) {
  if (item.spelling == Spelling::decimal) {
    if (item.kind == Kind::big_integer && item.bytes.size() > big_integer_digits_max)
      return fail(Cause::out_of_range);
    return as_text(item.bytes);
  }
  CROSSPOINT_ASSERT(item.spelling == Spelling::cbor_magnitude);
  if (item.bytes.size() > big_integer_bytes_max) return fail(Cause::out_of_range);
  room = decimal_of_magnitude(item.bytes, item.negative);
  return room;
}

}  // namespace crosspoint::data
