#include "data/big_integer.h"
#include "data/encode.h"
#include "data/encode_bytes.h"

namespace crosspoint::data::cbor {
namespace {

// The half that is exactly this float, if there is one.
std::optional<std::uint16_t> exact_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 16 & 0x8000;
  const std::uint32_t fraction = bits & 0x7fffff;
  const int exponent = static_cast<int>(bits >> 23 & 0xff) - 127;
  const auto half = [sign](std::uint32_t rest) { return static_cast<std::uint16_t>(sign | rest); };
  if (std::isnan(value)) return std::uint16_t{0x7e00};
  if (std::isinf(value)) return half(0x7c00);
  if (value == 0) return half(0);
  if (exponent >= -14 && exponent <= 15) {
    if ((fraction & 0x1fff) != 0) return std::nullopt;
    return half(static_cast<std::uint32_t>(exponent + 15) << 10 | fraction >> 13);
  }
  if (exponent >= -24 && exponent < -14) {  // subnormal: a multiple of 2^-24
    const int dropped = -1 - exponent;      // bits of the 24 that a subnormal has no place for
    const std::uint32_t whole = fraction | 0x800000;
    if ((whole & ((1u << dropped) - 1)) != 0) return std::nullopt;
    return half(whole >> dropped);
  }
  return std::nullopt;
}

}  // namespace

void head(Major major, std::uint64_t argument, ByteVector& out) {
  const auto type = static_cast<std::uint8_t>(static_cast<std::uint8_t>(major) << 5);
  if (argument < 24) return put_byte(static_cast<std::uint8_t>(type | argument), out);
  if (argument <= 0xff) {
    put_byte(type | 24, out);
    put_byte(static_cast<std::uint8_t>(argument), out);
  } else if (argument <= 0xffff) {
    put_byte(type | 25, out);
    put_number(static_cast<std::uint16_t>(argument), std::endian::big, out);
  } else if (argument <= 0xffffffff) {
    put_byte(type | 26, out);
    put_number(static_cast<std::uint32_t>(argument), std::endian::big, out);
  } else {
    put_byte(type | 27, out);
    put_number(argument, std::endian::big, out);
  }
}

void integer(std::int64_t value, ByteVector& out) {
  if (value >= 0) return head(Major::natural, static_cast<std::uint64_t>(value), out);
  head(Major::negative, static_cast<std::uint64_t>(-1 - value), out);
}

void real(double value, ByteVector& out) {
  const auto narrow = exact_float(value);
  if (!narrow) {
    put_byte(0xfb, out);
    return put_number(value, std::endian::big, out);
  }
  if (const auto half = exact_half(*narrow)) {
    put_byte(0xf9, out);
    return put_number(*half, std::endian::big, out);
  }
  put_byte(0xfa, out);
  put_number(*narrow, std::endian::big, out);
}

void string(std::string_view text, ByteVector& out) {
  head(Major::string, text.size(), out);
  append(out, text);
}

void binary(Bytes bytes, ByteVector& out) {
  head(Major::binary, bytes.size(), out);
  append(out, bytes);
}

void big_integer(std::string_view decimal, ByteVector& out) {
  const bool negative = decimal.starts_with('-');
  const ByteVector magnitude = magnitude_of_decimal(decimal);
  if (magnitude.size() <= 8)
    return head(negative ? Major::negative : Major::natural, read_big_endian(magnitude), out);
  head(Major::tag, negative ? 3 : 2, out);
  binary(magnitude, out);
}

}  // namespace crosspoint::data::cbor
