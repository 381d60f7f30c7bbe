#pragma once
// Where a stream ends: as configured (Endpoint: a host name or a path, not yet resolved) and as the kernel
// knows it (Address: numbers).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crosspoint::net {

// What a user writes: "127.0.0.1:8080", "[::1]:8080", ":8080" (every address), "lab.example.org:443",
// "unix:/run/crosspoint.sock".
struct Endpoint {
  enum class Kind { tcp, unix_socket };
  Kind kind = Kind::tcp;
  std::string host;  // tcp: a name or a number without brackets; empty means every address of the machine
  std::uint16_t port = 0;  // tcp: 0 asks the kernel for a free one
  std::string path;        // unix_socket

  bool operator==(const Endpoint&) const = default;
};

// The error is a sentence that names what was wrong with the text.
Result<Endpoint, std::string> parse_endpoint(std::string_view text);
std::string to_string(const Endpoint& endpoint);
// Only this machine can connect to it: a Unix socket, "localhost", or a loopback number.
bool is_loopback(const Endpoint& endpoint);

// A peer's address as numbers; 20 bytes, so that a connection can afford to keep it.
struct Address {
  enum class Family : std::uint8_t { none, ipv4, ipv6, unix_socket };
  Family family = Family::none;
  std::uint16_t port = 0;
  std::array<std::uint8_t, 16> bytes{};  // ipv4 uses the first four

  bool operator==(const Address&) const = default;
};

std::string to_string(const Address& address);  // "127.0.0.1:5000", "[::1]:5000", "unix"
std::string host_of(const Address& address);    // "127.0.0.1", "::1", "unix"

}  // namespace crosspoint::net
