// A socket's voice: framing, and writing once a turn.
#include <algorithm>

#include "base/assert.h"
#include "websocket/close.h"
#include "websocket/frame_encoder.h"
#include "websocket/io/socket.h"
#include "websocket/io/socket_parts.h"

namespace crosspoint::websocket {
namespace {

constexpr std::size_t masked_on_stack_bytes_max = 1024;
// Below, compressing costs more than it saves.
constexpr std::size_t compressed_payload_bytes_min = 128;

}  // namespace

void Socket::send(MessageType type, Bytes payload) {
  if (!open()) return;
  SocketCounters& counters = extras().counters;
  ++counters.messages_sent;
  counters.bytes_sent += payload.size();
  Compression* compression = extras_->compression.get();
  const auto opcode = static_cast<Opcode>(type);
  if (compression != nullptr && compression->deflater.able() &&
      payload.size() >= compressed_payload_bytes_min) {
    ByteVector compressed;
    compression->deflater.compress(payload, compressed);
    push_frame(opcode, compressed, true);
  } else {
    push_frame(opcode, payload, false);
  }
  wake();
}

void Socket::push_frame(Opcode opcode, Bytes payload, bool compressed) {
  if (role_ == Role::client) return push_masked(opcode, payload, compressed);
  outbox_.push_private(FrameHeader(opcode, payload.size(), {.compressed = compressed}), payload,
                       loop().now());
}

// The mask goes on while the payload is copied, a piece at a time, so that it is in the cache when it is
// masked.
void Socket::push_masked(Opcode opcode, Bytes payload, bool compressed) {
  MaskKey key;
  random_.fill(key);
  const FrameHeader header(opcode, payload.size(), key, {.compressed = compressed});
  std::array<std::byte, masked_on_stack_bytes_max> piece;
  const auto mask_piece = [&](std::size_t bytes) {
    std::copy_n(payload.begin(), bytes, piece.begin());
    payload = payload.subspan(bytes);
    const MutableBytes masked = MutableBytes(piece).first(bytes);
    apply_mask(masked, key);
    key = rotated(key, bytes);
    return masked;
  };
  if (payload.size() <= piece.size()) {
    return outbox_.push_private(header, mask_piece(payload.size()), loop().now());
  }
  const std::size_t frame_bytes = header.bytes().size() + payload.size();
  CROSSPOINT_ASSERT(frame_bytes <= UINT32_MAX);
  const auto segment = Segment::make(static_cast<std::uint32_t>(frame_bytes));
  segment->append(header);
  while (!payload.empty()) segment->append(mask_piece(std::min(payload.size(), piece.size())));
  outbox_.push({segment, 0, segment->size()}, loop().now());
}

Socket::Urgent& Socket::urgent() {
  if (!urgent_) urgent_ = std::make_unique<Urgent>();
  return *urgent_;
}

void Socket::append_control(Opcode opcode, Bytes payload) {
  ByteVector& out = urgent().bytes;
  if (role_ == Role::server) {
    append(out, FrameHeader(opcode, payload.size()));
    append(out, payload);
    return;
  }
  MaskKey key;
  random_.fill(key);
  append(out, FrameHeader(opcode, payload.size(), key));
  const std::size_t begin = out.size();
  append(out, payload);
  apply_mask(MutableBytes(out).subspan(begin), key);
}

// Frames what is wanted as soon as it can be written next. After the close frame nothing is (section 5.5.1).
void Socket::make_control_frames() {
  if (outbox_.owed_bytes() > 0 || (closing_ && closing_->framed)) return;
  if (urgent_ && urgent_->pong_bytes && urgent_->bytes.empty()) {
    const std::size_t size = *std::exchange(urgent_->pong_bytes, std::nullopt);
    append_control(Opcode::pong, Bytes(urgent_->pong).first(size));
  }
  if (ping_wanted_) append_control(Opcode::ping, {});
  ping_wanted_ = false;
  if (!closing_) return;
  closing_->bytes_before = std::min(closing_->bytes_before, outbox_.bytes());
  if (closing_->bytes_before > 0) return;
  append_control(Opcode::close, encode_close(closing_->own.code, closing_->own.text));
  closing_->framed = true;
}

// How much of the outbox may go out now. Only whole frames may stand before what is urgent or behind the
// close frame.
std::size_t Socket::outbox_allowance() const {
  const std::size_t owed = outbox_.owed_bytes();
  const bool something_urgent = urgent_ || ping_wanted_;
  if (closing_ && closing_->framed) return 0;
  if (owed > 0 && something_urgent) return owed;
  if (closing_) return std::max(closing_->bytes_before, owed);
  return outbox_.bytes();
}

// What the next write is made of, in order: what is urgent, then what the outbox may send.
struct Socket::Batch {
  static constexpr std::size_t pieces_max = 16;
  std::array<Bytes, pieces_max> pieces;
  std::array<const SegmentRef*, pieces_max> segments{};  // null: an urgent piece
  std::size_t count = 0;
  std::size_t bytes = 0;
  std::size_t urgent_bytes = 0;  // of them
};

Socket::Batch Socket::next_batch() const {
  Batch batch;
  if (urgent_ && outbox_.owed_bytes() == 0 && !urgent_->unwritten().empty()) {
    batch.segments[batch.count] = nullptr;
    batch.pieces[batch.count++] = urgent_->unwritten();
    batch.bytes = batch.urgent_bytes = urgent_->unwritten().size();
  }
  std::size_t allowed = outbox_allowance();
  const std::size_t end = batch.count + outbox_.gather(std::span(batch.pieces).subspan(batch.count),
                                                       std::span(batch.segments).subspan(batch.count));
  for (; batch.count < end && allowed > 0; ++batch.count) {
    Bytes& piece = batch.pieces[batch.count];
    piece = piece.first(std::min(piece.size(), allowed));
    allowed -= piece.size();
    batch.bytes += piece.size();
  }
  return batch;
}

void Socket::flush() {
  while (!blocked_ && !finished_) {
    make_control_frames();
    const Batch batch = next_batch();
    if (batch.bytes == 0) break;
    const auto written = stream_->write_shared(std::span(batch.pieces).first(batch.count),
                                               std::span(batch.segments).first(batch.count));
    if (!written) return finish();
    account(batch, *written);
  }
  if (waiting_ && nothing_waits()) {
    waiting_ = false;
    if (open()) events_.on_drained();
  }
  if (!finished_) end_conversation_if_over();
}

void Socket::account(const Batch& batch, std::size_t written) {
  if (written > 0 || !waiting_) stalled_since_ = loop().now();
  if (written < batch.bytes) {
    blocked_ = waiting_ = true;
    stream_->await_writable();
  }
  const std::size_t urgent_written = std::min(written, batch.urgent_bytes);
  if (batch.urgent_bytes > 0) {
    urgent_->written += urgent_written;
    if (urgent_->unwritten().empty()) {
      urgent_->bytes.clear();
      urgent_->written = 0;
      if (!urgent_->pong_bytes) urgent_.reset();
      if (closing_ && closing_->framed) closing_->sent = true;
    }
  }
  const std::size_t outbox_written = written - urgent_written;
  if (outbox_written > 0) outbox_.wrote(outbox_written);
  if (closing_) closing_->bytes_before -= std::min(closing_->bytes_before, outbox_written);
  if (blocked_) schedule();
}

bool Socket::nothing_waits() const { return !blocked_ && outbox_.empty() && !urgent_; }

void Socket::on_writable() {
  blocked_ = false;
  arm();
}

}  // namespace crosspoint::websocket
