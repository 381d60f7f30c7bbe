#pragma once
// Which proxy a connection goes through, by the customs that grew around the variables HTTP_PROXY,
// HTTPS_PROXY and NO_PROXY. Pure: the values are given, whoever reads them.
//
//   proxy      "http://proxy.example.org:3128", "https://…" (TLS to the proxy as well),
//   "proxy.example.org:3128"
//              (http), with "user:password@" before the host where the proxy asks who it is. Without a port:
//              80, 443. http_proxy is for ws and http, https_proxy for wss and https.
//   no_proxy   a list separated by commas or spaces, of hosts that are connected to directly:
//                example.org        it and all below it
//                .example.org       all below it ("*.example.org" is the same)
//                192.0.2.7, 2001:db8::7, 192.0.2.0/24, 2001:db8::/32
//                example.org:8080   on this port only; an IPv6 address then stands in brackets
//                *                  all
// "localhost" and loopback addresses are always connected to directly.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_network.h"
#include "base/result.h"
#include "http/url.h"

namespace crosspoint::http {

struct Proxy {
  bool secure = false;  // TLS to the proxy itself
  std::string host;     // without brackets
  std::uint16_t port = 0;
  std::string user_info;  // "user:password", decoded: for Proxy-Authorization, and never for a log

  bool operator==(const Proxy&) const = default;
};
std::string printable(const Proxy& proxy);  // "proxy.example.org:3128"

// The error is a sentence that repeats nothing of the text, which may hold a password.
Result<Proxy, std::string> parse_proxy(std::string_view text);

class ProxyRules {
 public:
  ProxyRules() = default;  // everything directly
  // Nothing, for either: directly.
  ProxyRules(std::optional<Proxy> http, std::optional<Proxy> https, std::string_view no_proxy);

  std::optional<Proxy> proxy_for(const Url& url) const;

 private:
  // An address as sixteen bytes, IPv4 as ::ffff:0:0/96 (RFC 4291 section 2.5.5.2).
  struct Exception {
    enum class Kind : std::uint8_t { name_and_below, below, network, everything };
    Kind kind = Kind::everything;
    std::string name;  // lower case, without the dot before or behind
    IpNetwork network;
    std::uint16_t port = 0;  // 0: any
  };
  static std::optional<Exception> parse_exception(std::string_view text);
  static bool is_loopback(std::string_view host, const std::optional<IpNumber>& number);
  static bool covers(const Exception& exception, std::string_view host, const std::optional<IpNumber>& number,
                     std::uint16_t port);

  std::optional<Proxy> http_;
  std::optional<Proxy> https_;
  std::vector<Exception> exceptions_;
};

}  // namespace crosspoint::http
