#pragma once
// Writes values in one spelling, one after the other, at the end of a buffer. Always the shortest form: an
// integer in the fewest bytes, a real in the narrowest floating-point number that holds it exactly (RFC 8949
// section 4.2.1), in JSON the fewest digits that read back the same.
//
//   Writer writer(Format::cbor, message);
//   writer.begin_array(3);
//   writer.integer(50);
//   writer.natural(request);
//   writer.begin_map(0);
//   writer.end_map();
//   writer.end_array();
//
// Counts must be true: MessagePack and CBOR have them in front, and nothing comes behind to mend them. JSON
// and UBJSON take no notice. In a map every value has a key() before it. Text must be UTF-8. Pure; owns
// nothing.

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "data/format.h"

namespace crosspoint::data {

class Writer {
 public:
  // `out` outlives the writer. What is in it stays.
  Writer(Format format, ByteVector& out) : format_(format), out_(out) {}

  Format format() const { return format_; }

  void begin_array(std::uint64_t count);  // elements
  void end_array();
  void begin_map(std::uint64_t count);  // pairs
  void end_map();
  void key(std::string_view name);

  void null();
  void boolean(bool value);
  void integer(std::int64_t value);
  void natural(std::uint64_t value);
  // JSON has no NaN and no infinities: null, as ECMAScript does it. A real stays one: "1.0".
  void real(double value);
  void string(std::string_view text);
  void binary(Bytes bytes);

  // An integer beyond 64 bits in decimal digits, at most big_integer_digits_max: digits in JSON, a bignum in
  // CBOR, a high-precision number in UBJSON, the nearest double in MessagePack.
  void big_integer(std::string_view decimal);

  // One value that is already spelt in this format, as Cursor::skip() gives it. Not looked at.
  void raw(Bytes value);

  // Where the writer is, to take back everything written since.
  struct Mark {
    std::size_t size;
    bool after_value;
  };
  Mark mark() const { return {out_.size(), after_value_}; }
  void rewind(Mark mark);

 private:
  // JSON: the comma before a value or key, where one is due.
  void separate();
  void put(std::uint8_t byte) { out_.push_back(static_cast<std::byte>(byte)); }

  Format format_;
  bool after_value_ =
      false;  // JSON: a value has been written in this list or map, and a comma is due before the next
  ByteVector& out_;
};

}  // namespace crosspoint::data
