#pragma once
// What a cursor finds, one after the other: a scalar, the beginning of a list or map, or its end. An item is
// a note about bytes that somebody else holds, and is good as long as they are.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "data/refusal.h"

namespace crosspoint::data {

enum class Kind : std::uint8_t {
  null,  // CBOR's undefined too
  boolean,
  integer,      // exact, from -2^63 to 2^64-1
  big_integer,  // an integer beyond that
  real,         // a number with a fraction or an exponent, or a binary floating-point number
  string,
  binary,  // of MessagePack's extensions the payload; UBJSON's arrays of uint8 ([$U#)
  array,
  map,
  foreign,  // a CBOR simple value without a meaning, or a bignum in chunks
  end,      // of the innermost list or map that is open; of everything, if none is
};

// How the bytes of an item spell its value.
enum class Spelling : std::uint8_t {
  plain,           // they are the value
  json_escapes,    // the inside of a JSON string that has backslashes
  json_base64,     // what follows the U+0000 of a JSON string, known to be base64
  cbor_chunks,     // the chunks of a CBOR string of indefinite length, each with its head
  decimal,         // a number as JSON spells it
  cbor_magnitude,  // n, most significant byte first, without zeros before it; the value is n, or -1-n if
                   // negative
};

// A list or map that does not say beforehand how much is in it.
inline constexpr std::uint64_t unknown_count = ~std::uint64_t{0};

struct Item {
  Kind kind = Kind::end;
  Spelling spelling = Spelling::plain;
  bool is_key = false;  // it stands where a map has its keys
  bool boolean = false;
  bool negative = false;  // of an integer: `number` is the two's complement of a negative one
  std::size_t at = 0;     // where it begins; CBOR's tags belong to it
  std::uint64_t number =
      0;            // of an integer; of an array or map, how many elements or pairs, or unknown_count
  double real = 0;  // of a real that is not spelt in decimal
  Bytes bytes;      // of strings, binaries, and numbers that are spelt
};

// The integer, if it is one that fits.
std::optional<std::int64_t> int64_of(const Item& item);
std::optional<std::uint64_t> uint64_of(const Item& item);

// Any number, to the nearest double. Too small becomes 0; what no double holds (1e400) is out_of_range.
Result<double, Cause> double_of(const Item& item);

// Text of a string; bytes of a binary. `room` is used only where the spelling is not plain: the result is a
// view of the item's bytes or of `room`.
std::string_view text_of(const Item& item, std::string& room);
Bytes binary_of(const Item& item, std::string& room);

// A big integer in decimal digits, a real that is spelt in decimal as it stands. Integers of more than
// big_integer_bytes_max bytes are out_of_range: to convert them takes quadratic time.
inline constexpr std::size_t big_integer_bytes_max = 128;
Result<std::string_view, Cause> decimal_of(const Item& item, std::string& room);

}  // namespace crosspoint::data
