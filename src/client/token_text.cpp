#include "client/token_text.h"

#include <fmt/core.h>

#include <algorithm>

#include "http/message.h"
#include "http/url.h"

namespace crosspoint::client {
namespace {

bool names_a_secret(std::string_view spelt) {
  const auto name = http::decode_percent(spelt);
  return name && (http::equal_ignoring_case(*name, "token") || http::equal_ignoring_case(*name, "code"));
}

// Calls `seen` with each part of the address that ends before the next "&", and with how many bytes of the
// part come before a secret: all of them when there is none.
template <class Seen>
void for_each_part(std::string_view address, Seen seen) {
  const auto query = address.find('?');
  const auto path_bytes = query == std::string_view::npos ? address.size() : query + 1;
  seen(address.substr(0, path_bytes), path_bytes);
  address.remove_prefix(path_bytes);
  while (!address.empty()) {
    const auto end = address.find('&');
    const auto part = address.substr(0, end == std::string_view::npos ? end : end + 1);
    const auto pair = address.substr(0, end);
    const auto equals = pair.find('=');
    const bool secret = equals != std::string_view::npos && names_a_secret(pair.substr(0, equals));
    seen(part, secret ? equals + 1 : part.size());
    address.remove_prefix(part.size());
  }
}

}  // namespace

Result<void, std::string> check_token(std::string_view token) {
  if (token.empty()) return fail(std::string("is empty"));
  if (token.size() > token_bytes_max) return fail(fmt::format("is longer than {} bytes", token_bytes_max));
  if (!std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7f; }))
    return fail(std::string("holds a character that no token has: it must be one line of visible ASCII"));
  return {};
}

std::string mask_secrets(std::string_view address) {
  std::string shown;
  for_each_part(address, [&](std::string_view part, std::size_t plain) {
    shown += part.substr(0, plain);
    if (plain == part.size()) return;
    const bool more = part.back() == '&';
    if (part.size() - plain > (more ? 1 : 0)) shown += masked_secret;
    if (more) shown += '&';
  });
  return shown;
}

bool has_masked_secret(std::string_view address) {
  bool found = false;
  for_each_part(address, [&](std::string_view part, std::size_t plain) {
    auto secret = part.substr(plain);
    if (secret.ends_with('&')) secret.remove_suffix(1);
    found = found || http::decode_percent(secret) == masked_secret;
  });
  return found;
}

}  // namespace crosspoint::client
