#include "data/cursor.h"

#include <cmath>
#include <utility>

#include "base/assert.h"
#include "data/json_text.h"

namespace crosspoint::data {

Cursor::Cursor(Format format, Bytes bytes, Limits limits)
    : format_(format), bytes_(bytes), scanner_(bytes, limits) {
  CROSSPOINT_ASSERT(limits.depth_max <= depth_capacity);
  if (bytes.size() > limits.bytes_max) scanner_.refuse(Cause::too_big, scanner_.begin + limits.bytes_max);
}

bool Cursor::fill() {
  if (have_item_) return true;
  const bool in_typed = scanner_.depth != 0 && scanner_.top().element != 0;
  switch (format_) {
    case Format::json: have_item_ = next_json(scanner_, item_); break;
    case Format::msgpack: have_item_ = next_msgpack(scanner_, item_); break;
    case Format::cbor: have_item_ = next_cbor(scanner_, item_); break;
    case Format::ubjson: have_item_ = next_ubjson(scanner_, item_); break;
    case Format::bjdata: have_item_ = next_bjdata(scanner_, item_); break;
  }
  spliceable_ = !in_typed;
  return have_item_;
}

bool Cursor::skip_container() {
  switch (format_) {
    case Format::json: return skip_json(scanner_);
    case Format::msgpack: return skip_msgpack(scanner_);
    case Format::cbor: return skip_cbor(scanner_);
    case Format::ubjson: return skip_ubjson(scanner_);
    case Format::bjdata: return skip_bjdata(scanner_);
  }
  std::unreachable();
}

// JSON's strings are looked at for binary only when somebody asks what they are.
void Cursor::refine_string() {
  if (!is_base64_inside(as_text(item_.bytes))) return;
  item_.kind = Kind::binary;
  item_.spelling = Spelling::json_base64;
  item_.bytes = item_.bytes.subspan(binary_prefix.size());
}

Result<Kind, Refusal> Cursor::peek() {
  if (!fill()) return fail(scanner_.refusal);
  refine();
  return item_.kind;
}

const Item* Cursor::step() {
  if (!fill()) return nullptr;
  refine();
  have_item_ = false;
  return &item_;
}

Result<Item, Refusal> Cursor::next() {
  const Item* const item = step();
  if (item == nullptr) return fail(refusal());
  return *item;
}

Result<Bytes, Refusal> Cursor::skip() {
  if (!fill()) return fail(scanner_.refusal);
  if (item_.kind == Kind::end || item_.is_key) return fail(here(Cause::wrong_type));
  have_item_ = false;
  const bool is_container = item_.kind == Kind::array || item_.kind == Kind::map;
  if (is_container && !skip_container()) return fail(scanner_.refusal);
  if (!spliceable_) return Bytes{};
  return bytes_.subspan(item_.at, scanner_.offset_of(scanner_.at) - item_.at);
}

std::optional<Refusal> Cursor::expect(Kind kind) {
  if (!fill()) return scanner_.refusal;
  refine();
  if (item_.kind != kind) return here(Cause::wrong_type);
  return std::nullopt;
}

Result<void, Refusal> Cursor::enter(Kind kind) {
  if (const auto refusal = expect(kind)) return fail(*refusal);
  have_item_ = false;
  return {};
}

Result<void, Refusal> Cursor::enter_array() { return enter(Kind::array); }
Result<void, Refusal> Cursor::enter_map() { return enter(Kind::map); }

Result<bool, Refusal> Cursor::more() {
  if (!fill()) return fail(scanner_.refusal);
  if (item_.kind != Kind::end) return true;
  have_item_ = false;
  return false;
}

Result<std::optional<std::string_view>, Refusal> Cursor::next_key(std::string& room) {
  if (!fill()) return fail(scanner_.refusal);
  if (item_.kind == Kind::end) {
    have_item_ = false;
    return std::nullopt;
  }
  CROSSPOINT_ASSERT(item_.is_key);
  have_item_ = false;
  if (item_.kind != Kind::string) {
    scanner_.refuse(Cause::not_a_text_key, scanner_.begin + item_.at);
    return fail(scanner_.refusal);
  }
  return text_of(item_, room);
}

Result<bool, Refusal> Cursor::read_bool() {
  if (const auto refusal = expect(Kind::boolean)) return fail(*refusal);
  have_item_ = false;
  return item_.boolean;
}

std::optional<Refusal> Cursor::expect_whole_number() {
  if (!fill()) return scanner_.refusal;
  if (item_.kind == Kind::real && format_ == Format::json) make_whole();
  if (item_.kind == Kind::integer) return std::nullopt;
  return here(item_.kind == Kind::big_integer ? Cause::out_of_range : Cause::wrong_type);
}

void Cursor::make_whole() {
  constexpr double exact_max = 9007199254740992;  // 2^53
  const auto value = double_of(item_);
  if (!value || std::trunc(*value) != *value || std::abs(*value) > exact_max) return;
  item_.kind = Kind::integer;
  item_.spelling = Spelling::plain;
  item_.negative = *value < 0;
  item_.number = static_cast<std::uint64_t>(static_cast<std::int64_t>(*value));
}

Result<std::int64_t, Refusal> Cursor::read_int64() {
  if (const auto refusal = expect_whole_number()) return fail(*refusal);
  const auto value = int64_of(item_);
  if (!value) return fail(here(Cause::out_of_range));
  have_item_ = false;
  return *value;
}

Result<std::uint64_t, Refusal> Cursor::read_uint64() {
  if (const auto refusal = expect_whole_number()) return fail(*refusal);
  const auto value = uint64_of(item_);
  if (!value) return fail(here(Cause::out_of_range));
  have_item_ = false;
  return *value;
}

Result<double, Refusal> Cursor::read_double() {
  if (!fill()) return fail(scanner_.refusal);
  if (item_.kind != Kind::integer && item_.kind != Kind::big_integer && item_.kind != Kind::real) {
    return fail(here(Cause::wrong_type));
  }
  const auto value = double_of(item_);
  if (!value) return fail(here(value.error()));
  have_item_ = false;
  return *value;
}

Result<std::string_view, Refusal> Cursor::read_string(std::string& room) {
  if (const auto refusal = expect(Kind::string)) return fail(*refusal);
  have_item_ = false;
  return text_of(item_, room);
}

Result<Bytes, Refusal> Cursor::read_binary(std::string& room) {
  if (const auto refusal = expect(Kind::binary)) return fail(*refusal);
  have_item_ = false;
  return binary_of(item_, room);
}

Result<void, Refusal> Cursor::finish() {
  if (!fill()) return fail(scanner_.refusal);
  if (item_.kind != Kind::end || scanner_.depth != 0) return fail(here(Cause::wrong_type));
  // That was the end of the outermost list or map, or already of everything, which may be said again.
  have_item_ = false;
  if (!fill()) return fail(scanner_.refusal);
  return {};
}

}  // namespace crosspoint::data
