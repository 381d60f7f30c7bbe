#include "wamp/io/rawsocket_transport.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "wamp/io/transport_facts.h"

namespace crosspoint::wamp {

namespace {

using rawsocket::FrameType;
using rawsocket::Refusal;

std::optional<Refusal> refusal_of(const Result<rawsocket::Offer, Refusal>& offer) {
  if (!offer) return offer.error();
  if (offer->message_bytes_max < rawsocket::welcome_bytes) return Refusal::message_length_unacceptable;
  return std::nullopt;
}

}  // namespace

RawSocketTransport::RawSocketTransport(TransportHome& home, TransportOwner& owner,
                                       std::unique_ptr<net::Stream> stream, const RawSocketSettings& settings,
                                       TransportFacts facts)
    : Deadline(home.loop),
      home_(home),
      owner_(owner),
      settings_(settings),
      stream_(std::move(stream)),
      own_deadline_(home.loop.now() + settings.handshake_time_max),
      throttle_(settings.receive.any() ? std::make_unique<ReceiveThrottle>() : nullptr),
      reader_(std::min(home.settings.message_bytes_max, rawsocket::message_bytes_most)),
      facts_(std::move(facts)) {}

RawSocketTransport::~RawSocketTransport() = default;

void RawSocketTransport::start(ByteVector early) {
  watch_deadlines();
  stream_->pause_reading();  // handed over paused, or not: from here on we know
  stream_->start(*this);
  if (!early.empty()) on_bytes(early);
  apply_pause();
}

void RawSocketTransport::shut_down() {
  if (session_) {
    session_->shut_down(home_.now());
  } else {
    finish();
  }
  watch_deadlines();
}

void RawSocketTransport::abort() {
  stream_->reset_on_close();
  finish();
}

void RawSocketTransport::on_end() { finish(); }
void RawSocketTransport::on_failure(net::StreamError) { finish(); }

void RawSocketTransport::on_writable() {
  blocked_ = false;
  wake();
}

void RawSocketTransport::on_bytes(MutableBytes bytes) {
  charge(bytes.size(), 0);
  take(bytes);
}

void RawSocketTransport::charge(std::size_t bytes, std::size_t messages) {
  if (!throttle_) return;
  throttle_->charge(bytes, messages, settings_.receive, loop().now());
  throttled_ = throttle_->used_until() > loop().now();
  if (throttled_) apply_pause();
}

// Once it closes everything is read: unread bytes would reset the connection, and take our last words with
// it.
void RawSocketTransport::apply_pause() {
  if (phase_ == Phase::over) return;
  const bool wanted = (paused_ || throttled_) && (phase_ == Phase::handshake || phase_ == Phase::open);
  if (std::exchange(stream_paused_, wanted) == wanted) return;
  wanted ? stream_->pause_reading() : stream_->resume_reading();
}

void RawSocketTransport::take(Bytes bytes) {
  if (phase_ == Phase::handshake) take_handshake(bytes);
  if (phase_ == Phase::open) take_frames(bytes);
  watch_deadlines();
}

void RawSocketTransport::take_handshake(Bytes& bytes) {
  const auto taken = bytes.first(std::min(bytes.size(), handshake_.size() - handshake_bytes_));
  std::copy(taken.begin(), taken.end(), handshake_.begin() + handshake_bytes_);
  handshake_bytes_ = static_cast<std::uint8_t>(handshake_bytes_ + taken.size());
  bytes = bytes.subspan(taken.size());
  if (handshake_bytes_ == 0 || (handshake_[0] == rawsocket::magic && handshake_bytes_ < handshake_.size()))
    return;
  const auto offer = handshake_bytes_ < handshake_.size() ? std::nullopt : rawsocket::read_offer(handshake_);
  if (!offer) return finish();  // no RawSocket: there is no language to say so in
  if (const auto refusal = refusal_of(*offer)) {
    (void)stream_->write_some(Bytes(rawsocket::handshake(*refusal)));
    phase_ = Phase::closing;
    return wake();
  }
  const auto format = *rawsocket::find_format((*offer)->serializer);
  format_ = format == data::Format::ubjson ? settings_.ubjson_as : format;
  client_message_bytes_max_ = (*offer)->message_bytes_max;
  (void)stream_->write_some(
      Bytes(rawsocket::handshake(home_.settings.message_bytes_max, (*offer)->serializer)));
  phase_ = Phase::open;
  own_deadline_.reset();
  Wire& wire = *this;
  if (!facts_.tls) facts_.tls = tls_facts_of(*stream_);
  session_.emplace(home_.settings.session, home_.lobby, wire, std::move(facts_), home_.now());
}

void RawSocketTransport::take_frames(Bytes bytes) {
  while (phase_ == Phase::open) {
    const auto frame = reader_.next(bytes);
    if (!frame)
      return session_->on_garbage("a RawSocket frame is malformed, or longer than this router takes",
                                  home_.now());
    if (!*frame) return;
    take_frame(**frame);
  }
}

void RawSocketTransport::take_frame(const rawsocket::Frame& frame) {
  switch (frame.type) {
    case FrameType::message:
      charge(0, 1);
      home_.note_message();
      return session_->on_message(frame.payload, home_.now());
    case FrameType::ping:
      if (slow_ != Slow::no) return;
      if (!has_room_for(frame.payload.size())) return give_up();
      outbox_.push_private(rawsocket::frame_header(FrameType::pong, frame.payload.size()), frame.payload,
                           loop().now());
      return wake();
    case FrameType::pong: return;
  }
}

// One message may be longer than the bound, when nothing else waits.
bool RawSocketTransport::has_room_for(std::size_t bytes) {
  const auto most = home_.settings.waiting_bytes_max;
  const auto full = [&] { return !outbox_.empty() && outbox_.bytes() + bytes > most; };
  if (!full()) return true;
  drop_events(home_.settings.room_bytes(outbox_.bytes() + bytes - most), MonotonicTime::min());
  return !full();
}

void RawSocketTransport::drop_events(std::size_t bytes, MonotonicTime before) {
  home_.counters.events_dropped += outbox_.drop_oldest(bytes, before, loop().now()).frames;
}

void RawSocketTransport::give_up() {
  slow_ = Slow::found;
  wake();
}

void RawSocketTransport::send(Bytes message) {
  if (slow_ == Slow::found || phase_ != Phase::open) return;
  if (slow_ == Slow::no && !has_room_for(message.size())) return give_up();
  ++home_.counters.messages_out;
  outbox_.push_private(rawsocket::frame_header(FrameType::message, message.size()), message, loop().now());
  wake();
}

Span RawSocketTransport::frame_for_many(Bytes message) {
  const auto header = rawsocket::frame_header(FrameType::message, message.size());
  return home_.slabs[kind()].append({header, message});
}

void RawSocketTransport::send_frame(const Span& frame, fanout::Keep keep) {
  if (slow_ != Slow::no || phase_ != Phase::open) return;
  if (!has_room_for(frame.size())) {
    if (keep == fanout::Keep::always) return give_up();
    ++home_.counters.events_dropped;
    return;
  }
  ++home_.counters.events_out;
  outbox_.push(frame, loop().now(), keep);
  wake();
}

void RawSocketTransport::pause_reading() {
  paused_ = true;
  apply_pause();
}

void RawSocketTransport::resume_reading() {
  paused_ = false;
  apply_pause();
  wake();  // what waited may have been GOODBYE: the deadline is another
}

void RawSocketTransport::close(Farewell why) {
  if (phase_ != Phase::open) return;
  if (why == Farewell::protocol_violation) ++home_.counters.violations;
  phase_ = Phase::closing;
  apply_pause();
  wake();
}

void RawSocketTransport::on_turn_end() {
  if (slow_ == Slow::found && phase_ == Phase::open) end_too_slow();
  flush();
  watch_deadlines();
}

// What waits will not be read: it is thrown away, but for GOODBYE.
void RawSocketTransport::end_too_slow() {
  slow_ = Slow::told;
  ++home_.counters.closed_too_slow;
  outbox_.drop_unwritten();
  session_->on_too_slow(home_.now());
  own_deadline_ = loop().now() + settings_.close_time_max;
}

void RawSocketTransport::flush() {
  std::array<Bytes, 16> pieces;
  std::array<const SegmentRef*, 16> segments{};
  while (!blocked_ && phase_ != Phase::over && !outbox_.empty()) {
    const auto gathered = std::span(pieces).first(outbox_.gather(pieces, segments));
    const auto written = stream_->write_shared(gathered, std::span(segments).first(gathered.size()));
    if (!written) return finish();
    std::size_t wanted = 0;
    for (const Bytes piece: gathered) wanted += piece.size();
    if (*written > 0) outbox_.wrote(*written);
    if (*written == wanted) continue;
    blocked_ = true;
    if (!own_deadline_ || (*written > 0 && slow_ != Slow::told))
      own_deadline_ = loop().now() + settings_.write_time_max;
    stream_->await_writable();
  }
  if (!outbox_.empty() || phase_ == Phase::over) return;
  if (phase_ == Phase::open) own_deadline_.reset();
  if (phase_ != Phase::closing) return;
  phase_ = Phase::ending;
  stream_->shutdown_write();
  own_deadline_ = loop().now() + settings_.close_time_max;
}

void RawSocketTransport::finish() {
  if (phase_ == Phase::over) return;
  phase_ = Phase::over;
  stop();
  if (session_) session_->on_lost(home_.now());
  owner_.on_transport_over(*this);
}

void RawSocketTransport::on_due() {
  const auto now = loop().now();
  if (own_deadline_ && now >= *own_deadline_) {
    if (phase_ == Phase::open) {
      end_too_slow();
      return watch_deadlines();
    }
    stream_->reset_on_close();
    return finish();
  }
  if (throttled_ && now >= throttle_->used_until()) {
    throttled_ = false;
    apply_pause();
  }
  if (const auto behind = behind_at(); behind && now >= *behind) {
    drop_events(0, home_.settings.old_before(now));
    if (const auto still = behind_at(); still && now >= *still) end_too_slow();
  }
  if (session_) session_->on_time(home_.now());
  watch_deadlines();
}

// When the oldest of what waits has waited for too long.
std::optional<MonotonicTime> RawSocketTransport::behind_at() const {
  if (phase_ != Phase::open || !blocked_ || outbox_.empty()) return std::nullopt;
  return outbox_.oldest() + home_.settings.waiting_age_max;
}

void RawSocketTransport::watch_deadlines() {
  if (phase_ == Phase::over) return;
  auto next = own_deadline_;
  const auto readable = throttled_ ? std::optional(throttle_->used_until()) : std::nullopt;
  for (const auto other: {session_ ? session_->deadline() : std::nullopt, behind_at(), readable}) {
    if (other && (!next || *other < *next)) next = other;
  }
  if (!next) {
    stop();
  } else if (!running() || due() != *next) {
    start_at(*next);
  }
}

}  // namespace crosspoint::wamp
