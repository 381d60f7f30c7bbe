#include "net/socket_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace crosspoint::net {
namespace {

static_assert(sizeof(sockaddr_storage) == SocketAddress::capacity);

template <class Native>
SocketAddress from_native(const Native& native) {
  SocketAddress address;
  std::memcpy(address.data(), &native, sizeof native);
  address.set_size(sizeof native);
  return address;
}

template <class Native>
Native to_native(const SocketAddress& address) {
  Native native{};
  std::memcpy(&native, address.data(), sizeof native);
  return native;
}

Address from_ipv6(const sockaddr_in6& native) {
  Address address{.family = Address::Family::ipv6, .port = ntohs(native.sin6_port), .bytes = {}};
  if (IN6_IS_ADDR_V4MAPPED(&native.sin6_addr)) {
    address.family = Address::Family::ipv4;
    std::memcpy(address.bytes.data(), &native.sin6_addr.s6_addr[12], 4);
  } else {
    std::memcpy(address.bytes.data(), native.sin6_addr.s6_addr, 16);
  }
  return address;
}

Resolved look_up(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* list = nullptr;
  errno = 0;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (error != 0) {
    if (errno == EMFILE || errno == ENFILE)
      return fail(ResolveError{.detail = {}, .out_of_descriptors = true});
    const bool no_such_name = error == EAI_NONAME || error == EAI_NODATA;
    return fail(ResolveError{.detail = no_such_name ? "" : ::gai_strerror(error)});
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(list, ::freeaddrinfo);
  std::vector<SocketAddress> addresses;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6) continue;
    SocketAddress address;
    std::memcpy(address.data(), entry->ai_addr, entry->ai_addrlen);
    address.set_size(entry->ai_addrlen);
    address.set_port(port);
    addresses.push_back(address);
  }
  if (addresses.empty()) return fail(ResolveError{});
  return addresses;
}

}  // namespace

int SocketAddress::family() const { return size_ < sizeof(sa_family_t) ? AF_UNSPEC : data()->sa_family; }

Address SocketAddress::address() const {
  switch (family()) {
    case AF_INET: {
      const auto native = to_native<sockaddr_in>(*this);
      Address address{.family = Address::Family::ipv4, .port = ntohs(native.sin_port), .bytes = {}};
      std::memcpy(address.bytes.data(), &native.sin_addr, 4);
      return address;
    }
    case AF_INET6: return from_ipv6(to_native<sockaddr_in6>(*this));
    case AF_UNIX: return {.family = Address::Family::unix_socket, .port = 0, .bytes = {}};
    default: return {};
  }
}

std::uint16_t SocketAddress::port() const { return address().port; }

void SocketAddress::set_port(std::uint16_t port) {
  if (family() == AF_INET) {
    auto native = to_native<sockaddr_in>(*this);
    native.sin_port = htons(port);
    *this = from_native(native);
  } else if (family() == AF_INET6) {
    auto native = to_native<sockaddr_in6>(*this);
    native.sin6_port = htons(port);
    *this = from_native(native);
  }
}

SocketAddress SocketAddress::unix_path(const std::string& path) {
  sockaddr_un native{};
  native.sun_family = AF_UNIX;
  // parse_endpoint() refuses longer paths; the last byte stays 0 in any case.
  std::memcpy(native.sun_path, path.data(), std::min(path.size(), sizeof native.sun_path - 1));
  return from_native(native);
}

SocketAddress SocketAddress::every_ipv6(std::uint16_t port) {
  sockaddr_in6 native{};
  native.sin6_family = AF_INET6;
  native.sin6_port = htons(port);
  return from_native(native);
}

SocketAddress SocketAddress::every_ipv4(std::uint16_t port) {
  sockaddr_in native{};
  native.sin_family = AF_INET;
  native.sin_port = htons(port);
  return from_native(native);
}

SocketAddress SocketAddress::of_socket(int descriptor) {
  SocketAddress address;
  socklen_t size = capacity;
  if (::getsockname(descriptor, address.data(), &size) == 0) address.set_size(size);
  return address;
}

SocketAddress SocketAddress::of_peer(int descriptor) {
  SocketAddress address;
  socklen_t size = capacity;
  if (::getpeername(descriptor, address.data(), &size) == 0) address.set_size(size);
  return address;
}

Resolved resolve(const std::string& host, std::uint16_t port) {
  if (is_numeric(host)) return look_up(host, port, AI_NUMERICHOST);
  return look_up(host, port, AI_ADDRCONFIG);
}

bool is_numeric(const std::string& host) {
  in_addr ipv4{};
  return host.find(':') != std::string::npos || ::inet_pton(AF_INET, host.c_str(), &ipv4) == 1;
}

}  // namespace crosspoint::net
