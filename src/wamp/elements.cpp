#include "wamp/elements.h"

#include <fmt/core.h>

#include <utility>

#include "base/assert.h"
#include "data/known_keys.h"

namespace crosspoint::wamp {

using data::Kind;

namespace {

// However it is spelt: `[ ]`, 0x80, 0x9f 0xff.
bool is_empty_container(data::Format format, Bytes bytes, Kind kind) {
  constexpr std::size_t longest = 16;
  if (bytes.size() > longest) return false;
  data::Cursor cursor(format, bytes, {});
  const auto entered = kind == Kind::array ? cursor.enter_array() : cursor.enter_map();
  if (!entered) return false;
  const auto more = cursor.more();
  return more && !*more;
}

// What is empty is left out (wamp-router §1).
Payload without_empty(Payload payload) {
  if (is_empty_container(payload.format, payload.kwargs, Kind::map)) payload.kwargs = {};
  if (payload.kwargs.empty() && is_empty_container(payload.format, payload.args, Kind::array))
    payload.args = {};
  return payload;
}

}  // namespace

Elements::Elements(data::Format format, Bytes message, data::Limits limits)
    : cursor_(format, message, limits), depth_max_(limits.depth_max) {
  if (const auto entered = cursor_.enter_array(); !entered) refuse(entered.error(), "the message", "a list");
}

std::optional<Code> Elements::code() {
  if (!has_element("the message type")) return std::nullopt;
  const auto number = checked(cursor_.read_uint64(), "the message type", "a number");
  if (!ok()) return std::nullopt;
  const auto code = find_code(number);
  if (!code) {
    refuse(fmt::format("{} is no type of message", number));
    return std::nullopt;
  }
  code_ = *code;
  return code;
}

std::uint64_t Elements::id_number(std::string_view name) {
  const auto number = natural(name);
  if (ok() && !is_id(number))
    refuse(fmt::format("{}.{} is {}: ids are 1 to 2^53", to_string(code_), name, number));
  return ok() ? number : 0;
}

std::uint64_t Elements::natural(std::string_view name) {
  if (!has_element(name)) return 0;
  return checked(cursor_.read_uint64(), name, "a whole number from 0 on");
}

bool Elements::boolean(std::string_view name) {
  if (!has_element(name)) return false;
  return checked(cursor_.read_bool(), name, "true or false");
}

std::string_view Elements::text(std::string_view name) {
  if (!has_element(name)) return {};
  return checked(cursor_.read_string(room()), name, "a string");
}

std::vector<std::string> Elements::texts(std::string_view name) {
  std::vector<std::string> list;
  if (!has_element(name)) return list;
  if (const auto entered = cursor_.enter_array(); !entered)
    refuse(entered.error(), name, "a list of strings");
  while (ok()) {
    const auto another = checked(cursor_.more(), name, "a list of strings");
    if (!another) break;
    list.emplace_back(checked(cursor_.read_string(list_room_), name, "a list of strings"));
  }
  return list;
}

std::vector<SessionId> Elements::session_ids(std::string_view name) {
  std::vector<SessionId> list;
  if (!has_element(name)) return list;
  if (const auto entered = cursor_.enter_array(); !entered)
    refuse(entered.error(), name, "a list of session ids");
  while (ok()) {
    const auto another = checked(cursor_.more(), name, "a list of session ids");
    if (!another) break;
    const auto number = checked(cursor_.read_uint64(), name, "a list of session ids");
    if (ok() && !is_id(number))
      refuse(fmt::format("{}.{} has {}: ids are 1 to 2^53", to_string(code_), name, number));
    list.push_back(SessionId{number});
  }
  return list;
}

void Elements::map(std::string_view name, std::span<const std::string_view> keys,
                   const std::function<void(std::size_t)>& take) {
  if (!has_element(name)) return;
  if (const auto entered = cursor_.enter_map(); !entered) refuse(entered.error(), name, "a map");
  data::KnownKeys known(cursor_, keys);
  const bool within = std::exchange(in_map_, true);
  while (ok()) {
    const auto key = known.next();
    if (!key) refuse(key.error(), name, "a map");
    if (!key || !*key) break;
    take(**key);
  }
  in_map_ = within;
}

Bytes Elements::raw(std::string_view name, Kind wanted) {
  const std::string_view kind = wanted == Kind::array ? "a list" : "a map";
  if (!has_element(name)) return {};
  if (!next_is(wanted)) {
    if (ok()) refuse({data::Cause::wrong_type, cursor_.offset()}, name, kind);
    return {};
  }
  const auto bytes = checked(cursor_.skip(), name, kind);
  if (ok() && bytes.empty())
    refuse(fmt::format("{}.{} shares its type with its neighbours", to_string(code_), name));
  return bytes;
}

void Elements::pass_over() {
  if (ok()) checked(cursor_.skip(), "the message", "a value");
}

bool Elements::next_is(Kind kind) {
  if (!ok()) return false;
  const auto next = cursor_.peek();
  if (!next) refuse(next.error(), "the message", "a value");
  return next && *next == kind;
}

bool Elements::more() { return ok() && !next_is(Kind::end) && ok(); }

Payload Elements::payload(bool binary_allowed) {
  Payload payload{cursor_.format(), {}, {}};
  if (!more()) return payload;
  if (next_is(Kind::null)) {
    pass_over();
  } else if (binary_allowed && next_is(Kind::binary)) {
    payload.args = checked(cursor_.skip(), "Args", "a list");
  } else {
    payload.args = raw("Args", Kind::array);
  }
  if (!more()) return without_empty(payload);
  if (next_is(Kind::null)) {
    pass_over();
  } else {
    payload.kwargs = raw("Kwargs", Kind::map);
  }
  return without_empty(payload);
}

void Elements::end(int optional_elements) {
  for (; optional_elements > 0 && more(); --optional_elements) pass_over();
  if (more()) refuse(fmt::format("{} has more elements than there are", to_string(code_)));
  if (!ok()) return;
  if (const auto another = cursor_.more(); !another) refuse(another.error(), "the message", "its end");
  if (!ok()) return;
  if (const auto end = cursor_.finish(); !end) refuse(end.error(), "the message", "its end");
}

bool Elements::has_element(std::string_view name) {
  if (!ok()) return false;
  if (in_map_ || !next_is(Kind::end)) return ok();
  refuse(code_ == Code{} ? fmt::format("the message ends before {}", name)
                         : fmt::format("{} ends before {}", to_string(code_), name));
  return false;
}

void Elements::refuse(std::string sentence) {
  if (!violation_) violation_ = Violation{std::move(sentence)};
}

void Elements::refuse(data::Refusal refusal, std::string_view name, std::string_view wanted) {
  if (refusal.cause == data::Cause::wrong_type || refusal.cause == data::Cause::out_of_range) {
    const auto owner = code_ == Code{} ? std::string() : fmt::format("{}.", to_string(code_));
    refuse(fmt::format("{}{} must be {} (at byte {})", owner, name, wanted, refusal.at));
  } else if (refusal.cause == data::Cause::too_deep) {
    refuse(fmt::format("the message cannot be read: at byte {}: lists and maps are nested deeper than {}",
                       refusal.at, depth_max_));
  } else {
    refuse(fmt::format("the message cannot be read: {}", data::to_string(refusal)));
  }
}

template <typename T>
T Elements::checked(Result<T, data::Refusal> read, std::string_view name, std::string_view wanted) {
  if (read) return std::move(*read);
  refuse(read.error(), name, wanted);
  return T{};
}

std::string& Elements::room() {
  CROSSPOINT_ASSERT(rooms_used_ < rooms_.size());
  return rooms_[rooms_used_++];
}

}  // namespace crosspoint::wamp
