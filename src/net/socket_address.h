#pragma once
// An address as the kernel's calls take it, and its translation. Private to net/*.cpp.

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/address.h"

struct sockaddr;

namespace crosspoint::net {

// A sockaddr of any family.
class SocketAddress {
 public:
  const sockaddr* data() const { return reinterpret_cast<const sockaddr*>(bytes_.data()); }
  sockaddr* data() { return reinterpret_cast<sockaddr*>(bytes_.data()); }
  unsigned size() const { return size_; }
  void set_size(unsigned size) { size_ = size; }
  static constexpr unsigned capacity = 128;  // sizeof(sockaddr_storage)

  int family() const;
  Address address() const;  // IPv4 that came over an IPv6 socket becomes IPv4 again
  std::uint16_t port() const;
  void set_port(std::uint16_t port);

  static SocketAddress unix_path(const std::string& path);
  static SocketAddress every_ipv6(std::uint16_t port);
  static SocketAddress every_ipv4(std::uint16_t port);
  // The address of this end of a socket, or of the other.
  static SocketAddress of_socket(int descriptor);
  static SocketAddress of_peer(int descriptor);

 private:
  alignas(8) std::array<std::byte, capacity> bytes_{};
  unsigned size_ = 0;
};

// What resolving found: the addresses in the order in which to try them (RFC 6724).
struct ResolveError {
  std::string detail;  // what the resolver says when it could not tell; empty: there is no such name
  bool out_of_descriptors = false;  // it could not look, then; it says that there is no such name
};
using Resolved = Result<std::vector<SocketAddress>, ResolveError>;

// Asks the system's resolver and waits for its answer, possibly for many seconds, unless the host is a
// number.
Resolved resolve(const std::string& host, std::uint16_t port);
// Only if the host is a number: never waits.
bool is_numeric(const std::string& host);

}  // namespace crosspoint::net
