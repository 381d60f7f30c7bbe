#include "wamp/client/public_value.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace crosspoint::wamp::client {
namespace {

data::Value::Map map_to_data(const WampValue::Map& members) {
  data::Value::Map map;
  map.reserve(members.size());
  for (const auto& [name, member]: members) map.emplace_back(name, to_data(member));
  return map;
}

data::Value::Array list_to_data(const WampValue::List& elements) {
  data::Value::Array list;
  list.reserve(elements.size());
  for (const auto& element: elements) list.push_back(to_data(element));
  return list;
}

WampValue::List list_to_public(const data::Value::Array& elements) {
  WampValue::List list;
  list.reserve(elements.size());
  for (const auto& element: elements) list.push_back(to_public(element));
  return list;
}

WampValue::Map map_to_public(const data::Value::Map& members) {
  WampValue::Map map;
  map.reserve(members.size());
  for (const auto& [name, member]: members) map.emplace_back(name, to_public(member));
  return map;
}

}  // namespace

data::Value to_data(const WampValue& value) {
  if (const auto* list = value.list()) return list_to_data(*list);
  if (const auto* map = value.map()) return map_to_data(*map);
  if (const auto* text = value.text()) return *text;
  if (const auto* binary = value.binary()) return *binary;
  switch (value.type()) {
    case WampValue::Type::boolean: return *value.boolean();
    case WampValue::Type::integer: return *value.integer();
    case WampValue::Type::natural: return *value.natural();
    case WampValue::Type::real: return *value.number();
    default: return nullptr;
  }
}

WampValue to_public(const data::Value& value) {
  if (const auto* list = value.array()) return list_to_public(*list);
  if (const auto* map = value.map()) return map_to_public(*map);
  if (const auto* text = value.string()) return *text;
  if (const auto* binary = value.binary()) return *binary;
  if (const auto* boolean = value.boolean()) return *boolean;
  if (const auto* integer = value.integer()) return *integer;
  if (const auto* natural = value.natural()) return *natural;
  if (const auto* real = value.real()) return *real;
  return {};
}

KeptPayload spell(data::Format format, const WampValue::List& args, const WampValue::Map& kwargs) {
  ByteVector list, map;
  if (!args.empty()) list = data::write_value(format, list_to_data(args));
  if (!kwargs.empty()) map = data::write_value(format, map_to_data(kwargs));
  return KeptPayload(Payload{format, list, map});
}

ReadPayload values_of(const Payload& payload) {
  ReadPayload read;
  if (!payload.args.empty()) {
    const auto args = data::read_value(payload.format, payload.args);
    if (args && args->array() != nullptr) read.args = list_to_public(*args->array());
  }
  if (!payload.kwargs.empty()) {
    const auto kwargs = data::read_value(payload.format, payload.kwargs);
    if (kwargs && kwargs->map() != nullptr) read.kwargs = map_to_public(*kwargs->map());
  }
  return read;
}

}  // namespace crosspoint::wamp::client

namespace crosspoint {
namespace {

const WampValue null_value;
constexpr double two_to_63 = 9223372036854775808.0;

}  // namespace

WampValue::Type WampValue::type() const {
  switch (held_.index()) {
    case 1: return Type::boolean;
    case 2: return Type::integer;
    case 3: return *std::get_if<std::uint64_t>(&held_) >> 63 == 0 ? Type::integer : Type::natural;
    case 4: return Type::real;
    case 5: return Type::text;
    case 6: return Type::binary;
    case 7: return Type::list;
    case 8: return Type::map;
    default: return Type::null;
  }
}

std::optional<bool> WampValue::boolean() const {
  const auto* value = std::get_if<bool>(&held_);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

std::optional<std::int64_t> WampValue::integer() const {
  if (const auto* value = std::get_if<std::int64_t>(&held_)) return *value;
  if (const auto* value = std::get_if<std::uint64_t>(&held_); value != nullptr && *value >> 63 == 0)
    return static_cast<std::int64_t>(*value);
  const auto* real = std::get_if<double>(&held_);
  if (real == nullptr || std::trunc(*real) != *real || *real < -two_to_63 || *real >= two_to_63)
    return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

std::optional<std::uint64_t> WampValue::natural() const {
  if (const auto* value = std::get_if<std::uint64_t>(&held_)) return *value;
  const auto* real = std::get_if<double>(&held_);
  if (real != nullptr && *real >= two_to_63 && *real < 2 * two_to_63)
    return static_cast<std::uint64_t>(*real);
  const auto value = integer();
  if (!value || *value < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

std::optional<double> WampValue::number() const {
  if (const auto* real = std::get_if<double>(&held_)) return *real;
  if (const auto* value = std::get_if<std::int64_t>(&held_)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<std::uint64_t>(&held_)) return static_cast<double>(*value);
  return std::nullopt;
}

std::size_t WampValue::size() const {
  if (const auto* elements = list()) return elements->size();
  const auto* members = map();
  return members == nullptr ? 0 : members->size();
}

const WampValue& WampValue::operator[](std::size_t index) const {
  const auto* elements = list();
  return elements != nullptr && index < elements->size() ? (*elements)[index] : null_value;
}

const WampValue& WampValue::operator[](std::string_view key) const {
  const auto* members = map();
  return members == nullptr ? null_value : by_name(*members, key);
}

const WampValue& WampValue::by_name(const Map& members, std::string_view key) {
  const auto found =
      std::ranges::find(members, key, [](const auto& member) { return std::string_view(member.first); });
  return found == members.end() ? null_value : found->second;
}

std::optional<WampValue> WampValue::from_json(std::string_view json) {
  const auto value = data::read_value(data::Format::json, as_bytes(json));
  if (!value) return std::nullopt;
  return wamp::client::to_public(*value);
}

std::string WampValue::to_json() const {
  return to_string(Bytes(data::write_value(data::Format::json, wamp::client::to_data(*this))));
}

bool WampValue::operator==(const WampValue& other) const {
  if (type() == Type::integer && other.type() == Type::integer) return integer() == other.integer();
  return held_ == other.held_;
}

}  // namespace crosspoint
