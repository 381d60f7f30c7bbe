#include "data/encode.h"
#include "data/encode_bytes.h"

namespace crosspoint::data::msgpack {
namespace {

// A type that comes in three, one after the other, with lengths of one, two and four bytes. Values of 4 GiB
// and more are beyond every limit.
void put_sized(std::uint8_t type, std::uint64_t size, ByteVector& out) {
  if (size <= 0xff) {
    put_byte(type, out);
    put_byte(static_cast<std::uint8_t>(size), out);
  } else if (size <= 0xffff) {
    put_byte(type + 1, out);
    put_number(static_cast<std::uint16_t>(size), std::endian::big, out);
  } else {
    put_byte(type + 2, out);
    put_number(static_cast<std::uint32_t>(size), std::endian::big, out);
  }
}

// Lists and maps: short ones in the type itself, others with lengths of two and four bytes.
void put_counted(std::uint8_t short_type, std::uint8_t long_type, std::uint64_t count, ByteVector& out) {
  if (count < 16) return put_byte(static_cast<std::uint8_t>(short_type | count), out);
  if (count <= 0xffff) {
    put_byte(long_type, out);
    return put_number(static_cast<std::uint16_t>(count), std::endian::big, out);
  }
  put_byte(long_type + 1, out);
  put_number(static_cast<std::uint32_t>(count), std::endian::big, out);
}

template <class Number>
void put_typed(std::uint8_t type, Number number, ByteVector& out) {
  put_byte(type, out);
  put_number(number, std::endian::big, out);
}

}  // namespace

void natural(std::uint64_t value, ByteVector& out) {
  if (value < 0x80) return put_byte(static_cast<std::uint8_t>(value), out);
  if (value <= 0xff) return put_typed(0xcc, static_cast<std::uint8_t>(value), out);
  if (value <= 0xffff) return put_typed(0xcd, static_cast<std::uint16_t>(value), out);
  if (value <= 0xffffffff) return put_typed(0xce, static_cast<std::uint32_t>(value), out);
  put_typed(0xcf, value, out);
}

void integer(std::int64_t value, ByteVector& out) {
  if (value >= 0) return natural(static_cast<std::uint64_t>(value), out);
  if (value >= -32) return put_byte(static_cast<std::uint8_t>(value), out);
  if (value >= std::numeric_limits<std::int8_t>::min())
    return put_typed(0xd0, static_cast<std::int8_t>(value), out);
  if (value >= std::numeric_limits<std::int16_t>::min())
    return put_typed(0xd1, static_cast<std::int16_t>(value), out);
  if (value >= std::numeric_limits<std::int32_t>::min())
    return put_typed(0xd2, static_cast<std::int32_t>(value), out);
  put_typed(0xd3, value, out);
}

void real(double value, ByteVector& out) {
  if (const auto narrow = exact_float(value)) return put_typed(0xca, *narrow, out);
  put_typed(0xcb, value, out);
}

void string(std::string_view text, ByteVector& out) {
  if (text.size() < 32) {
    put_byte(static_cast<std::uint8_t>(0xa0 | text.size()), out);
  } else {
    put_sized(0xd9, text.size(), out);
  }
  append(out, text);
}

void binary(Bytes bytes, ByteVector& out) {
  put_sized(0xc4, bytes.size(), out);
  append(out, bytes);
}

void array(std::uint64_t count, ByteVector& out) { put_counted(0x90, 0xdc, count, out); }
void map(std::uint64_t count, ByteVector& out) { put_counted(0x80, 0xde, count, out); }

}  // namespace crosspoint::data::msgpack
