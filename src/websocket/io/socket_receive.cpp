// A socket's ears: from bytes to messages, control frames, and what the peer does wrong.
#include <algorithm>

#include "websocket/close.h"
#include "websocket/io/socket.h"
#include "websocket/io/socket_parts.h"

namespace crosspoint::websocket {
namespace {

std::string_view words(FrameError error) {
  switch (error) {
    case FrameError::reserved_bits: return "reserved bits";
    case FrameError::unknown_opcode: return "unknown opcode";
    case FrameError::wrong_masking: return "wrong masking";
    case FrameError::fragmented_control: return "fragmented control frame";
    case FrameError::oversized_control: return "control frame too long";
    case FrameError::wasteful_length: return "length not in its shortest form";
    case FrameError::impossible_length: return "impossible length";
    case FrameError::unexpected_continuation: return "continuation of nothing";
    case FrameError::expected_continuation: return "continuation expected";
    case FrameError::too_big: return "message too big";
  }
  return {};
}

std::string_view words(AssemblyError error) {
  switch (error) {
    case AssemblyError::invalid_utf8: return "invalid UTF-8";
    case AssemblyError::too_many_empty_fragments: return "too many empty fragments";
    case AssemblyError::too_big: return "message too big";
    case AssemblyError::corrupt_deflate: return "corrupt compressed data";
  }
  return {};
}

}  // namespace

// After a mistake, or after the peer's close frame, nothing that it sends matters (row B10).
bool Socket::listening() const { return !finished_ && !(closing_ && (closing_->peer || closing_->failing)); }

void Socket::on_bytes(MutableBytes bytes) {
  last_received_ = loop().now();
  if (!listening()) return;
  charge(bytes.size(), 0);
  if (reception_) {
    receive(*reception_, bytes);
    if (!listening() || reception_->idle()) reception_.reset();
    return schedule();
  }
  // Most reads end where a message ends: then what is needed to read them never leaves the stack.
  Inflater* inflater = extras_ && extras_->compression ? &extras_->compression->inflater : nullptr;
  const auto compression =
      inflater != nullptr ? FrameDecoder::Compression::agreed : FrameDecoder::Compression::refused;
  Reception reception{FrameDecoder(role_, limits_.message_bytes_max, compression),
                      MessageAssembler(limits_.message_bytes_max, limits_.empty_fragments_max, inflater),
                      loop().now()};
  receive(reception, bytes);
  if (!listening() || reception.idle()) return;
  reception_ = std::make_unique<Reception>(std::move(reception));
  schedule();
}

void Socket::receive(Reception& reception, MutableBytes bytes) {
  reception.decoder.feed(bytes);
  while (listening()) {
    const auto part = reception.decoder.next();
    if (!part) return fail_connection(close_code_of(part.error()), words(part.error()));
    if (!*part) return;
    const auto message = reception.assembler.add(**part);
    if (!message) return fail_connection(close_code_of(message.error()), words(message.error()));
    if (*message) take_message(reception, **message);
  }
}

void Socket::take_message(Reception& reception, const Message& message) {
  if (!is_control(message.opcode)) {
    reception.began = loop().now();  // whatever else there is of this read begins now
    return take_data(message);
  }
  if (!admit_control_frame()) return fail_connection(CloseCode::policy_violation, "too many control frames");
  if (message.opcode == Opcode::ping) return take_ping(message.payload);
  if (message.opcode == Opcode::close) return take_close(message.payload);
}

void Socket::take_data(const Message& message) {
  if (closing_) return;
  SocketCounters& counters = extras().counters;
  ++counters.messages_received;
  counters.bytes_received += message.payload.size();
  charge(0, 1);
  events_.on_message(static_cast<MessageType>(message.opcode), message.payload);
}

void Socket::take_ping(Bytes payload) {
  if (closing_) return;
  // At most one pong waits: the older one goes out now if it can, or is replaced (section 5.5.3 allows that).
  if (urgent_ && urgent_->pong_bytes) flush();
  if (finished_) return;
  Urgent& out = urgent();
  out.pong_bytes = static_cast<std::uint8_t>(payload.size());
  std::copy(payload.begin(), payload.end(), out.pong.begin());
  wake();
}

void Socket::take_close(Bytes payload) {
  auto reason = parse_close(payload);
  if (!reason) return fail_connection(close_code_of(reason.error()), {});
  // Answered with the same code (section 5.5.1), without the text.
  const bool bare = reason->code == CloseCode::no_status;
  if (!closing_)
    begin_closing(bare && limits_.bare_close_is_normal ? CloseCode::normal : reason->code, {}, false);
  closing_->peer = std::move(*reason);
  end_conversation_if_over();
}

bool Socket::admit_control_frame() {
  const auto second = static_cast<std::uint16_t>(
      std::chrono::duration_cast<std::chrono::seconds>(loop().now().time_since_epoch()).count());
  if (second != std::exchange(control_frames_second_, second)) control_frames_ = 0;
  return ++control_frames_ <= limits_.control_frames_per_second_max;
}

void Socket::charge(std::size_t bytes, std::size_t messages) {
  if (!extras_ || !extras_->throttle) return;
  ReceiveThrottle& throttle = *extras_->throttle;
  throttle.charge(bytes, messages,
                  {limits_.receive_bytes_per_second_max, limits_.receive_messages_per_second_max},
                  loop().now());
  if (paused_by_throttle_ || throttle.used_until() <= loop().now()) return;
  paused_by_throttle_ = true;
  apply_pause();
}

void Socket::pause_reading() {
  paused_by_owner_ = true;
  apply_pause();
}

void Socket::resume_reading() {
  paused_by_owner_ = false;
  apply_pause();
}

// The close handshake is read whatever else holds: it is short, and bounded in time.
void Socket::apply_pause() {
  const bool wanted = (paused_by_owner_ || paused_by_throttle_) && !closing_;
  if (!started_ || finished_ || wanted == stream_paused_) return;
  stream_paused_ = wanted;
  if (wanted) {
    stream_->pause_reading();
    return schedule();
  }
  // Nobody could have heard the peer meanwhile.
  last_received_ = loop().now();
  if (reception_) reception_->began = loop().now();
  stream_->resume_reading();
  schedule();
}

}  // namespace crosspoint::websocket
