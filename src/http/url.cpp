#include "http/url.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "http/characters.h"

namespace crosspoint::http {
namespace {

enum class Plus { stays, is_space };

std::optional<std::string> percent_decode(std::string_view text, Plus plus) {
  if (text.find_first_of(plus == Plus::is_space ? "%+" : "%") == text.npos) return std::string(text);
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::is_space) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

// The code point at text[at], moving `at` behind it; nothing if the bytes there are not UTF-8 (RFC 3629: no
// overlong forms, no surrogates, nothing above U+10FFFF).
std::optional<char32_t> take_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at++);
  if (first < 0x80) return first;
  const int continuation_bytes = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4) return std::nullopt;
  char32_t code_point = first & (0x3fu >> continuation_bytes);
  for (int i = 0; i < continuation_bytes; ++i) {
    if (at == text.size() || (byte(at) & 0xc0u) != 0x80u) return std::nullopt;
    code_point = code_point << 6 | (byte(at++) & 0x3fu);
  }
  constexpr char32_t smallest[] = {0, 0x80, 0x800, 0x10000};
  if (code_point < smallest[continuation_bytes] || code_point > 0x10ffff) return std::nullopt;
  if (code_point >= 0xd800 && code_point <= 0xdfff) return std::nullopt;
  return code_point;
}

constexpr bool is_control(char32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
}

std::optional<TargetError> check_text(std::string_view path) {
  for (std::size_t at = 0; at < path.size();) {
    const auto code_point = take_code_point(path, at);
    if (!code_point) return TargetError::not_utf8;
    if (is_control(*code_point)) return TargetError::control_character;
  }
  return std::nullopt;
}

// `path` begins with "/".
std::string clean_path(std::string_view path) {
  std::vector<std::string_view> kept;
  for (std::string_view rest = path.substr(1);;) {
    const auto slash = rest.find('/');
    const auto segment = rest.substr(0, slash);
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  std::string cleaned;
  cleaned.reserve(path.size());
  for (const auto segment: kept) cleaned.append("/").append(segment);
  if (cleaned.empty() || path.back() == '/') cleaned += '/';
  return cleaned;
}

std::optional<std::uint16_t> default_port(std::string_view scheme) {
  if (scheme == "ws" || scheme == "http") return 80;
  if (scheme == "wss" || scheme == "https") return 443;
  return std::nullopt;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  unsigned port = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || stopped != end || text.size() > 5 || port == 0 || port > 65535)
    return std::nullopt;
  return static_cast<std::uint16_t>(port);
}

Result<Url, std::string> refuse(std::string_view sentence) { return fail(std::string(sentence)); }

std::optional<std::string_view> check_address_characters(std::string_view text) {
  for (const char c: text) {
    if (c == '#') return "the address must not have a fragment (\"#…\")";
    if (c == '\\') return "the address holds a backslash";  // a slash to browsers, part of the host to others
    if (!is_target_char(c)) return "the address holds a character that must be percent-encoded";
  }
  return std::nullopt;
}

// host[:port] or [v6][:port] into `url`.
std::optional<std::string_view> parse_authority(std::string_view authority, Url& url) {
  if (authority.find('@') != std::string_view::npos)
    return "the address must not hold a user name or password";
  auto host = authority.substr(0, authority.find(':'));
  auto behind = authority.substr(host.size());
  if (authority.starts_with('[')) {
    const auto bracket = authority.find(']');
    if (bracket == std::string_view::npos) return "the address has \"[\" without \"]\"";
    host = authority.substr(1, bracket - 1);
    behind = authority.substr(bracket + 1);
    if (!is_ipv6_literal(host)) return "what stands in brackets is not an IPv6 address";
    if (!behind.empty() && !behind.starts_with(':')) return "after \"]\" only \":port\" may follow";
  } else if (host.empty()) {
    return "the address has no host";
  } else if (!is_host_name(host)) {
    return "the host is not a name or a number";
  }
  if (behind.size() > 1) {  // "host:" alone means the default port (RFC 3986 section 3.2.3)
    const auto port = parse_port(behind.substr(1));
    if (!port) return "the port must be a number from 1 to 65535";
    url.port = *port;
  }
  url.host = host;
  return std::nullopt;
}

}  // namespace

Result<Target, TargetError> parse_target(std::string_view target) {
  if (!target.starts_with('/')) return fail(TargetError::not_a_path);
  for (const char c: target) {
    if (is_target_char(c)) continue;
    return fail(is_control(static_cast<unsigned char>(c)) && static_cast<unsigned char>(c) < 0x80
                    ? TargetError::control_character
                    : TargetError::bad_character);
  }
  const auto question = target.find('?');
  auto path = percent_decode(target.substr(0, question), Plus::stays);
  if (!path) return fail(TargetError::bad_percent);
  if (const auto error = check_text(*path)) return fail(*error);

  Target result;
  result.path = std::move(*path);
  if (question != std::string_view::npos) result.query = target.substr(question + 1);
  result.cleaned = clean_path(result.path);
  result.clean = result.cleaned == result.path;
  return result;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto ampersand = query.find('&');
    const auto pair = query.substr(0, ampersand);
    const auto equals = pair.find('=');
    if (percent_decode(pair.substr(0, equals), Plus::is_space) == name) {
      return equals == std::string_view::npos ? std::string()
                                              : percent_decode(pair.substr(equals + 1), Plus::is_space);
    }
    if (ampersand == std::string_view::npos) break;
    query.remove_prefix(ampersand + 1);
  }
  return std::nullopt;
}

std::optional<std::string> decode_percent(std::string_view text) { return percent_decode(text, Plus::stays); }

std::string encode_path(std::string_view path) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c: path) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_alpha(c) || is_digit(c) ||
        (byte != 0 && std::string_view("/-._~!$&'()*+,;=:@").find(c) != std::string_view::npos)) {
      encoded += c;
    } else {
      encoded.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
  }
  return encoded;
}

Result<Url, std::string> parse_url(std::string_view text) {
  if (const auto error = check_address_characters(text)) return refuse(*error);
  const auto colon = text.find("://");
  Url url;
  for (const char c: text.substr(0, std::min(colon, text.size()))) url.scheme += lower(c);
  const auto port = default_port(url.scheme);
  if (colon == std::string_view::npos || !port) {
    return refuse("the address must begin with ws://, wss://, http:// or https://");
  }
  url.port = *port;

  const auto rest = text.substr(colon + 3);
  const auto authority = rest.substr(0, rest.find_first_of("/?"));
  if (const auto error = parse_authority(authority, url)) return refuse(*error);
  const auto target = rest.substr(authority.size());
  url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
  return url;
}

std::string host_header(const Url& url) {
  std::string text = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  if (url.port != default_port(url.scheme)) text += ":" + std::to_string(url.port);
  return text;
}

std::string origin(const Url& url) { return url.scheme + "://" + host_header(url); }

}  // namespace crosspoint::http
