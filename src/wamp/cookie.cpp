#include "wamp/cookie.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/base64.h"

namespace crosspoint::wamp {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

bool could_be_ours(std::string_view value) {
  return value.size() <= cookie_bytes_max && std::ranges::all_of(value, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                  c == '_';
         });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string_view find_cookie(std::string_view field) {
  while (!field.empty()) {
    const auto end = std::min(field.find(';'), field.size());
    const auto pair = trimmed(field.substr(0, end));
    field.remove_prefix(std::min(end + 1, field.size()));
    const auto equals = pair.find('=');
    if (equals == pair.npos || pair.substr(0, equals) != cookie_name) continue;
    const auto value = pair.substr(equals + 1);
    return could_be_ours(value) ? value : std::string_view();
  }
  return {};
}

std::string make_cookie(Random& random) {
  std::array<std::byte, 18> bytes;
  random.fill(bytes);
  return encode_base64(Base64::url, bytes);
}

std::string set_cookie(std::string_view cookie, Duration age_max, bool secure) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(age_max).count();
  return fmt::format("{}={}; Max-Age={}; Path=/; HttpOnly; SameSite=Strict{}", cookie_name, cookie, seconds,
                     secure ? "; Secure" : "");
}

bool is_same_host(std::string_view origin, std::string_view host) {
  const auto scheme = origin.find("://");
  if (scheme == origin.npos || host.empty()) return false;
  return std::ranges::equal(origin.substr(scheme + 3), host, {}, lower, lower);
}

}  // namespace crosspoint::wamp
