#include "net/listening_sockets.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "net/network_error.h"
#include "net/socket_address.h"
#include "net/socket_options.h"

namespace crosspoint::net {
namespace {

using Cause = NetworkError::Cause;
// What went wrong, as errno; translated into a sentence in one place.
using Opened = Result<Descriptor, int>;

void switch_on(int socket, int level, int option, bool on = true) {
  const int value = on ? 1 : 0;
  ::setsockopt(socket, level, option, &value, sizeof value);
}

Opened open_socket(int family) {
  Descriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return fail(static_cast<int>(errno));
  return socket;
}

enum class Sharing { alone, with_our_others };

Opened bind_and_listen(const SocketAddress& address, const StreamOptions& options, Sharing sharing) {
  auto socket = open_socket(address.family());
  if (!socket) return socket;
  // Connections of a listener that is gone, waiting out their time, do not keep the port.
  if (address.family() != AF_UNIX) switch_on(socket->get(), SOL_SOCKET, SO_REUSEADDR);
  if (address.family() == AF_INET6) switch_on(socket->get(), IPPROTO_IPV6, IPV6_V6ONLY, false);
  if (sharing == Sharing::with_our_others) switch_on(socket->get(), SOL_SOCKET, SO_REUSEPORT);
  set_stream_options(socket->get(), options);
  if (::bind(socket->get(), address.data(), address.size()) != 0) return fail(static_cast<int>(errno));
  if (::listen(socket->get(), SOMAXCONN) != 0) return fail(static_cast<int>(errno));
  return socket;
}

// TCP
// -------------------------------------------------------------------------------------------------------------

Result<std::vector<SocketAddress>, NetworkError> addresses_to_bind(const Endpoint& endpoint) {
  // Where IPv6 is switched off, IPv4 alone is "every address".
  if (endpoint.host.empty()) {
    return std::vector{SocketAddress::every_ipv6(endpoint.port), SocketAddress::every_ipv4(endpoint.port)};
  }
  auto found = resolve(endpoint.host, endpoint.port);
  if (!found) return fail(cannot_listen(endpoint, cause_of(found.error()), found.error().detail));
  const auto ipv4 = std::find_if(found->begin(), found->end(),
                                 [](const SocketAddress& address) { return address.family() == AF_INET; });
  return std::vector{ipv4 != found->end() ? *ipv4 : found->front()};
}

Opened bind_first(std::span<SocketAddress> candidates, const StreamOptions& options) {
  int error = EADDRNOTAVAIL;
  for (const auto& candidate: candidates) {
    auto socket = bind_and_listen(candidate, options, Sharing::alone);
    if (socket) return socket;
    error = socket.error();
    if (error != EAFNOSUPPORT && error != EADDRNOTAVAIL) break;
  }
  return fail(error);
}

NetworkError refusal(const Endpoint& endpoint, int error) {
  return cannot_listen(endpoint, cause_of(error), std::strerror(error));
}

// SO_REUSEPORT on all would let a second process of the same user in as well. So the first socket is bound
// without it: that fails when anybody has the port. Only then it opens itself to the others, which are ours.
Result<ListeningSockets, NetworkError> open_tcp(const Endpoint& endpoint, const StreamOptions& options,
                                                std::size_t count) {
  auto candidates = addresses_to_bind(endpoint);
  if (!candidates) return fail(std::move(candidates).error());
  auto first = bind_first(*candidates, options);
  if (!first) return fail(refusal(endpoint, first.error()));

  ListeningSockets opened{.sockets = {}, .endpoint = endpoint, .file = nullptr};
  const auto bound = SocketAddress::of_socket(first->get());
  opened.endpoint.port = bound.port();
  if (count > 1) switch_on(first->get(), SOL_SOCKET, SO_REUSEPORT);
  opened.sockets.push_back(std::move(*first));
  while (opened.sockets.size() < count) {
    auto next = bind_and_listen(bound, options, Sharing::with_our_others);
    if (!next) return fail(refusal(endpoint, next.error()));
    opened.sockets.push_back(std::move(*next));
  }
  return opened;
}

// Unix sockets
// ----------------------------------------------------------------------------------------------------

// Whose file is that? A socket on which nobody answers was left behind by a program that died.
enum class Occupant { nobody, somebody, not_a_socket };

Occupant occupant_of(const Endpoint& endpoint) {
  struct stat status{};
  if (::lstat(endpoint.path.c_str(), &status) != 0) return Occupant::nobody;
  if (!S_ISSOCK(status.st_mode)) return Occupant::not_a_socket;
  const auto socket = open_socket(AF_UNIX);
  if (!socket) return Occupant::somebody;
  const auto address = SocketAddress::unix_path(endpoint.path);
  const int connected = ::connect(socket->get(), address.data(), address.size());
  return connected != 0 && errno == ECONNREFUSED ? Occupant::nobody : Occupant::somebody;
}

Result<ListeningSockets, NetworkError> open_unix(const Endpoint& endpoint, const StreamOptions& options,
                                                 std::size_t count) {
  const auto address = SocketAddress::unix_path(endpoint.path);
  auto socket = bind_and_listen(address, options, Sharing::alone);
  if (!socket && socket.error() == EADDRINUSE) {
    switch (occupant_of(endpoint)) {
      case Occupant::somebody: return fail(refusal(endpoint, EADDRINUSE));
      case Occupant::not_a_socket:
        return fail(
            cannot_listen(endpoint, Cause::other,
                          "there is a file of that name which is not a socket; remove it, or choose another "
                          "path"));
      case Occupant::nobody: ::unlink(endpoint.path.c_str()); break;
    }
    socket = bind_and_listen(address, options, Sharing::alone);
  }
  if (!socket && (socket.error() == ENOENT || socket.error() == ENOTDIR)) {
    return fail(cannot_listen(endpoint, Cause::other,
                              "its directory does not exist; make it, or choose another path"));
  }
  if (!socket) return fail(refusal(endpoint, socket.error()));

  ListeningSockets opened{
      .sockets = {}, .endpoint = endpoint, .file = std::make_shared<SocketFile>(endpoint.path)};
  for (std::size_t i = 1; i < count; ++i) {
    Descriptor same(::fcntl(socket->get(), F_DUPFD_CLOEXEC, 0));
    if (!same) return fail(refusal(endpoint, errno));
    opened.sockets.push_back(std::move(same));
  }
  opened.sockets.push_back(std::move(*socket));
  return opened;
}

}  // namespace

SocketFile::SocketFile(std::string path) : path_(std::move(path)) {
  struct stat status{};
  if (::lstat(path_.c_str(), &status) != 0) return;
  device_ = status.st_dev;
  inode_ = status.st_ino;
}

SocketFile::~SocketFile() {
  struct stat status{};
  if (::lstat(path_.c_str(), &status) != 0) return;
  if (status.st_dev == device_ && status.st_ino == inode_) ::unlink(path_.c_str());
}

Result<ListeningSockets, NetworkError> open_listening_sockets(const Endpoint& endpoint,
                                                              const StreamOptions& options,
                                                              std::size_t count) {
  return endpoint.kind == Endpoint::Kind::unix_socket ? open_unix(endpoint, options, count)
                                                      : open_tcp(endpoint, options, count);
}

}  // namespace crosspoint::net
