#pragma once
// A value as a tree: for what the router itself says and understands (arguments of its own procedures,
// configuration). Payloads that are only passed on never become one.
//
//   const Value event = Value::Map{{"session", id}, {"authid", "joe"}};
//
// Owns everything in it. Integers are exact from -2^63 to 2^64-1; beyond that they have become doubles.

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "data/format.h"
#include "data/limits.h"
#include "data/refusal.h"
#include "data/writer.h"

namespace crosspoint::data {

class Value {
 public:
  using Array = std::vector<Value>;
  using Map = std::vector<std::pair<std::string, Value>>;  // in the order they were written; read() refuses
                                                           // duplicates

  Value() = default;  // null
  Value(std::nullptr_t) {}
  Value(std::same_as<bool> auto value) : held_(value) {}  // else a pointer would be one
  Value(std::signed_integral auto value) : held_(std::int64_t{value}) {}
  template <std::unsigned_integral Natural>
    requires(!std::same_as<Natural, bool>)
  Value(Natural value) : held_(std::uint64_t{value}) {}
  Value(double value) : held_(value) {}
  Value(const char* text) : held_(std::string(text)) {}
  Value(std::string_view text) : held_(std::string(text)) {}
  Value(std::string text) : held_(std::move(text)) {}
  Value(ByteVector bytes) : held_(std::move(bytes)) {}
  Value(Array elements) : held_(std::move(elements)) {}
  Value(Map members) : held_(std::move(members)) {}

  bool is_null() const { return std::holds_alternative<std::monostate>(held_); }
  // Null if it is something else.
  const bool* boolean() const { return std::get_if<bool>(&held_); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&held_); }  // as read: negative ones
  const std::uint64_t* natural() const { return std::get_if<std::uint64_t>(&held_); }  // as read: all others
  const double* real() const { return std::get_if<double>(&held_); }
  const std::string* string() const { return std::get_if<std::string>(&held_); }
  const ByteVector* binary() const { return std::get_if<ByteVector>(&held_); }
  const Array* array() const { return std::get_if<Array>(&held_); }
  const Map* map() const { return std::get_if<Map>(&held_); }
  // The value of this key, if it is a map that has it.
  const Value* find(std::string_view key) const;

  // Alike in type and content; a signed and an unsigned integer are alike if they are the same number.
  bool operator==(const Value& other) const;

  void write(Writer& to) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, ByteVector, Array, Map>
      held_;
};

// The tree takes up to some forty times the memory of the bytes: limit them.
Result<Value, Refusal> read_value(Format format, Bytes bytes, Limits limits = {});
ByteVector write_value(Format format, const Value& value);

}  // namespace crosspoint::data
