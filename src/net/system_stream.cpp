#include "net/system_stream.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/assert.h"
#include "net/kernel_tls.h"
#include "net/socket_options.h"
#include "net/system_loop_backend.h"
#include "net/uninterrupted.h"

namespace crosspoint::net {
namespace {

constexpr std::size_t pieces_at_once_max = 64;
// Full buffers that one stream may read before others have their turn.
constexpr int reads_per_turn_max = 2;

// One send for the usual single piece: a gathered write costs a little more.
ssize_t send_pieces(int socket, std::span<const Bytes> pieces) {
  if (pieces.size() == 1) {
    return uninterrupted([&] { return ::send(socket, pieces[0].data(), pieces[0].size(), MSG_NOSIGNAL); });
  }
  std::array<iovec, pieces_at_once_max> vector;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    vector[i] = {.iov_base = const_cast<std::byte*>(pieces[i].data()), .iov_len = pieces[i].size()};
  }
  msghdr message{};
  message.msg_iov = vector.data();
  message.msg_iovlen = pieces.size();
  return uninterrupted([&] { return ::sendmsg(socket, &message, MSG_NOSIGNAL); });
}

// To one who does not write, EPIPE means that the peer ended and then reset the connection.
StreamError failure_of(int error_number) {
  return error_number == EPIPE ? StreamError::reset : stream_error_of(error_number);
}

int waiting_error(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

}  // namespace

SystemStream::SystemStream(SystemLoop& loop, Descriptor socket, const Address& peer)
    : loop_(&loop), socket_(std::move(socket)), peer_(peer) {}

SystemStream::~SystemStream() { unwatch(); }

void SystemStream::unwatch() {
  if (!watched_) return;
  loop_->backend().poller.forget(socket_.get(), *this);
  watched_ = watching_writable_ = awaiting_writable_ = queued_ = false;
}

void SystemStream::start(StreamEvents& events) {
  CROSSPOINT_ASSERT(loop_ != nullptr);
  events_ = &events;
  if (watched_ || failed_) return;
  auto& poller = loop_->backend().poller;
  watched_ = true;
  if (poller.watch(socket_.get(), *this, Poller::Interest::reading)) return;
  // The kernel has no room for one more watch (/proc/sys/fs/epoll/max_user_watches): this connection would
  // never be heard of again, so it fails in the next turn.
  unwatchable_ = true;
  poller.again(*this);
}

// Reading
// ---------------------------------------------------------------------------------------------------------

void SystemStream::on_ready(Readiness ready) {
  queued_ = false;
  if (unwatchable_) return tell_failure(StreamError::other);
  if (ready.readable || ready.ended || ready.failed) readable_ = true;
  if (ready.ended || ready.failed) last_edge_ = true;
  if (ready.failed) error_waits_ = true;
  if (readable_ && reading()) read();
  if (error_waits_ && !reading()) tell_waiting_error();
  if (ready.writable) tell_writable(ready);
}

void SystemStream::read() {
  for (int i = 0; i < reads_per_turn_max; ++i) {
    if (!read_once() || !reading()) return;
  }
  read_in_next_turn();
}

// True when there may be more to read. The callback may have paused, detached or started another.
bool SystemStream::read_once() {
  const auto buffer = loop_->read_buffer();
  const auto got = uninterrupted([&] { return ::recv(socket_.get(), buffer.data(), buffer.size(), 0); });
  if (got > 0) {
    const auto bytes = static_cast<std::size_t>(got);
    readable_ = bytes == buffer.size() || last_edge_;
    const bool more = readable_;
    events_->on_bytes(buffer.first(bytes));
    return more;
  }
  readable_ = false;
  if (got == 0) {
    over_ = true;
    events_->on_end();
  } else if (errno != EAGAIN && errno != EWOULDBLOCK) {
    tell_failure(failure_of(errno));
  }
  return false;
}

void SystemStream::read_in_next_turn() {
  if (queued_ || !watched_) return;
  queued_ = true;
  loop_->backend().poller.again(*this);
}

void SystemStream::resume_reading() {
  paused_ = false;
  if (readable_ && reading()) read_in_next_turn();
}

// An error met while nobody reads: told to those who wait to write, and to those whose reading has ended. A
// paused reader finds it behind the bytes that came before.
void SystemStream::tell_waiting_error() {
  if (!watched_ || failed_ || !(awaiting_writable_ || over_)) return;
  const int error = waiting_error(socket_.get());
  error_waits_ = false;
  if (error != 0) tell_failure(failure_of(error));
}

void SystemStream::tell_failure(StreamError error) {
  failed_ = true;
  failure_ = error;
  unwatch();
  events_->on_failure(error);
}

// Writing
// ---------------------------------------------------------------------------------------------------------

Result<std::size_t, StreamError> SystemStream::write_some(std::span<const Bytes> pieces) {
  if (failed_) return fail(failure_);
  if (shut_down_) return fail(StreamError::closed);
  std::size_t taken = 0;
  while (!pieces.empty()) {
    const auto batch = pieces.first(std::min(pieces.size(), pieces_at_once_max));
    const auto wanted = total_bytes(batch);
    pieces = pieces.subspan(batch.size());
    if (wanted == 0) continue;
    const auto sent = send_pieces(socket_.get(), batch);
    if (sent < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) return taken;
      return give_up(stream_error_of(errno));
    }
    taken += static_cast<std::size_t>(sent);
    if (static_cast<std::size_t>(sent) < wanted) return taken;
  }
  return taken;
}

