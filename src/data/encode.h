#pragma once
// How each spelling writes one thing: what stands behind Writer. Appends to `out`, shortest form.

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace crosspoint::data {

namespace json {
void natural(std::uint64_t value, ByteVector& out);
void integer(std::int64_t value, ByteVector& out);
void real(double value, ByteVector& out);
void string(std::string_view text, ByteVector& out);
void binary(Bytes bytes, ByteVector& out);
}  // namespace json

namespace msgpack {
void natural(std::uint64_t value, ByteVector& out);
void integer(std::int64_t value, ByteVector& out);
void real(double value, ByteVector& out);
void string(std::string_view text, ByteVector& out);
void binary(Bytes bytes, ByteVector& out);
void array(std::uint64_t count, ByteVector& out);
void map(std::uint64_t count, ByteVector& out);
}  // namespace msgpack

namespace cbor {
enum class Major : std::uint8_t { natural, negative, binary, string, array, map, tag };
void head(Major major, std::uint64_t argument, ByteVector& out);
void integer(std::int64_t value, ByteVector& out);
void real(double value, ByteVector& out);
void string(std::string_view text, ByteVector& out);
void binary(Bytes bytes, ByteVector& out);
void big_integer(std::string_view decimal, ByteVector& out);
}  // namespace cbor

// `little` where BJData is meant: the least significant byte first.
namespace ubjson {
enum class Order : std::uint8_t { big, little };
void natural(std::uint64_t value, Order order, ByteVector& out);
void integer(std::int64_t value, Order order, ByteVector& out);
void real(double value, Order order, ByteVector& out);
void key(std::string_view text, Order order, ByteVector& out);  // without the type
void string(std::string_view text, Order order, ByteVector& out);
void binary(Bytes bytes, Order order, ByteVector& out);
void high_precision(std::string_view decimal, Order order, ByteVector& out);
}  // namespace ubjson

}  // namespace crosspoint::data
