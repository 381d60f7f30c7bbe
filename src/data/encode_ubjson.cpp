#include "data/encode.h"
#include "data/encode_bytes.h"

namespace crosspoint::data::ubjson {
namespace {

template <class Number>
void put_typed(char type, Number number, Order order, ByteVector& out) {
  put_byte(static_cast<std::uint8_t>(type), out);
  put_number(number, order == Order::little ? std::endian::little : std::endian::big, out);
}

template <class Number>
bool fits(std::int64_t value) {
  return value >= std::numeric_limits<Number>::min() && value <= std::numeric_limits<Number>::max();
}

}  // namespace

// The types that both orders have. BJData's unsigned ones would save nothing but between 2^15 and 2^16, 2^31
// and 2^32.
void integer(std::int64_t value, Order order, ByteVector& out) {
  if (fits<std::int8_t>(value)) return put_typed('i', static_cast<std::int8_t>(value), order, out);
  if (fits<std::uint8_t>(value)) return put_typed('U', static_cast<std::uint8_t>(value), order, out);
  if (fits<std::int16_t>(value)) return put_typed('I', static_cast<std::int16_t>(value), order, out);
  if (fits<std::int32_t>(value)) return put_typed('l', static_cast<std::int32_t>(value), order, out);
  put_typed('L', value, order, out);
}

void natural(std::uint64_t value, Order order, ByteVector& out) {
  if (value <= std::numeric_limits<std::int64_t>::max())
    return integer(static_cast<std::int64_t>(value), order, out);
  if (order == Order::little) return put_typed('M', value, order, out);
  high_precision(std::to_string(value), order, out);  // Draft 12 has nothing wider than int64
}

void real(double value, Order order, ByteVector& out) {
  if (const auto narrow = exact_float(value)) return put_typed('d', *narrow, order, out);
  put_typed('D', value, order, out);
}

void key(std::string_view text, Order order, ByteVector& out) {
  natural(text.size(), order, out);
  append(out, text);
}

void string(std::string_view text, Order order, ByteVector& out) {
  put_byte('S', out);
  key(text, order, out);
}

void binary(Bytes bytes, Order order, ByteVector& out) {
  append(out, "[$U#");
  natural(bytes.size(), order, out);
  append(out, bytes);
}

void high_precision(std::string_view decimal, Order order, ByteVector& out) {
  put_byte('H', out);
  key(decimal, order, out);
}

}  // namespace crosspoint::data::ubjson
