#include "token/strict_json.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace crosspoint::token {
namespace {

using nlohmann::json;

// Builds the tree while the text is read, and stops the reading at the first thing that is refused.
class Builder final : public nlohmann::json_sax<json> {
 public:
  explicit Builder(JsonLimits limits) : limits_(limits) {}

  bool null() override { return put({}); }
  bool boolean(bool value) override { return put({.kind = JsonValue::Kind::boolean, .boolean = value}); }
  bool number_integer(number_integer_t value) override { return put_number(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) override { return put_number(static_cast<double>(value)); }
  bool number_float(number_float_t value, const string_t&) override { return put_number(value); }
  bool string(string_t& value) override {
    return put({.kind = JsonValue::Kind::text, .text = std::move(value)});
  }
  bool binary(binary_t&) override { return refuse(JsonError::malformed); }  // never in text
  bool start_object(std::size_t) override { return open(JsonValue::Kind::object); }
  bool start_array(std::size_t) override { return open(JsonValue::Kind::list); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    auto& members = open_.back()->members;
    for (const auto& known: members) {
      if (known.name == name) return refuse(JsonError::duplicate_member);
    }
    members.push_back({.name = std::move(name), .value = {}});
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return refuse(JsonError::malformed);
  }

  JsonError error() const { return error_; }
  JsonValue take() { return std::move(root_); }

 private:
  bool refuse(JsonError error) {
    error_ = error;
    return false;
  }
  bool put_number(double value) { return put({.kind = JsonValue::Kind::number, .number = value}); }

  // Where the next value goes: addresses stay good, since nothing is added beside an open value.
  JsonValue* place(JsonValue value) {
    if (open_.empty()) return &(root_ = std::move(value));
    auto& parent = *open_.back();
    if (parent.is(JsonValue::Kind::object)) return &(parent.members.back().value = std::move(value));
    return &parent.items.emplace_back(std::move(value));
  }
  bool put(JsonValue value) {
    if (open_.empty()) return refuse(JsonError::malformed);  // a text that is not an object
    if (++values_ > limits_.values_max) return refuse(JsonError::too_many_values);
    place(std::move(value));
    return true;
  }
  bool open(JsonValue::Kind kind) {
    if (open_.empty() && kind != JsonValue::Kind::object) return refuse(JsonError::malformed);
    if (open_.size() == limits_.depth_max) return refuse(JsonError::too_deep);
    if (++values_ > limits_.values_max) return refuse(JsonError::too_many_values);
    open_.push_back(place({.kind = kind}));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  JsonLimits limits_;
  JsonError error_ = JsonError::malformed;
  JsonValue root_;
  std::vector<JsonValue*> open_;  // from the root inwards
  std::size_t values_ = 0;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view name) const {
  for (const auto& member: members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

Result<JsonValue, JsonError> read_json_object(std::string_view text, JsonLimits limits) {
  // The library takes a zero byte for the end of the text, and skips a byte order mark.
  if (text.find('\0') != text.npos || text.starts_with('\xef')) return fail(JsonError::malformed);
  Builder builder(limits);
  if (!json::sax_parse(text, &builder)) return fail(builder.error());
  return builder.take();
}

}  // namespace crosspoint::token
