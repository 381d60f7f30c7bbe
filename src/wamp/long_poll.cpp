#include "wamp/long_poll.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>

#include "data/cursor.h"
#include "wamp/subprotocol.h"

namespace crosspoint::wamp::long_poll {
namespace {

constexpr bool is_path_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

std::optional<Action> find_action(std::string_view name) {
  if (name == "send") return Action::send;
  if (name == "receive") return Action::receive;
  if (name == "close") return Action::close;
  return std::nullopt;
}

std::optional<std::string_view> one_of_ours(std::string_view name) {
  const auto ours = std::ranges::find(subprotocols, name);
  return ours == subprotocols.end() ? std::nullopt : std::optional(*ours);
}

// The values under "protocols", as far as they are ours, one by one; false: it is no list of texts.
bool read_protocols(data::Cursor& in, std::optional<std::string_view>& chosen) {
  std::string room;
  if (!in.enter_array()) return false;
  while (true) {
    const auto more = in.more();
    if (!more) return false;
    if (!*more) return true;
    const auto name = in.read_string(room);
    if (!name) return false;
    if (!chosen) chosen = one_of_ours(*name);
  }
}

// Versions of Autobahn and of Crossbar.io use different ones.
std::span<const std::string_view> media_types(data::Format format) {
  static constexpr std::array<std::string_view, 1> json = {"application/json"};
  static constexpr std::array<std::string_view, 3> msgpack = {"application/x-msgpack", "application/msgpack",
                                                              "application/vnd.msgpack"};
  static constexpr std::array<std::string_view, 2> cbor = {"application/cbor", "application/x-cbor"};
  static constexpr std::array<std::string_view, 2> ubjson = {"application/ubjson", "application/x-ubjson"};
  switch (format) {
    case data::Format::json: return json;
    case data::Format::msgpack: return msgpack;
    case data::Format::cbor: return cbor;
    case data::Format::ubjson:
    case data::Format::bjdata: return ubjson;
  }
  return {};
}

}  // namespace

bool is_base(std::string_view path) {
  if (path.size() < 2 || path.front() != '/' || path.ends_with('/')) return false;
  char before = 0;
  for (const char c: path) {
    if (c != '/' && !is_path_char(c)) return false;
    // No empty segment, and none that a path is cleaned of.
    if (before == '/' && (c == '/' || c == '.')) return false;
    before = c;
  }
  return true;
}

std::optional<Ask> find_ask(std::string_view path, std::string_view base) {
  if (!path.starts_with(base)) return std::nullopt;
  path.remove_prefix(base.size());
  if (path == "/open") return Ask{Action::open};
  if (!path.starts_with('/')) return std::nullopt;
  const auto slash = path.find('/', 1);
  if (slash == path.npos || slash == 1) return std::nullopt;
  const auto action = find_action(path.substr(slash + 1));
  if (!action) return std::nullopt;
  return Ask{*action, path.substr(1, slash - 1)};
}

Result<std::string_view, OpenRefusal> choose_protocol(Bytes body) {
  data::Cursor in(data::Format::json, body, {.depth_max = 8, .bytes_max = open_bytes_max});
  std::string room;
  std::optional<std::string_view> chosen;
  bool listed = false;
  if (!in.enter_map()) return fail(OpenRefusal::malformed);
  while (true) {
    const auto key = in.next_key(room);
    if (!key) return fail(OpenRefusal::malformed);
    if (!*key) break;
    const bool protocols = **key == "protocols";
    if (!(protocols ? read_protocols(in, chosen) : in.skip().has_value()))
      return fail(OpenRefusal::malformed);
    listed = listed || protocols;
  }
  if (!in.finish() || !listed) return fail(OpenRefusal::malformed);
  if (!chosen) return fail(OpenRefusal::none_of_ours);
  return *chosen;
}

std::string answer_to_open(std::string_view transport, std::string_view protocol) {
  return fmt::format(R"({{"transport":"{}","protocol":"{}"}})", transport, protocol);
}

std::string_view media_type_of(data::Format format) { return media_types(format).front(); }

bool fits(std::optional<std::string_view> content_type, data::Format format) {
  if (!content_type) return true;
  std::string type(content_type->substr(0, content_type->find(';')));
  while (type.ends_with(' ') || type.ends_with('\t')) type.pop_back();
  for (char& c: type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::ranges::find(media_types(format), std::string_view(type)) != media_types(format).end();
}

}  // namespace crosspoint::wamp::long_poll
