// A socket's life: start, deadlines, the close handshake, the end.
#include "websocket/io/socket.h"

#include <algorithm>

#include "base/assert.h"
#include "websocket/close.h"
#include "websocket/frame_encoder.h"
#include "websocket/io/socket_parts.h"

namespace crosspoint::websocket {
namespace {

Inflater::Context context(bool no_context_takeover) {
  return no_context_takeover ? Inflater::Context::forgotten : Inflater::Context::kept;
}

}  // namespace

Socket::Socket(net::Loop& loop, std::unique_ptr<net::Stream> stream, Role role, const SocketLimits& limits,
               Random& random, SocketEvents& events, const DeflateAgreement* deflate)
    : Deadline(loop),
      stream_(std::move(stream)),
      limits_(limits),
      random_(random),
      events_(events),
      outbox_(&frame_length),
      role_(role) {
  CROSSPOINT_ASSERT(stream_ != nullptr);
  if (limits_.receive_bytes_per_second_max > 0 || limits_.receive_messages_per_second_max > 0) {
    extras().throttle = std::make_unique<ReceiveThrottle>();
  }
  if (deflate == nullptr) return;
  const bool server = role == Role::server;
  const int own_bits = server ? deflate->server_max_window_bits : deflate->client_max_window_bits;
  const auto peer_context =
      context(server ? deflate->client_no_context_takeover : deflate->server_no_context_takeover);
  const auto own_context =
      context(server ? deflate->server_no_context_takeover : deflate->client_no_context_takeover);
  extras().compression.reset(new Compression{Inflater(peer_context), Deflater(own_bits, own_context)});
}

Socket::~Socket() = default;

Socket::Extras& Socket::extras() {
  if (!extras_) extras_ = std::make_unique<Extras>();
  return *extras_;
}

const SocketCounters& Socket::counters() const {
  static constexpr SocketCounters nothing_yet;
  return extras_ ? extras_->counters : nothing_yet;
}

void Socket::start(Bytes handshake, ByteVector early) {
  last_received_ = loop().now();
  ping_due_ = loop().now() + limits_.ping_every;
  if (!handshake.empty()) {
    append(urgent().bytes, handshake);
    arm();
  }
  if (!early.empty()) on_bytes(early);
  // Handed over paused, or not: from here on we know.
  stream_->pause_reading();
  stream_paused_ = true;
  stream_->start(*this);
  started_ = true;
  apply_pause();
  schedule();
}

void Socket::arm() {
  if (!over_) loop().at_turn_end(*this);
}

void Socket::wake() {
  if (!blocked_) arm();
}

void Socket::on_turn_end() {
  if (over_) return;
  flush();
  // A peer that has sent FIN gets what could be written at once.
  if (ended_) finish();
  if (finished_) conclude();
}

void Socket::close(CloseCode code, std::string_view reason) {
  CROSSPOINT_ASSERT(is_sendable(code) || code == CloseCode::no_status);
  if (open()) begin_closing(code, reason, false);
}

void Socket::begin_closing(CloseCode code, std::string_view reason, bool failing) {
  closing_.reset(new Closing{.own = {code, std::string(reason)},
                             .peer = std::nullopt,
                             .due = loop().now() + limits_.close_time_max,
                             .bytes_before = outbox_.bytes(),
                             .failing = failing});
  apply_pause();
  arm();
  schedule();
}

void Socket::fail_connection(CloseCode code, std::string_view reason) {
  if (finished_) return;
  if (!closing_) return begin_closing(code, reason, true);
  // We had begun to close already, and there is no second close frame.
  closing_->failing = true;
  end_conversation_if_over();
}

// Section 7.1.1: when both close frames have gone, the server closes TCP first; a client gives it the time
// to. The stream is kept until the peer's FIN, since closing with input unread would reset the connection and
// could take our last words with it.
void Socket::end_conversation_if_over() {
  if (!closing_ || !closing_->sent || !(closing_->peer || closing_->failing)) return;
  if (ended_) return finish();
  if (closing_->half_closed || (role_ == Role::client && !closing_->failing)) return;
  closing_->half_closed = true;
  stream_->shutdown_write();
}

void Socket::abort() {
  if (finished_) return;
  stream_->reset_on_close();
  finish();
}

void Socket::finish() {
  finished_ = true;
  arm();
}

void Socket::conclude() {
  over_ = true;
  Deadline::stop();
  stream_.reset();
  reception_.reset();
  urgent_.reset();
  outbox_.drop_unwritten();
  const CloseReason nothing_said{CloseCode::abnormal, {}};
  const auto own = closing_ ? std::optional(closing_->own) : std::nullopt;
  events_.on_closed(closing_ && closing_->peer ? *closing_->peer : nothing_said, own);
}

void Socket::on_end() {
  ended_ = true;
  arm();
}

void Socket::on_failure(net::StreamError) { finish(); }

void Socket::on_due() {
  if (finished_) return;
  const MonotonicTime now = loop().now();
  if (closing_) {
    if (now >= closing_->due) abort();
  } else if (waiting_ && now >= stalled_since_ + limits_.write_time_max) {
    find_slow(now, Slowness::stalled);
  } else if (behind(now)) {
    find_slow(now, Slowness::behind);
  } else if (!stream_paused_ && now >= last_received_ + limits_.dead_after) {
    abort();
  } else if (!stream_paused_ && reception_ && now >= reception_->began + limits_.message_time_max) {
    fail_connection(CloseCode::policy_violation, "message took too long");
  } else {
    if (paused_by_throttle_ && now >= extras_->throttle->used_until()) {
      paused_by_throttle_ = false;
      apply_pause();
    }
    if (limits_.ping_every > Duration::zero() && now >= ping_due_) {
      ping_due_ = now + limits_.ping_every;
      ping_wanted_ = true;
      wake();
    }
  }
  schedule();
}

bool Socket::behind(MonotonicTime now) const {
  return waiting_ && limits_.waiting_age_max > Duration::zero() && !outbox_.empty() &&
         now >= outbox_.oldest() + limits_.waiting_age_max;
}

void Socket::find_slow(MonotonicTime now, Slowness how) {
  events_.on_slow(how);
  if (open() && (how == Slowness::stalled || behind(now))) abort();
}

MonotonicTime Socket::next_deadline() const {
  if (closing_) return closing_->due;
  MonotonicTime next = MonotonicTime::max();
  if (limits_.ping_every > Duration::zero()) next = ping_due_;
  if (waiting_) next = std::min(next, stalled_since_ + limits_.write_time_max);
  if (waiting_ && limits_.waiting_age_max > Duration::zero() && !outbox_.empty())
    next = std::min(next, outbox_.oldest() + limits_.waiting_age_max);
  if (paused_by_throttle_) next = std::min(next, extras_->throttle->used_until());
  if (stream_paused_) return next;
  next = std::min(next, last_received_ + limits_.dead_after);
  if (reception_) next = std::min(next, reception_->began + limits_.message_time_max);
  return next;
}

// Deadlines mostly move away: then the timer stays where it is, fires early and looks again, so that no byte
// that comes costs a change of the timer queue.
void Socket::schedule() {
  if (finished_ || !started_) return;
  const MonotonicTime due = next_deadline();
  if (running() && Deadline::due() <= due) return;
  start_at(due);
}

net::Address Socket::peer_address() const { return stream_ ? stream_->peer_address() : net::Address{}; }

std::size_t Socket::unwritten_bytes() const {
  return outbox_.bytes() + (urgent_ ? urgent_->unwritten().size() : 0);
}

}  // namespace crosspoint::websocket
