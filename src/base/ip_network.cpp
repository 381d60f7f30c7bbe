#include "base/ip_network.h"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace crosspoint {

std::optional<IpNumber> parse_ip_number(std::string_view text) {
  const std::string terminated(text.substr(0, 64));
  IpNumber number{};
  if (::inet_pton(AF_INET6, terminated.c_str(), number.data()) == 1) return number;
  std::array<std::uint8_t, 4> bytes{};
  if (::inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1) return ip_number_of_ipv4(bytes);
  return std::nullopt;
}

IpNumber ip_number_of_ipv4(std::span<const std::uint8_t, 4> bytes) {
  IpNumber number{};
  number[10] = number[11] = 0xff;
  std::copy(bytes.begin(), bytes.end(), number.begin() + 12);
  return number;
}

bool IpNetwork::contains(const IpNumber& number) const {
  int bits = prefix_bits;
  for (std::size_t i = 0; bits > 0; ++i, bits -= 8) {
    const unsigned mask = bits >= 8 ? 0xffu : 0xff00u >> bits & 0xffu;
    if (((number[i] ^ first[i]) & mask) != 0) return false;
  }
  return true;
}

std::optional<IpNetwork> parse_ip_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  const auto number = parse_ip_number(address);
  if (!number) return std::nullopt;
  if (slash == text.npos) return IpNetwork{*number, 128};

  const bool is_ipv4 = address.find(':') == address.npos;
  const auto digits = text.substr(slash + 1);
  int bits = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (bits < 0 || bits > (is_ipv4 ? 32 : 128)) return std::nullopt;
  return IpNetwork{*number, bits + (is_ipv4 ? 96 : 0)};
}

Result<IpNetworks, std::string> IpNetworks::parse(const std::vector<std::string>& texts) {
  IpNetworks networks;
  for (const auto& text: texts) {
    if (text == "loopback") {
      networks.networks_.push_back(*parse_ip_network("127.0.0.0/8"));
      networks.networks_.push_back(*parse_ip_network("::1"));
    } else if (const auto network = parse_ip_network(text)) {
      networks.networks_.push_back(*network);
    } else {
      return fail(
          fmt::format("\"{}\" is not a network: write 192.0.2.0/24, 2001:db8::/32, an address, or loopback",
                      text.substr(0, 100)));
    }
  }
  return networks;
}

bool IpNetworks::contain(const IpNumber& number) const {
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const IpNetwork& network) { return network.contains(number); });
}

}  // namespace crosspoint