Result<std::size_t, StreamError> SystemStream::give_up(StreamError error) {
  failed_ = true;
  failure_ = error;
  unwatch();
  return fail(error);
}

// Registering again tells at once what is ready, so no edge can have been missed in between.
void SystemStream::await_writable() {
  if (!watched_) return;
  awaiting_writable_ = watching_writable_ = true;
  loop_->backend().poller.change(socket_.get(), *this, Poller::Interest::reading_and_writing);
}

void SystemStream::tell_writable(Readiness ready) {
  if (!watched_) return;
  if (awaiting_writable_) {
    awaiting_writable_ = false;
    events_->on_writable();
  } else if (watching_writable_ && !ready.failed) {
    // Nobody waits any more: spare us the edges of a queue that drains.
    watching_writable_ = false;
    loop_->backend().poller.change(socket_.get(), *this, Poller::Interest::reading);
  }
}

void SystemStream::shutdown_write() {
  shut_down_ = true;
  ::shutdown(socket_.get(), SHUT_WR);
}

bool SystemStream::encrypt_below(const TlsWriteKey& key) { return encrypt_in_kernel(socket_.get(), key); }

Result<std::size_t, StreamError> SystemStream::write_alert(Bytes alert) {
  constexpr unsigned char alert_record = 21;
  if (failed_) return fail(failure_);
  if (shut_down_) return fail(StreamError::closed);
  if (send_record(socket_.get(), alert_record, alert) >= 0) return alert.size();
  if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
  return give_up(stream_error_of(errno));
}

void SystemStream::reset_on_close() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

std::size_t SystemStream::unacknowledged_bytes() const {
  int bytes = 0;
  if (::ioctl(socket_.get(), SIOCOUTQ, &bytes) != 0) return 0;
  return static_cast<std::size_t>(std::max(0, bytes));
}

// Moving
// ----------------------------------------------------------------------------------------------------------

void SystemStream::detach() {
  unwatch();
  readable_ = false;  // the new watch will tell
  loop_ = nullptr;
  events_ = nullptr;
}

void SystemStream::attach(Loop& loop) {
  CROSSPOINT_ASSERT(loop_ == nullptr);
  loop_ = &static_cast<SystemLoop&>(loop);
}

}  // namespace crosspoint::net
