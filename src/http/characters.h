#pragma once
// Which bytes may stand where in HTTP/1.1 (RFC 9110 section 5.6.2, RFC 9112, RFC 3986). Locale does not come
// into it.

#include <array>
#include <string_view>

namespace crosspoint::http {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// 0 to 15, or -1.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// tchar: what methods, field names and list elements are made of.
inline constexpr auto token_chars = [] {
  std::array<bool, 256> are{};
  for (int c = 0; c < 128; ++c)
    are[static_cast<std::size_t>(c)] = is_digit(static_cast<char>(c)) || is_alpha(static_cast<char>(c));
  for (const char c: std::string_view("!#$%&'*+-.^_`|~")) are[static_cast<unsigned char>(c)] = true;
  return are;
}();
constexpr bool is_token_char(char c) { return token_chars[static_cast<unsigned char>(c)]; }

constexpr bool is_token(std::string_view text) {
  for (const char c: text) {
    if (!is_token_char(c)) return false;
  }
  return !text.empty();
}

// Tab, space, visible ASCII, and the bytes above ASCII that old senders use (obs-text).
constexpr bool is_field_value_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

constexpr bool is_field_value(std::string_view text) {
  for (const char c: text) {
    if (!is_field_value_char(c)) return false;
  }
  return true;
}

// Visible ASCII but the four that no browser sends unescaped. Stricter than most servers about bytes above
// ASCII, more lenient than RFC 3986 about "|", "{", "[", "^", "`" and "\", which browsers do leave alone in
// queries.
constexpr bool is_target_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7f && c != '"' && c != '#' && c != '<' && c != '>';
}

constexpr bool is_target(std::string_view text) {
  for (const char c: text) {
    if (!is_target_char(c)) return false;
  }
  return !text.empty();
}

// A name or an IPv4 number; underscores, because container networks have them.
constexpr bool is_host_name(std::string_view host) {
  for (const char c: host) {
    if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '.' && c != '_') return false;
  }
  return !host.empty() && host.size() <= 253;
}

// What may stand between brackets; whether it is an address is for the resolver to say.
constexpr bool is_ipv6_literal(std::string_view host) {
  for (const char c: host) {
    if (hex_value(c) < 0 && c != ':' && c != '.') return false;
  }
  return host.find(':') != std::string_view::npos && host.size() <= 45;
}

constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace crosspoint::http
