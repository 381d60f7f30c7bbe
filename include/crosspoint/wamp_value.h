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
//   const double high = named["limits"]["high"].number().value_or(100);
//   const bool third = settings[2].text() != nullptr, none = settings[99].is_null();
//
// Owns everything in it. Integers are exact from -2^63 to 2^64-1.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace crosspoint {

class WampValue;

// Values in their order. What a stranger sent has as many as he likes: an index beyond them is a null value.
class WampList {
 public:
  WampList() = default;
  WampList(std::initializer_list<WampValue> elements);
  explicit WampList(std::vector<WampValue> elements);

  std::size_t size() const;
  bool empty() const { return size() == 0; }
  const WampValue& operator[](std::size_t index) const;
  const WampValue* begin() const;
  const WampValue* end() const;
  void push_back(WampValue value);

  bool operator==(const WampList& other) const;

 private:
  std::vector<WampValue> elements_;
};

// Values by their names, in the order in which they came. A name that is not there is a null value.
class WampMap {
 public:
  using Member = std::pair<std::string, WampValue>;
  WampMap() = default;
  WampMap(std::initializer_list<Member> members);
  explicit WampMap(std::vector<Member> members);

  std::size_t size() const;
  bool empty() const { return size() == 0; }
  bool contains(std::string_view name) const;
  const WampValue& operator[](std::string_view name) const;
  const Member* begin() const;
  const Member* end() const;
  void set(std::string_view name, WampValue value);  // in the place of the one there was, or behind them all

  bool operator==(const WampMap& other) const;

 private:
  std::vector<Member> members_;
};

class WampValue {
 public:
  using List = WampList;
  using Map = WampMap;
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
