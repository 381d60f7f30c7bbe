#include "data/value.h"

#include <algorithm>
#include <string_view>

#include "data/cursor.h"

namespace crosspoint::data {
namespace {

// Recursion is as deep as the limits let a value be nested.
class Reader {
 public:
  explicit Reader(Cursor& cursor) : cursor_(cursor) {}

  Result<Value, Refusal> read() {
    const auto item = cursor_.next();
    if (!item) return fail(item.error());
    switch (item->kind) {
      case Kind::null: return Value();
      case Kind::boolean: return Value(item->boolean);
      case Kind::integer:
        if (item->negative) return Value(static_cast<std::int64_t>(item->number));
        return Value(item->number);
      case Kind::big_integer:
      case Kind::real: return real(*item);
      case Kind::string: return Value(text_of(*item, room_));
      case Kind::binary: return Value(to_vector(binary_of(*item, room_)));
      case Kind::array: return array();
      case Kind::map: return map();
      case Kind::foreign: return fail(Refusal{Cause::no_equivalent, item->at});
      case Kind::end: break;
    }
    return fail(Refusal{Cause::wrong_type, item->at});
  }

 private:
  Result<Value, Refusal> real(const Item& item) {
    const auto value = double_of(item);
    if (!value) return fail(Refusal{value.error(), item.at});
    return Value(*value);
  }

  Result<Value, Refusal> array() {
    Value::Array elements;
    while (true) {
      const auto more = cursor_.more();
      if (!more) return fail(more.error());
      if (!*more) return Value(std::move(elements));
      auto element = read();
      if (!element) return fail(element.error());
      elements.push_back(std::move(*element));
    }
  }

  Result<Value, Refusal> map() {
    Value::Map members;
    while (true) {
      const auto key = cursor_.next_key(room_);
      if (!key) return fail(key.error());
      if (!*key) break;
      std::string name(**key);
      auto value = read();
      if (!value) return fail(value.error());
      members.emplace_back(std::move(name), std::move(*value));
    }
    if (has_duplicates(members)) return fail(Refusal{Cause::duplicate_key, cursor_.offset()});
    return Value(std::move(members));
  }

  // By sorting: strangers choose the keys, and could choose them to meet in a hash table.
  static bool has_duplicates(const Value::Map& members) {
    std::vector<std::string_view> names;
    for (const auto& [name, value]: members) names.emplace_back(name);
    std::ranges::sort(names);
    return std::ranges::adjacent_find(names) != names.end();
  }

  Cursor& cursor_;
  std::string room_;
};

struct Writing {
  Writer& to;

  void operator()(std::monostate) const { to.null(); }
  void operator()(bool value) const { to.boolean(value); }
  void operator()(std::int64_t value) const { to.integer(value); }
  void operator()(std::uint64_t value) const { to.natural(value); }
  void operator()(double value) const { to.real(value); }
  void operator()(const std::string& text) const { to.string(text); }
  void operator()(const ByteVector& bytes) const { to.binary(bytes); }
  void operator()(const Value::Array& elements) const {
    to.begin_array(elements.size());
    for (const Value& element: elements) element.write(to);
    to.end_array();
  }
  void operator()(const Value::Map& members) const {
    to.begin_map(members.size());
    for (const auto& [name, value]: members) {
      to.key(name);
      value.write(to);
    }
    to.end_map();
  }
};

}  // namespace

const Value* Value::find(std::string_view key) const {
  const Map* const members = map();
  if (members == nullptr) return nullptr;
  for (const auto& [name, value]: *members) {
    if (name == key) return &value;
  }
  return nullptr;
}

bool Value::operator==(const Value& other) const {
  const auto natural_of = [](const Value& value) -> const std::uint64_t* { return value.natural(); };
  if (const auto* mine = integer(); mine != nullptr && natural_of(other) != nullptr) {
    return *mine >= 0 && static_cast<std::uint64_t>(*mine) == *other.natural();
  }
  if (natural_of(*this) != nullptr && other.integer() != nullptr) return other == *this;
  return held_ == other.held_;
}

void Value::write(Writer& to) const { std::visit(Writing{to}, held_); }

Result<Value, Refusal> read_value(Format format, Bytes bytes, Limits limits) {
  Cursor cursor(format, bytes, limits);
  auto value = Reader(cursor).read();
  if (!value) return value;
  if (const auto end = cursor.finish(); !end) return fail(end.error());
  return value;
}

ByteVector write_value(Format format, const Value& value) {
  ByteVector out;
  Writer writer(format, out);
  value.write(writer);
  return out;
}

}  // namespace crosspoint::data
