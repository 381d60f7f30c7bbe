#include "net/system_listener.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/counted.h"
#include "net/socket_address.h"
#include "net/system_loop_backend.h"
#include "net/system_stream.h"

namespace crosspoint::net {
namespace {

constexpr int accepted_per_turn_max = 64;
constexpr int turned_away_per_step_max = 64;
constexpr Duration step = 250ms;

Descriptor open_reserve() { return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

// Errors of the connection that was about to be accepted, not of the listener (accept(2)).
bool is_of_one_connection(int error_number) {
  switch (error_number) {
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case ENOPROTOOPT:
    case ENETDOWN:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EOPNOTSUPP:
    case ETIMEDOUT:
    case EPERM: return true;  // EPERM: a firewall rule
    default: return false;
  }
}

}  // namespace

SystemListener::SystemListener(SystemLoop& loop, Acceptor& acceptor, Descriptor socket,
                               const Endpoint& endpoint, std::shared_ptr<SocketFile> file)
    : loop_(loop),
      acceptor_(acceptor),
      socket_(std::move(socket)),
      reserve_(open_reserve()),
      endpoint_(endpoint),
      file_(std::move(file)),
      pause_(loop, [this] { listen_again(); }) {
  listen_again();
}

SystemListener::~SystemListener() {
  if (gone_ != nullptr) *gone_ = true;
  loop_.backend().poller.forget(socket_.get(), *this);
}

void SystemListener::listen_again() {
  if (!reserve_) reserve_ = open_reserve();
  const bool shared = endpoint_.kind == Endpoint::Kind::unix_socket;
  const auto interest = shared ? Poller::Interest::accepting_shared : Poller::Interest::accepting;
  if (!loop_.backend().poller.watch(socket_.get(), *this, interest)) pause_.start_after(step);
}

// Whoever is given a connection may find that it was the last one wanted, and destroy the listener.
void SystemListener::on_ready(Readiness) {
  bool gone = false;
  gone_ = &gone;
  accept_some(gone);
  if (!gone) gone_ = nullptr;
}

void SystemListener::accept_some(const bool& gone) {
  for (int i = 0; i < accepted_per_turn_max && !gone; ++i) {
    switch (accept_one()) {
      case Accepted::one:
      case Accepted::again: break;
      case Accepted::none: return;
      case Accepted::out_of_descriptors: return on_out_of_descriptors(errno);
    }
  }
}

SystemListener::Accepted SystemListener::accept_one() {
  SocketAddress from;
  socklen_t size = SocketAddress::capacity;
  Descriptor socket(::accept4(socket_.get(), from.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) return Accepted::none;
    return is_of_one_connection(errno) ? Accepted::again : Accepted::out_of_descriptors;
  }
  from.set_size(size);
  const Address peer = from.address();
  acceptor_.on_accept(std::make_unique<SystemStream>(loop_, std::move(socket), peer), peer);
  return Accepted::one;
}

void SystemListener::on_out_of_descriptors(int error_number) {
  ++times_out_of_descriptors_;
  turn_some_away();
  loop_.backend().poller.forget(socket_.get(), *this);
  pause_.start_after(step);
  if (const auto skipped = log_limit_.admit(loop_.now())) {
    log::warning("net",
                 "{}: cannot accept: {}; trying again every {} ms, {} closed unheard so far; "
                 "raise the limit "
                 "on open files (ulimit -n) or lower the number of connections allowed{}",
                 to_string(endpoint_), std::strerror(error_number), step / 1ms,
                 counted(turned_away_, "connection"), and_more(*skipped));
  }
}

void SystemListener::turn_some_away() {
  for (int i = 0; i < turned_away_per_step_max && reserve_; ++i) {
    reserve_.close();
    Descriptor unheard(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const bool somebody = static_cast<bool>(unheard);
    unheard.close();
    reserve_ = open_reserve();
    if (!somebody) return;
    ++turned_away_;
  }
}

}  // namespace crosspoint::net
