#include "wamp/io/websocket_transport.h"

#include <utility>

#include "websocket/frame_encoder.h"

namespace crosspoint::wamp {
namespace {

using websocket::CloseCode;
using websocket::MessageType;

struct WebSocketFarewell {
  CloseCode code;
  std::string_view reason;
};

WebSocketFarewell spoken(Farewell why) {
  switch (why) {
    case Farewell::done: return {CloseCode::normal, {}};
    case Farewell::refused: return {CloseCode::normal, "the session was refused: see ABORT"};
    case Farewell::protocol_violation: return {CloseCode::protocol_error, "see ABORT"};
    case Farewell::silent: return {CloseCode::policy_violation, "no HELLO came in time"};
    case Farewell::too_slow:
      return {CloseCode::try_again_later, "this client is too slow for what is sent to it"};
    case Farewell::shutdown: return {CloseCode::going_away, "the router is shutting down"};
  }
  return {CloseCode::normal, {}};
}

}  // namespace

WebSocketTransport::WebSocketTransport(TransportHome& home, TransportOwner& owner,
                                       std::unique_ptr<net::Stream> stream,
                                       const websocket::SocketLimits& limits, Random& random,
                                       const Subprotocol& subprotocol, batch::Separator separator,
                                       TransportFacts facts, const websocket::DeflateAgreement* deflate)
    : Deadline(home.loop),
      home_(home),
      owner_(owner),
      format_(subprotocol.format),
      batch_(subprotocol.batched ? std::make_unique<OutgoingBatch>(format_, separator) : nullptr),
      socket_(home.loop, std::move(stream), websocket::Role::server, limits, random, *this, deflate),
      session_(home.settings.session, home.lobby, *this, std::move(facts), home.now()) {
  watch_deadline();
}

WebSocketTransport::~WebSocketTransport() = default;

void WebSocketTransport::shut_down() {
  session_.shut_down(home_.now());
  watch_deadline();
}

MessageType WebSocketTransport::message_type() const {
  return data::is_text(format_) ? MessageType::text : MessageType::binary;
}

void WebSocketTransport::on_message(MessageType type, Bytes payload) {
  if (type != message_type()) {
    home_.note_message();
    session_.on_garbage(
        data::is_text(format_) ? "JSON comes in text messages" : "this format comes in binary messages",
        home_.now());
  } else if (batch_) {
    take_batch(payload);
  } else {
    home_.note_message();
    session_.on_message(payload, home_.now());
  }
  watch_deadline();
}

void WebSocketTransport::take_batch(Bytes batch) {
  batch::Reader reader(format_, batch, home_.settings.batch_messages_max);
  while (session_.state() != Session::State::over && slow_ == Slow::no) {
    const auto message = reader.next();
    if (!message) {
      home_.note_message();
      return session_.on_garbage(std::string(batch::sentence_of(message.error())), home_.now());
    }
    if (!*message) return;
    batch_->answer_with(reader.separator());
    home_.note_message();
    session_.on_message(**message, home_.now());
  }
}

void WebSocketTransport::on_closed(const websocket::CloseReason&,
                                   const std::optional<websocket::CloseReason>&) {
  session_.on_lost(home_.now());
  owner_.on_transport_over(*this);
}

// WebSocket itself has no bound; what we queue for one client has.
std::size_t WebSocketTransport::message_bytes_max() const { return home_.settings.waiting_bytes_max; }

void WebSocketTransport::send(Bytes message) {
  if (slow_ == Slow::found) return;
  if (slow_ == Slow::no && !has_room_for(0)) return give_up();  // one more may pass the bound
  ++home_.counters.messages_out;
  if (!batch_) return socket_.send(message_type(), message);
  if (batch_->bytes() + message.size() > home_.settings.batch_bytes_max) flush_batch();
  batch_->add(message);
  loop().at_turn_end(*this);
}

bool WebSocketTransport::has_room_for(std::size_t bytes) {
  const auto most = home_.settings.waiting_bytes_max;
  if (waiting_bytes() + bytes <= most) return true;
  drop_events(home_.settings.room_bytes(waiting_bytes() + bytes - most), MonotonicTime::min());
  return waiting_bytes() + bytes <= most;
}

// Those that wait as frames of their own: what is in a batch stays.
void WebSocketTransport::drop_events(std::size_t bytes, MonotonicTime before) {
  home_.counters.events_dropped += socket_.outbox().drop_oldest(bytes, before, loop().now()).frames;
}

void WebSocketTransport::give_up() {
  slow_ = Slow::found;
  loop().at_turn_end(*this);
}

Span WebSocketTransport::frame_for_many(Bytes message) {
  return message_frame(home_, subprotocol(), separator(), message);
}

void WebSocketTransport::send_frame(const Span& frame, fanout::Keep keep) {
  if (slow_ != Slow::no || !socket_.open()) return;
  if (!has_room_for(frame.size())) {
    if (keep == fanout::Keep::always) return give_up();
    ++home_.counters.events_dropped;
    return;
  }
  ++home_.counters.events_out;
  // Where something waits already, what may be thrown away is not copied into a batch with what may not.
  const bool alone = keep != fanout::Keep::always && socket_.unwritten_bytes() > 0;
  if (batch_ && !alone) {
    if (batch_->bytes() + frame.size() > home_.settings.batch_bytes_max) flush_batch();
    batch_->add(frame);
    return loop().at_turn_end(*this);
  }
  flush_batch();
  socket_.outbox().push(frame, loop().now(), keep);
  socket_.wake();
}

void WebSocketTransport::flush_batch() {
  if (!batch_ || batch_->empty()) return;
  const auto shared = batch_->take_shared();
  const auto content = batch_->take_bytes();
  if (!shared) return socket_.send(message_type(), content);
  if (!socket_.open()) return;
  socket_.outbox().push(*shared, loop().now());
  socket_.wake();
}

void WebSocketTransport::resume_reading() {
  socket_.resume_reading();
  watch_deadline();  // what waited may have been GOODBYE
}

void WebSocketTransport::close(Farewell why) {
  if (why == Farewell::protocol_violation) ++home_.counters.violations;
  const auto [code, reason] = spoken(why);
  flush_batch();
  socket_.close(code, reason);
}

void WebSocketTransport::on_turn_end() {
  if (slow_ == Slow::found) return end_too_slow();
  flush_batch();
}

void WebSocketTransport::on_slow(websocket::Slowness how) {
  if (how == websocket::Slowness::behind) {
    const auto now = loop().now();
    drop_events(0, home_.settings.old_before(now));
    const auto& outbox = socket_.outbox();
    if (outbox.empty() || now < outbox.oldest() + home_.settings.waiting_age_max) return;
  }
  end_too_slow();
}

// What waits will not be read: it is thrown away, but for the reason. That needs no earlier message to be
// understood, compressed or not, since it is too short to be.
void WebSocketTransport::end_too_slow() {
  slow_ = Slow::told;
  if (batch_) batch_->clear();
  ++home_.counters.closed_too_slow;
  socket_.outbox().drop_unwritten();
  session_.on_too_slow(home_.now());
  watch_deadline();
}

void WebSocketTransport::on_due() {
  session_.on_time(home_.now());
  watch_deadline();
}

void WebSocketTransport::watch_deadline() {
  const auto deadline = session_.deadline();
  if (!deadline) {
    stop();
  } else if (!running() || due() != *deadline) {
    start_at(*deadline);
  }
}

}  // namespace crosspoint::wamp
