#include "net/system_connecting.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "net/network_error.h"
#include "net/socket_options.h"
#include "net/system_loop_backend.h"
#include "net/system_stream.h"

namespace crosspoint::net {
namespace {

// A connection to a free port of our own machine can come to meet itself (RFC 9293 section 3.5, simultaneous
// open): then nobody listens there.
bool met_itself(int socket) {
  const auto here = SocketAddress::of_socket(socket).address();
  const bool internet = here.family == Address::Family::ipv4 || here.family == Address::Family::ipv6;
  return internet && here == SocketAddress::of_peer(socket).address();
}

}  // namespace

SystemConnecting::SystemConnecting(SystemLoop& loop, Resolver& resolver, const Endpoint& endpoint,
                                   const StreamOptions& options, Duration limit, Network::Connected done)
    : loop_(loop),
      endpoint_(endpoint),
      options_(options),
      deadline_(loop.now() + limit),
      done_(std::move(done)),
      limit_(loop,
             [this] {
               last_error_ = ETIMEDOUT;
               end_attempt();
               attempt();
             }),
      self_(std::make_shared<SystemConnecting*>(this)) {
  begin_to_resolve(resolver);
}

SystemConnecting::~SystemConnecting() { end_attempt(); }

void SystemConnecting::begin_to_resolve(Resolver& resolver) {
  if (endpoint_.kind == Endpoint::Kind::unix_socket) {
    addresses_.push_back(SocketAddress::unix_path(endpoint_.path));
    return attempt();
  }
  const std::string host = endpoint_.host.empty() ? "127.0.0.1" : endpoint_.host;
  if (is_numeric(host)) return on_resolved(resolve(host, endpoint_.port));
  limit_.start_at(deadline_);
  question_ = resolver.ask(loop_, host, endpoint_.port,
                           [this](Resolved resolved) { on_resolved(std::move(resolved)); });
}

void SystemConnecting::on_resolved(Resolved resolved) {
  if (!resolved) return fail_with(cause_of(resolved.error()), resolved.error().detail);
  addresses_ = std::move(*resolved);
  attempt();
}

void SystemConnecting::attempt() {
  question_.reset();
  while (next_ < addresses_.size() && loop_.now() < deadline_) {
    const auto& address = addresses_[next_++];
    if (begin(address)) return;
    end_attempt();
  }
  fail_with(cause_of(last_error_ == 0 ? ETIMEDOUT : last_error_), std::strerror(last_error_));
}

// False: this address is no good, last_error_ says why.
bool SystemConnecting::begin(const SocketAddress& address) {
  socket_ = Descriptor(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_) {
    last_error_ = errno;
    return false;
  }
  set_stream_options(socket_.get(), options_);
  const int connected = ::connect(socket_.get(), address.data(), address.size());
  if (connected != 0 && errno != EINPROGRESS) {
    last_error_ = errno == EAGAIN ? ECONNREFUSED : errno;  // a Unix listener whose backlog is full
    return false;
  }
  if (!loop_.backend().poller.watch(socket_.get(), *this, Poller::Interest::writing)) {
    last_error_ = errno;
    return false;
  }
  // What is left is shared by the addresses that are left, so that a dead first one does not use it up.
  const auto left = static_cast<Duration::rep>(addresses_.size() - next_ + 1);
  limit_.start_after((deadline_ - loop_.now()) / left);
  return true;
}

void SystemConnecting::end_attempt() {
  limit_.stop();
  if (socket_) loop_.backend().poller.forget(socket_.get(), *this);
  socket_.close();
}

void SystemConnecting::on_ready(Readiness) {
  socklen_t size = sizeof last_error_;
  if (::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &last_error_, &size) != 0) last_error_ = errno;
  if (last_error_ == 0 && met_itself(socket_.get())) last_error_ = ECONNREFUSED;
  if (last_error_ == 0) return succeed();
  end_attempt();
  attempt();
}

void SystemConnecting::succeed() {
  limit_.stop();
  loop_.backend().poller.forget(socket_.get(), *this);
  const auto peer = addresses_[next_ - 1].address();
  finish_later(std::make_unique<SystemStream>(loop_, std::move(socket_), peer));
}

void SystemConnecting::fail_with(NetworkError::Cause cause, std::string_view detail) {
  limit_.stop();
  finish_later(fail(cannot_connect(endpoint_, cause, detail)));
}

// In a turn of its own: `done` may destroy this object, and with it the timer or the question whose callback
// this is.
void SystemConnecting::finish_later(Outcome outcome) {
  loop_.post([self = std::weak_ptr(self_), outcome = std::move(outcome)]() mutable {
    const auto connecting = self.lock();
    if (!connecting) return;
    auto done = std::move((*connecting)->done_);
    done(std::move(outcome));
  });
}

}  // namespace crosspoint::net
