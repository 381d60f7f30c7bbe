#include "http/proxy.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "http/characters.h"

namespace crosspoint::http {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c: out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::optional<unsigned> parse_digits(std::string_view text, unsigned most) {
  unsigned value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stopped != end || value > most) return std::nullopt;
  return value;
}

// Percent signs that encode nothing stay: passwords were written into these variables by hand.
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string_view without_final_dot(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

bool is_below(std::string_view host, std::string_view name) {
  return host.size() > name.size() && host.ends_with(name) && host[host.size() - name.size() - 1] == '.';
}

}  // namespace

std::string printable(const Proxy& proxy) {
  const bool is_ipv6 = proxy.host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + proxy.host + "]" : proxy.host) + ":" + std::to_string(proxy.port);
}

Result<Proxy, std::string> parse_proxy(std::string_view text) {
  std::string scheme = "http";
  if (const auto colon = text.find("://"); colon != std::string_view::npos) {
    scheme = lower(text.substr(0, colon));
    text.remove_prefix(colon + 3);
  }
  if (scheme != "http" && scheme != "https")
    return fail(
        std::string("a proxy's address begins with http:// or https://; other kinds are not supported"));
  text = text.substr(0, text.find('/'));
  Proxy proxy;
  // The last "@": a password may hold one.
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    proxy.user_info = percent_decoded(text.substr(0, at));
    if (text.substr(0, at).find(':') == std::string_view::npos) proxy.user_info += ':';  // RFC 7617 section 2
    text.remove_prefix(at + 1);
  }
  if (has_control_character(proxy.user_info))
    return fail(std::string("the proxy's user name or password holds a control character"));
  auto url = parse_url(scheme + "://" + std::string(text));
  if (!url) return fail(std::move(url.error()));
  proxy.secure = url->secure();
  proxy.host = std::move(url->host);
  proxy.port = url->port;
  return proxy;
}

ProxyRules::ProxyRules(std::optional<Proxy> http, std::optional<Proxy> https, std::string_view no_proxy)
    : http_(std::move(http)), https_(std::move(https)) {
  while (!no_proxy.empty()) {
    const auto end = std::min(no_proxy.find_first_of(", \t"), no_proxy.size());
    if (auto exception = parse_exception(no_proxy.substr(0, end)))
      exceptions_.push_back(std::move(*exception));
    no_proxy.remove_prefix(std::min(end + 1, no_proxy.size()));
  }
}

std::optional<Proxy> ProxyRules::proxy_for(const Url& url) const {
  const auto& proxy = url.secure() ? https_ : http_;
  if (!proxy) return std::nullopt;
  const auto host = lower(without_final_dot(url.host));
  const auto number = parse_ip_number(host);
  if (is_loopback(host, number)) return std::nullopt;
  const bool excepted = std::ranges::any_of(
      exceptions_, [&](const Exception& exception) { return covers(exception, host, number, url.port); });
  return excepted ? std::nullopt : proxy;
}

// What cannot be read covers nothing, as everywhere else.
std::optional<ProxyRules::Exception> ProxyRules::parse_exception(std::string_view text) {
  Exception exception;
  if (text.empty()) return std::nullopt;
  if (text == "*") return exception;

  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    const auto network = parse_ip_network(text);
    if (!network) return std::nullopt;
    exception.kind = Exception::Kind::network;
    exception.network = *network;
    return exception;
  }

  // Two colons and no bracket: an IPv6 address, which has no port.
  const auto colon = text.rfind(':');
  const bool has_port = colon != std::string_view::npos &&
                        (text.find(':') == colon || (text.starts_with('[') && text[colon - 1] == ']'));
  if (has_port) {
    const auto port = parse_digits(text.substr(colon + 1), 65535);
    if (!port || *port == 0) return std::nullopt;
    exception.port = static_cast<std::uint16_t>(*port);
    text = text.substr(0, colon);
  }
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  if (const auto network = parse_ip_network(text)) {
    exception.kind = Exception::Kind::network;
    exception.network = *network;
    return exception;
  }
  exception.kind = Exception::Kind::name_and_below;
  if (text.starts_with('*')) text.remove_prefix(1);
  if (text.starts_with('.')) {
    exception.kind = Exception::Kind::below;
    text.remove_prefix(1);
  }
  exception.name = lower(without_final_dot(text));
  if (exception.name.empty()) return std::nullopt;
  return exception;
}

bool ProxyRules::is_loopback(std::string_view host, const std::optional<IpNumber>& number) {
  if (!number) return host == "localhost" || is_below(host, "localhost");
  return parse_ip_network("127.0.0.0/8")->contains(*number) || *number == *parse_ip_number("::1");
}

bool ProxyRules::covers(const Exception& exception, std::string_view host,
                        const std::optional<IpNumber>& number, std::uint16_t port) {
  if (exception.port != 0 && exception.port != port) return false;
  switch (exception.kind) {
    case Exception::Kind::everything: return true;
    case Exception::Kind::network: return number && exception.network.contains(*number);
    case Exception::Kind::below: return is_below(host, exception.name);
    case Exception::Kind::name_and_below: return host == exception.name || is_below(host, exception.name);
  }
  return false;
}

}  // namespace crosspoint::http
