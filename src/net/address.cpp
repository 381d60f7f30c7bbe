#include "net/address.h"

#include "base/ip_network.h"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace crosspoint::net {
namespace {

constexpr std::size_t unix_path_bytes_max = 107;  // sockaddr_un keeps 108, the last of them 0
constexpr std::size_t host_bytes_max = 253;       // RFC 1035 section 2.3.4, written out
constexpr std::size_t quoted_bytes_max = 300;     // an error line stays a line

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
}

bool is_ipv4(const std::string& host) {
  in_addr ignored{};
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1;
}

// With or without a zone: "fe80::1%eth0".
bool is_ipv6(const std::string& host) {
  in6_addr ignored{};
  const auto percent = host.find('%');
  if (percent != std::string::npos && percent + 1 == host.size()) return false;
  return ::inet_pton(AF_INET6, host.substr(0, percent).c_str(), &ignored) == 1;
}

Result<Endpoint, std::string> parse_unix(std::string_view path) {
  if (path.empty())
    return fail(std::string("\"unix:\" needs a path behind it, as in unix:/run/crosspoint.sock"));
  if (path.size() > unix_path_bytes_max) {
    return fail(
        fmt::format("the path of a Unix socket may have {} bytes, this one has {}: choose a shorter one",
                    unix_path_bytes_max, path.size()));
  }
  return Endpoint{.kind = Endpoint::Kind::unix_socket, .host = {}, .port = 0, .path = std::string(path)};
}

Result<std::uint16_t, std::string> parse_port(std::string_view digits, std::string_view whole) {
  if (digits.empty())
    return fail(fmt::format("\"{}\" lacks its port: a number is missing behind the colon", whole));
  std::uint32_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error == std::errc::invalid_argument || end != digits.data() + digits.size()) {
    return fail(
        fmt::format("\"{}\" in \"{}\" is not a port: a port is a number from 0 to 65535", digits, whole));
  }
  if (error != std::errc{} || port > 65535) {
    return fail(fmt::format("the port {} in \"{}\" is too large: the largest is 65535", digits, whole));
  }
  return static_cast<std::uint16_t>(port);
}

// What is wrong with a host that stands before ":port", without brackets.
std::optional<std::string> refuse_host(const std::string& host, std::string_view whole) {
  if (host.find(':') != std::string::npos) {
    return fmt::format(
        "\"{}\" holds more than one colon: an IPv6 address stands in brackets, as in [::1]:8080", whole);
  }
  if (host.size() > host_bytes_max) {
    return fmt::format("a host name may have {} characters, this one has {}", host_bytes_max, host.size());
  }
  const auto odd = std::find_if_not(host.begin(), host.end(), is_name_character);
  if (odd != host.end())
    return fmt::format("the host in \"{}\" holds \"{}\", which no host name does", whole, *odd);
  const bool numbers_only =
      std::all_of(host.begin(), host.end(), [](char c) { return is_digit(c) || c == '.'; });
  if (!host.empty() && numbers_only && !is_ipv4(host)) {
    return fmt::format("\"{}\" is not an IPv4 address: it needs four numbers from 0 to 255, as in 127.0.0.1",
                       host);
  }
  return std::nullopt;
}

Result<Endpoint, std::string> parse_bracketed(std::string_view text) {
  const auto close = text.find(']');
  if (close == std::string_view::npos)
    return fail(fmt::format("the bracket in \"{}\" is never closed", text));
  std::string host(text.substr(1, close - 1));
  if (!is_ipv6(host)) return fail(fmt::format("\"{}\" in brackets is not an IPv6 address", host));
  const auto rest = text.substr(close + 1);
  if (!rest.starts_with(':')) {
    return fail(fmt::format("the port is missing in \"{}\": write it behind the bracket, as in [{}]:8080",
                            text, host));
  }
  auto port = parse_port(rest.substr(1), text);
  if (!port) return fail(std::move(port).error());
  return Endpoint{.kind = Endpoint::Kind::tcp, .host = std::move(host), .port = *port, .path = {}};
}

Result<Endpoint, std::string> parse_host_and_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    if (std::all_of(text.begin(), text.end(), is_digit)) {
      return fail(fmt::format(
          "\"{0}\" is a number alone: write :{0} for every address of this machine, 127.0.0.1:{0} "
          "for this machine only",
          text));
    }
    return fail(fmt::format("the port is missing in \"{0}\": write {0}:8080, for example", text));
  }
  std::string host(text.substr(0, colon));
  if (auto refusal = refuse_host(host, text)) return fail(std::move(*refusal));
  auto port = parse_port(text.substr(colon + 1), text);
  if (!port) return fail(std::move(port).error());
  return Endpoint{.kind = Endpoint::Kind::tcp, .host = std::move(host), .port = *port, .path = {}};
}

}  // namespace

Result<Endpoint, std::string> parse_endpoint(std::string_view text) {
  if (text.empty()) return fail(std::string("an address is missing: write one like 127.0.0.1:8080"));
  if (std::any_of(text.begin(), text.end(), is_control)) {
    return fail(std::string("the address holds a control character, a line break perhaps"));
  }
  if (text.starts_with("unix:")) return parse_unix(text.substr(5));
  // Not quoted: what stands before an @ may be a password.
  if (text.find('@') != std::string_view::npos) {
    return fail(std::string("an address is HOST:PORT; user names and passwords do not belong in it"));
  }
  if (text.size() > quoted_bytes_max)
    return fail(fmt::format("an address of {} bytes is too long", text.size()));
  if (text.find("://") != std::string_view::npos || text.find('/') != std::string_view::npos) {
    return fail(
        fmt::format("\"{}\" is more than an address: write HOST:PORT, or unix:PATH for a Unix socket", text));
  }
  return text.starts_with('[') ? parse_bracketed(text) : parse_host_and_port(text);
}

std::string to_string(const Endpoint& endpoint) {
  if (endpoint.kind == Endpoint::Kind::unix_socket) return "unix:" + endpoint.path;
  if (endpoint.host.find(':') != std::string::npos)
    return fmt::format("[{}]:{}", endpoint.host, endpoint.port);
  return fmt::format("{}:{}", endpoint.host, endpoint.port);
}

bool is_loopback(const Endpoint& endpoint) {
  if (endpoint.kind == Endpoint::Kind::unix_socket || endpoint.host == "localhost") return true;
  static const IpNetworks loopback = *IpNetworks::parse({"loopback"});
  const auto number = parse_ip_number(endpoint.host);
  return number && loopback.contain(*number);
}

std::string host_of(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  switch (address.family) {
    case Address::Family::ipv4: ::inet_ntop(AF_INET, address.bytes.data(), text, sizeof text); break;
    case Address::Family::ipv6: ::inet_ntop(AF_INET6, address.bytes.data(), text, sizeof text); break;
    case Address::Family::unix_socket: return "unix";
    case Address::Family::none: return "unknown";
  }
  return text;
}

std::string to_string(const Address& address) {
  switch (address.family) {
    case Address::Family::ipv4: return fmt::format("{}:{}", host_of(address), address.port);
    case Address::Family::ipv6: return fmt::format("[{}]:{}", host_of(address), address.port);
    case Address::Family::unix_socket:
    case Address::Family::none: break;
  }
  return host_of(address);
}

}  // namespace crosspoint::net
