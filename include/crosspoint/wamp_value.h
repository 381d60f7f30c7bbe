#pragma once
// A value as WAMP carries them: null, true, 7, 2.5, "text", bytes, a list, a map from names to values. C++20,
// the standard library only.
//
//   using crosspoint::WampValue;
//   const WampValue::List settings = {1, 2.5, "fast", true, WampValue::List{1, 2}};
//   const WampValue::Map  named = {{"unit", "mm"}, {"limits", WampValue::Map{{"low", 0}, {"high", 10}}}};
//
// Reading never fails and never throws: what is not there, or of another type, is nothing, or a null value.
//
//   const double high = named[1].second["high"].number().value_or(100);
//
// Owns everything in it. Integers are exact from -2^63 to 2^64-1.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace crosspoint {

class WampValue {
 public:
  using List = std::vector<WampValue>;
  using Map = std::vector<std::pair<std::string, WampValue>>;  // in the order in which they came
  using Binary = std::vector<std::byte>;

  WampValue() = default;  // null
  WampValue(std::nullptr_t) {}
  WampValue(std::same_as<bool> auto value) : held_(value) {}  // else a pointer would be one
  WampValue(std::signed_integral auto value) : held_(static_cast<std::int64_t>(value)) {}
  template <std::unsigned_integral Natural>
    requires(!std::same_as<Natural, bool>)
  WampValue(Natural value) : held_(static_cast<std::uint64_t>(value)) {}
  WampValue(std::floating_point auto value) : held_(static_cast<double>(value)) {}
  WampValue(const char* text) : held_(std::string(text)) {}
  WampValue(std::string_view text) : held_(std::string(text)) {}
  WampValue(std::string text) : held_(std::move(text)) {}
  WampValue(Binary bytes) : held_(std::move(bytes)) {}
  WampValue(List elements) : held_(std::move(elements)) {}
  WampValue(Map members) : held_(std::move(members)) {}

  enum class Type {
    null,
    boolean,
    integer,
    natural,
    real,
    text,
    binary,
    list,
    map
  };  // natural: from 2^63 on
  Type type() const;
  bool is_null() const { return held_.index() == 0; }

  // Nothing if it is something else.
  std::optional<bool> boolean() const;
  std::optional<std::int64_t> integer() const;   // a whole number that fits, be it written 7 or 7.0
  std::optional<std::uint64_t> natural() const;  // the same, from 0 on
  std::optional<double> number() const;          // any number
  // Null if it is something else; good as long as this value.
  const std::string* text() const { return std::get_if<std::string>(&held_); }
  const Binary* binary() const { return std::get_if<Binary>(&held_); }
  const List* list() const { return std::get_if<List>(&held_); }
  const Map* map() const { return std::get_if<Map>(&held_); }

  // Of a list or map how many; otherwise 0.
  std::size_t size() const;
  // What is there, or a null value.
  const WampValue& operator[](std::size_t index) const;
  const WampValue& operator[](std::string_view key) const;
  // The same of arguments: by_name(event.kwargs, "unit").
  static const WampValue& by_name(const Map& members, std::string_view key);

  // Binary in JSON is a string: U+0000, then base64, as WAMP has it. Nothing: it is no JSON.
  static std::optional<WampValue> from_json(std::string_view json);
  std::string to_json() const;

  // Alike in type and content; whole numbers are alike if they are the same number.
  bool operator==(const WampValue& other) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Binary, List, Map>
      held_;
};

}  // namespace crosspoint
