#include "wamp/client/public_value.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace crosspoint::wamp::client {
namespace {

data::Value::Map map_to_data(const WampMap& members) {
  data::Value::Map map;
  map.reserve(members.size());
  for (const auto& [name, member]: members) map.emplace_back(name, to_data(member));
  return map;
}

data::Value::Array list_to_data(const WampList& elements) {
  data::Value::Array list;
  list.reserve(elements.size());
  for (const auto& element: elements) list.push_back(to_data(element));
  return list;
}

WampList list_to_public(const data::Value::Array& elements) {
  std::vector<WampValue> list;
  list.reserve(elements.size());
  for (const auto& element: elements) list.push_back(to_public(element));
  return WampList(std::move(list));
}

WampMap map_to_public(const data::Value::Map& members) {
  std::vector<WampMap::Member> map;
  map.reserve(members.size());
  for (const auto& [name, member]: members) map.emplace_back(name, to_public(member));
  return WampMap(std::move(map));
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

KeptPayload spell(data::Format format, const WampList& args, const WampMap& kwargs) {
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

WampList::WampList(std::initializer_list<WampValue> elements) : elements_(elements) {}
WampList::WampList(std::vector<WampValue> elements) : elements_(std::move(elements)) {}
std::size_t WampList::size() const { return elements_.size(); }
const WampValue& WampList::operator[](std::size_t index) const {
  return index < elements_.size() ? elements_[index] : null_value;
}
const WampValue* WampList::begin() const { return elements_.data(); }
const WampValue* WampList::end() const { return elements_.data() + elements_.size(); }
void WampList::push_back(WampValue value) { elements_.push_back(std::move(value)); }
bool WampList::operator==(const WampList& other) const { return elements_ == other.elements_; }

WampMap::WampMap(std::initializer_list<Member> members) : members_(members) {}
WampMap::WampMap(std::vector<Member> members) : members_(std::move(members)) {}
std::size_t WampMap::size() const { return members_.size(); }
bool WampMap::contains(std::string_view name) const {
  return std::ranges::any_of(members_, [&](const Member& member) { return member.first == name; });
}
const WampValue& WampMap::operator[](std::string_view name) const {
  const auto found = std::ranges::find_if(members_, [&](const Member& one) { return one.first == name; });
  return found == members_.end() ? null_value : found->second;
}
const WampMap::Member* WampMap::begin() const { return members_.data(); }
const WampMap::Member* WampMap::end() const { return members_.data() + members_.size(); }
void WampMap::set(std::string_view name, WampValue value) {
  const auto found = std::ranges::find_if(members_, [&](const Member& one) { return one.first == name; });
  if (found != members_.end()) {
    found->second = std::move(value);
  } else {
    members_.emplace_back(name, std::move(value));
  }
}
bool WampMap::operator==(const WampMap& other) const { return members_ == other.members_; }

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
  return elements == nullptr ? null_value : (*elements)[index];
}

const WampValue& WampValue::operator[](std::string_view key) const {
  const auto* members = map();
  return members == nullptr ? null_value : (*members)[key];
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
