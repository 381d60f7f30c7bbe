#include "net/socket_options.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "net/socket_address.h"

namespace crosspoint::net {
namespace {

using Cause = NetworkError::Cause;

// An option that a kernel does not know is left as it is: nothing here is needed to be right, only to be
// good.
void set(int descriptor, int level, int name, std::int64_t value) {
  const int number = static_cast<int>(std::clamp<std::int64_t>(value, 0, INT32_MAX));
  ::setsockopt(descriptor, level, name, &number, sizeof number);
}

// The kernel looks at its time-out only when a retransmission or a probe is due, and counts from the first
// retransmission, which after a difficult handshake comes as late as three seconds. So it gets a shorter
// time-out, and probes every second from a third of the time on: together they stay within dead_link_after.
void set_liveness(int descriptor, Duration dead_link_after) {
  using std::chrono::floor;
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  const Duration margin = std::min<Duration>(4s, dead_link_after / 3);
  set(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, floor<milliseconds>(dead_link_after - margin).count());
  set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(descriptor, IPPROTO_TCP, TCP_KEEPIDLE,
      std::max<std::int64_t>(1, floor<seconds>(dead_link_after / 3).count()));
  set(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, 1);
  set(descriptor, IPPROTO_TCP, TCP_KEEPCNT,
      std::clamp<std::int64_t>(floor<seconds>(dead_link_after).count(), 1, 127));
}

}  // namespace

void set_stream_options(int descriptor, const StreamOptions& options) {
  const auto unsent = static_cast<std::int64_t>(options.unsent_bytes_max);
  if (SocketAddress::of_socket(descriptor).family() == AF_UNIX) {
    set(descriptor, SOL_SOCKET, SO_SNDBUF, unsent / 2);  // the kernel doubles it, for its own bookkeeping
    return;
  }
  set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  set(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, unsent);
  set_liveness(descriptor, options.dead_link_after);
}

StreamError stream_error_of(int error_number) {
  switch (error_number) {
    case ECONNRESET:
    case ECONNABORTED: return StreamError::reset;
    case ETIMEDOUT:
    // What the last retransmissions met, when a dead link times out.
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
    case ENETDOWN: return StreamError::timed_out;
    case EPIPE: return StreamError::closed;
    default: return StreamError::other;
  }
}

NetworkError::Cause cause_of(const ResolveError& error) {
  return error.out_of_descriptors ? NetworkError::Cause::too_many_descriptors
                                  : NetworkError::Cause::unknown_host;
}

NetworkError::Cause cause_of(int error_number) {
  switch (error_number) {
    case EADDRINUSE: return Cause::address_in_use;
    case EACCES:
    case EPERM:
    case EROFS: return Cause::permission_denied;
    case EADDRNOTAVAIL: return Cause::address_not_available;
    case ECONNREFUSED:
    case ECONNRESET:
    case ENOENT: return Cause::refused;
    case ETIMEDOUT: return Cause::timed_out;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN: return Cause::unreachable;
    case EMFILE:
    case ENFILE: return Cause::too_many_descriptors;
    default: return Cause::other;
  }
}

}  // namespace crosspoint::net
