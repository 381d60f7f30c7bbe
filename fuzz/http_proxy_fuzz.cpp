// A proxy's address and a NO_PROXY list, of any bytes, separated by a NUL: what is accepted is a host and a
// port that may stand in a CONNECT line, errors say nothing of what was written, and a list is judged without
// trouble.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/characters.h"
#include "http/proxy.h"

using namespace crosspoint::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto zero = std::min(text.find('\0'), text.size());
  const auto no_proxy = text.substr(std::min(zero + 1, text.size()));
  const auto proxy = parse_proxy(text.substr(0, zero));
  if (!proxy && proxy.error().empty()) std::abort();
  if (proxy) {
    if (proxy->port == 0 || !(is_host_name(proxy->host) || is_ipv6_literal(proxy->host))) std::abort();
    for (const char c: proxy->user_info)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) std::abort();
    const auto again = parse_proxy((proxy->secure ? "https://" : "http://") + printable(*proxy));
    if (!again || again->host != proxy->host || again->port != proxy->port) std::abort();
  }
  const ProxyRules rules(Proxy{.host = "proxy", .port = 1}, Proxy{.host = "proxy", .port = 1}, no_proxy);
  for (const auto* host: {"relay.example.org", "192.0.2.7", "2001:db8::7"})
    (void)rules.proxy_for({.scheme = "wss", .host = host, .port = 443, .target = "/"});
  if (rules.proxy_for({.scheme = "ws", .host = "127.0.0.1", .port = 80, .target = "/"})) std::abort();
  return 0;
}
