#pragma once
// Networks of IP addresses as people write them in settings: "192.0.2.0/24", "2001:db8::/32", "::1",
// "loopback". An IPv4 address and the same one mapped into IPv6 (RFC 4291 section 2.5.5.2) are one address
// here.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crosspoint {

using IpNumber = std::array<std::uint8_t, 16>;  // IPv4 as ::ffff:a.b.c.d

// "192.0.2.7" or "2001:db8::7", without brackets, port or zone.
std::optional<IpNumber> parse_ip_number(std::string_view text);
IpNumber ip_number_of_ipv4(std::span<const std::uint8_t, 4> bytes);

struct IpNetwork {
  IpNumber first{};
  int prefix_bits = 128;  // of the 128

  bool contains(const IpNumber& number) const;
};
// An address alone is a network of one.
std::optional<IpNetwork> parse_ip_network(std::string_view text);

class IpNetworks {
 public:
  IpNetworks() = default;
  // Each element a network, or "loopback". The error is a sentence about the element that is none.
  static Result<IpNetworks, std::string> parse(const std::vector<std::string>& texts);
  bool contain(const IpNumber& number) const;

 private:
  std::vector<IpNetwork> networks_;
};

}  // namespace crosspoint
