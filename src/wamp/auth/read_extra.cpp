#include "wamp/auth/read_extra.h"

#include <initializer_list>
#include <string_view>
#include <utility>

#include "data/cursor.h"

namespace crosspoint::wamp::auth {
namespace {

using Wanted = std::initializer_list<std::pair<std::string_view, std::string*>>;

constexpr std::string_view no_map = "the extra of the opening is no map";

Result<void, std::string> read_value(data::Cursor& cursor, std::string_view key, std::string& out) {
  const auto kind = cursor.peek();
  if (!kind) return fail(std::string(no_map));
  if (*kind == data::Kind::null) {
    if (!cursor.next()) return fail(std::string(no_map));
    return {};
  }
  std::string room;
  const auto text = cursor.read_string(room);
  if (!text || text->size() > extra_text_bytes_max) {
    return fail(std::string(key) + " of the opening's extra must be a text of at most 4096 bytes, or null");
  }
  out = *text;
  return {};
}

Result<void, std::string> read_texts(const Payload& payload, Wanted wanted) {
  if (payload.kwargs.empty()) return {};
  data::Cursor cursor(payload.format, payload.kwargs);
  if (!cursor.enter_map()) return fail(std::string(no_map));
  std::string room;
  for (;;) {
    const auto key = cursor.next_key(room);
    if (!key) return fail(std::string(no_map));
    if (!*key) break;
    std::string* out = nullptr;
    std::string_view name;
    for (const auto& [known, place]: wanted) {
      if (known != **key) continue;
      out = place;
      name = known;
    }
    if (out == nullptr) {
      if (!cursor.skip()) return fail(std::string(no_map));
      continue;
    }
    if (auto read = read_value(cursor, name, *out); !read) return read;
  }
  if (!cursor.finish()) return fail(std::string(no_map));
  return {};
}

}  // namespace

Result<HelloExtra, std::string> read_hello_extra(const Payload& authextra) {
  HelloExtra extra;
  const auto read = read_texts(authextra, {{"pubkey", &extra.pubkey},
                                           {"channel_binding", &extra.channel_binding},
                                           {"challenge", &extra.challenge},
                                           {"nonce", &extra.nonce}});
  if (!read) return fail(read.error());
  return extra;
}

Result<AuthenticateExtra, std::string> read_authenticate_extra(const Payload& payload) {
  AuthenticateExtra extra;
  const auto read = read_texts(payload, {{"nonce", &extra.nonce},
                                         {"channel_binding", &extra.channel_binding},
                                         {"cbind_data", &extra.cbind_data}});
  if (!read) return fail(read.error());
  return extra;
}

}  // namespace crosspoint::wamp::auth
