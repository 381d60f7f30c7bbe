#include "wamp/client/io/rawsocket_transport.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace crosspoint::wamp::client {
namespace {

using rawsocket::FrameType;

std::string_view words(rawsocket::Refusal refusal) {
  switch (refusal) {
    case rawsocket::Refusal::serializer_unsupported: return "it does not speak this serializer";
    case rawsocket::Refusal::message_length_unacceptable: return "it does not accept the length of messages";
    case rawsocket::Refusal::reserved_bits: return "it did not understand the handshake";
    case rawsocket::Refusal::too_many_connections: return "it has too many connections";
  }
  return "it did not say why";
}

}  // namespace

RawSocketTransport::RawSocketTransport(net::Loop& loop, net::Network& network,
                                       const TransportSettings& settings, TransportEvents& events)
    : Deadline(loop),
      settings_(settings),
      events_(events),
      offer_(rawsocket::handshake(settings.message_bytes_max, rawsocket::serializer_of(settings.format))),
      reader_(std::min(settings.message_bytes_max, rawsocket::message_bytes_most)) {
  start_after(settings.connect_time_max);
  connecting_ = network.connect(loop, std::get<RawPlace>(settings.place).endpoint, settings.stream,
                                settings.connect_time_max,
                                [this](Result<std::unique_ptr<net::Stream>, net::NetworkError> result) {
                                  on_connected(std::move(result));
                                });
}

RawSocketTransport::~RawSocketTransport() = default;

void RawSocketTransport::on_connected(Result<std::unique_ptr<net::Stream>, net::NetworkError> result) {
  connecting_.reset();
  if (!result) return finish(std::move(result.error().sentence));
  stream_ = std::move(*result);
  if (const auto& place = std::get<RawPlace>(settings_.place); place.secure) {
    auto tls = settings_.tls->connect(loop(), std::move(stream_), place.host);
    tls_ = tls.get();
    stream_ = std::move(tls);
  }
  phase_ = Phase::handshake;
  stream_->start(*this);
  loop().at_turn_end(*this);
}

void RawSocketTransport::on_bytes(MutableBytes bytes) {
  Bytes left = bytes;
  if (phase_ == Phase::handshake) take_handshake(left);
  if (phase_ == Phase::open || phase_ == Phase::closing) take_frames(left);
}

void RawSocketTransport::take_handshake(Bytes& bytes) {
  const auto taken = bytes.first(std::min(bytes.size(), answer_.size() - answer_read_));
  std::copy(taken.begin(), taken.end(), answer_.begin() + static_cast<std::ptrdiff_t>(answer_read_));
  answer_read_ += taken.size();
  bytes = bytes.subspan(taken.size());
  if (answer_[0] != rawsocket::magic) return finish("what answered is no WAMP RawSocket");
  if (answer_read_ < answer_.size()) return;
  const auto answer = rawsocket::read_answer(answer_);
  if (!answer) return finish("what answered is no WAMP RawSocket");
  if (!*answer) return finish(fmt::format("the router refused the RawSocket: {}", words(answer->error())));
  if ((*answer)->serializer != rawsocket::serializer_of(settings_.format))
    return finish("the router chose a serializer that was not offered");
  router_message_bytes_max_ = (*answer)->message_bytes_max;
  bindings_ = bindings_of(*stream_);
  phase_ = Phase::open;
  stop();
  events_.on_open();
}

void RawSocketTransport::take_frames(Bytes bytes) {
  while (phase_ == Phase::open || phase_ == Phase::closing) {
    const auto frame = reader_.next(bytes);
    if (!frame) return finish("the router sent a RawSocket frame that is malformed, or too long");
    if (!*frame) return;
    const auto [type, payload] = **frame;
    if (type == FrameType::ping && outbox_.bytes() + payload.size() <= settings_.message_bytes_max)
      queue(FrameType::pong, payload);
    if (type == FrameType::message) events_.on_message(payload);
  }
}

void RawSocketTransport::on_end() { finish("the router closed the connection"); }

void RawSocketTransport::on_failure(net::StreamError error) {
  const auto trouble = tls_ == nullptr ? std::string() : tls_->trouble();
  finish(trouble.empty() ? fmt::format("the connection broke: {}", net::to_string(error)) : trouble);
}

void RawSocketTransport::on_writable() {
  blocked_ = false;
  loop().at_turn_end(*this);
}

void RawSocketTransport::send(Bytes message) {
  if (phase_ == Phase::open) queue(FrameType::message, message);
}

void RawSocketTransport::queue(FrameType type, Bytes payload) {
  outbox_.push_private(rawsocket::frame_header(type, payload.size()), payload, loop().now());
  loop().at_turn_end(*this);
}

void RawSocketTransport::close() {
  if (phase_ != Phase::open) return;
  phase_ = Phase::closing;
  loop().at_turn_end(*this);
}

// True: it is out.
bool RawSocketTransport::flush_handshake() {
  if (offer_written_ == offer_.size()) return true;
  const auto written = stream_->write_some(Bytes(offer_).subspan(offer_written_));
  if (!written) {
    finish("the connection broke");
    return false;
  }
  offer_written_ += *written;
  if (offer_written_ == offer_.size()) return true;
  blocked_ = true;
  stream_->await_writable();
  return false;
}

void RawSocketTransport::flush() {
  if (phase_ == Phase::connecting || phase_ == Phase::over || blocked_ || !flush_handshake()) return;
  std::array<Bytes, 16> pieces;
  bool got_on = false;
  while (!blocked_ && !outbox_.empty()) {
    const auto gathered = std::span(pieces).first(outbox_.gather(pieces));
    const auto written = stream_->write_some(gathered);
    if (!written) return finish("the connection broke");
    const auto wanted = total_bytes(gathered);
    got_on = got_on || *written > 0;
    if (*written > 0) outbox_.wrote(*written);
    if (*written == wanted) continue;
    blocked_ = true;
    stream_->await_writable();
  }
  watch_writing(got_on);
}

void RawSocketTransport::watch_writing(bool got_on) {
  if (!outbox_.empty()) {
    if (got_on || !running()) start_after(settings_.write_time_max);
    return;
  }
  if (phase_ == Phase::open) stop();
  if (phase_ != Phase::closing) return;
  phase_ = Phase::ending;
  stream_->shutdown_write();
  start_after(settings_.close_time_max);
}

void RawSocketTransport::on_due() {
  if (stream_) stream_->reset_on_close();
  switch (phase_) {
    case Phase::connecting:
    case Phase::handshake: return finish("the router did not answer to the RawSocket handshake in time");
    case Phase::open:
    case Phase::closing: return finish("the router takes nothing");
    case Phase::ending: return finish("the router did not close the connection");
    case Phase::over: return;
  }
}

void RawSocketTransport::finish(std::string sentence) {
  if (phase_ == Phase::over) return;
  phase_ = Phase::over;
  stop();
  connecting_.reset();
  events_.on_closed(std::move(sentence));
}

}  // namespace crosspoint::wamp::client
