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
    case Farewell::too_slow: return {CloseCode::try_again_later, "more waits for this client than it reads"};
    case Farewell::shutdown: return {CloseCode::going_away, "the router is shutting down"};
  }
  return {CloseCode::normal, {}};
}

}  // namespace

std::optional<data::Format> find_subprotocol(std::string_view name, data::Format ubjson_as) {
  if (name == "wamp.2.json") return data::Format::json;
  if (name == "wamp.2.msgpack") return data::Format::msgpack;
  if (name == "wamp.2.cbor") return data::Format::cbor;
  if (name == "wamp.2.ubjson") return ubjson_as;
  return std::nullopt;
}

WebSocketTransport::WebSocketTransport(TransportHome& home, TransportOwner& owner,
                                       std::unique_ptr<net::Stream> stream,
                                       const websocket::SocketLimits& limits, Random& random,
                                       data::Format format, TransportFacts facts,
                                       const websocket::DeflateAgreement* deflate)
    : Deadline(home.loop),
      home_(home),
      owner_(owner),
      format_(format),
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
  home_.note_message();
  if (type != message_type()) {
    session_.on_garbage(
        data::is_text(format_) ? "JSON comes in text messages" : "this format comes in binary messages",
        home_.now());
  } else {
    session_.on_message(payload, home_.now());
  }
  watch_deadline();
}

void WebSocketTransport::on_closed(const websocket::CloseReason&,
                                   const std::optional<websocket::CloseReason>&) {
  session_.on_lost(home_.now());
  owner_.on_transport_over(*this);
}

// WebSocket itself has no bound; what we queue for one client has.
std::size_t WebSocketTransport::message_bytes_max() const { return home_.settings.waiting_bytes_max; }

void WebSocketTransport::send(Bytes message) {
  if (too_slow_) return;
  ++home_.counters.messages_out;
  socket_.send(message_type(), message);
  if (socket_.unwritten_bytes() <= home_.settings.waiting_bytes_max + message.size()) return;
  too_slow_ = true;
  loop().at_turn_end(*this);
}

fanout::Span WebSocketTransport::frame_for_many(Bytes message) {
  const auto opcode = static_cast<websocket::Opcode>(message_type());
  return home_.slabs[kind()].append(websocket::FrameHeader(opcode, message.size()), message);
}

void WebSocketTransport::send_frame(const fanout::Span& frame) {
  if (too_slow_ || !socket_.open()) return;
  if (socket_.unwritten_bytes() + frame.size() > home_.settings.waiting_bytes_max) {
    if (home_.settings.slow_subscriber == SlowSubscriber::drop) {
      ++home_.counters.events_dropped;
      return;
    }
    too_slow_ = true;
    loop().at_turn_end(*this);
    return;
  }
  ++home_.counters.events_out;
  socket_.outbox().push(frame, loop().now());
  socket_.wake();
}

void WebSocketTransport::resume_reading() {
  socket_.resume_reading();
  watch_deadline();  // what waited may have been GOODBYE
}

void WebSocketTransport::close(Farewell why) {
  if (why == Farewell::protocol_violation) ++home_.counters.violations;
  const auto [code, reason] = spoken(why);
  socket_.close(code, reason);
}

// What waits will not be read: it is thrown away, but for the reason.
void WebSocketTransport::on_turn_end() {
  ++home_.counters.closed_too_slow;
  socket_.outbox().drop_unwritten();
  session_.on_too_slow(home_.now());
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
