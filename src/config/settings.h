#pragma once
// Every option's value, and where it came from. Made by resolve() (resolve.h); once made, reading cannot
// fail: a key that the table does not have, or the wrong type, does not compile.
//
//   const Duration ping = settings.get<"serve.ping-every">();
//   const std::uint64_t cap = settings.get<"serve.message-bytes-max">();
//   const auto policy = settings.pick<"serve.slow-viewer">(Policy::automatic, Policy::video, Policy::latest,
//   Policy::reliable);

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "config/option_table.h"
#include "config/value.h"

namespace crosspoint::config {

// A key as a template argument.
template <std::size_t Size>
struct Key {
  char text[Size];
  consteval Key(const char (&literal)[Size]) {
    std::copy_n(literal, Size, text);
  }  // NOLINT: meant to be implicit
  constexpr std::string_view view() const { return {text, Size - 1}; }
};

enum class Layer { initial, file, environment, flags };  // later ones win

struct Source {
  Layer layer = Layer::initial;
  std::string text =
      "default";  // "flag --listen", "environment CROSSBAR_LISTEN", "node.toml:3:10", "default"
};

// What get() returns for a type of option.
template <ValueType Type>
struct ValueOf {
  using type = std::string;
};
template <>
struct ValueOf<ValueType::integer> {
  using type = std::int64_t;
};
template <>
struct ValueOf<ValueType::bytes> {
  using type = std::uint64_t;
};
template <>
struct ValueOf<ValueType::duration> {
  using type = Duration;
};
template <>
struct ValueOf<ValueType::boolean> {
  using type = bool;
};
template <>
struct ValueOf<ValueType::list> {
  using type = std::vector<std::string>;
};

constexpr std::size_t count_words(std::string_view words) {
  std::size_t count = 0;
  for_each_word(words, ' ', [&](std::string_view) { ++count; });
  return count;
}

class Settings {
 public:
  // Every option at its default.
  Settings();

  // text, choice, endpoint, secret: std::string; integer: std::int64_t; bytes: std::uint64_t; duration:
  // Duration; boolean: bool; list: std::vector<std::string>. Valid as long as the settings.
  template <Key K>
  const auto& get() const {
    constexpr std::size_t index = option_index(K.view());
    return std::get<typename ValueOf<options[index].type>::type>(values_[index]);
  }

  // A choice as a value of the caller's: one for each word, in the order of the row.
  template <Key K, class... Values>
  auto pick(Values... values) const {
    constexpr std::size_t index = option_index(K.view());
    static_assert(options[index].type == ValueType::choice, "not a choice");
    static_assert(count_words(options[index].choices) == sizeof...(Values),
                  "one value for each word of the row");
    using First = std::common_type_t<Values...>;
    const First all[] = {values...};
    return all[choice_index(index)];
  }

  template <Key K>
  const Source& source() const {
    return sources_[option_index(K.view())];
  }
  // Did anybody set it?
  template <Key K>
  bool is_set() const {
    return source<K>().layer != Layer::initial;
  }

  // For those who treat all options alike; `index` is a row of the table.
  const Value& value_at(std::size_t index) const { return values_[index]; }
  const Source& source_at(std::size_t index) const { return sources_[index]; }
  void set(std::size_t index, Value value, Source source);

 private:
  std::size_t choice_index(std::size_t option) const;

  std::vector<Value> values_;
  std::vector<Source> sources_;
};

}  // namespace crosspoint::config
