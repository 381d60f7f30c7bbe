#include "net/far_socket.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "net/farewell.h"

namespace crosspoint::net {
namespace {

constexpr std::size_t gathered_pieces_max = 16;

}  // namespace

void FarSocket::on_note(const FarNote& note, FarBatch& batch) {
  switch (note.news) {
    case FarNews::bytes: return write(batch, batch.take_pieces(note.value));
    case FarNews::start: return start();
    case FarNews::pause: wanted_ = false; return apply_pause();
    case FarNews::resume: wanted_ = true; return apply_pause();
    case FarNews::delivered: undelivered_ -= note.value; return apply_pause();
    case FarNews::shut_down:
      if (failed_) return;
      if (!unwritten_) return stream_->shutdown_write();
      fin_waits_ = true;
      return;
    case FarNews::close: undelivered_ -= note.value; return close(undelivered_ > 0);
    case FarNews::reset: return close(true);
    default: CROSSPOINT_ASSERT(false && "a note for the other half");
  }
}

// Reading
// ---------------------------------------------------------------------------------------------------------

// Whoever gave it to us may have paused it, or not: from here on we know.
void FarSocket::start() {
  started_ = true;
  stream_->start(*this);
  reading_ = wanted_;
  reading_ ? stream_->resume_reading() : stream_->pause_reading();
  if (unwritten_) stream_->await_writable();
}

void FarSocket::apply_pause() {
  const bool reads = wanted_ && undelivered_ < limits_.undelivered_bytes_max;
  if (!started_ || failed_ || reads == reading_) return;
  reading_ = reads;
  reading_ ? stream_->resume_reading() : stream_->pause_reading();
}

void FarSocket::on_bytes(MutableBytes bytes) {
  courier_.note_bytes(line_, bytes);
  undelivered_ += bytes.size();
  apply_pause();
}

// Once only: a write may find it out before the stream tells.
void FarSocket::fail_with(StreamError error) {
  if (std::exchange(failed_, true)) return;
  unwritten_.reset();
  tell(FarNews::failed, static_cast<std::uint64_t>(error));
}

// Writing
// ---------------------------------------------------------------------------------------------------------

// All that a note brings leaves in one write, however many pieces it is in.
void FarSocket::write(const FarBatch& batch, std::span<const FarPiece> pieces) {
  std::array<Bytes, gathered_pieces_max> bytes;
  while (!failed_ && !pieces.empty()) {
    const auto now = pieces.first(std::min(pieces.size(), bytes.size()));
    pieces = pieces.subspan(now.size());
    for (std::size_t i = 0; i < now.size(); ++i) bytes[i] = batch.bytes_of(now[i]);
    std::size_t taken = unwritten_ ? 0 : write_now(std::span(bytes).first(now.size()));
    for (std::size_t i = 0; i < now.size() && !failed_; ++i) {
      const auto gone = std::min(taken, bytes[i].size());
      taken -= gone;
      keep(bytes[i].subspan(gone), batch.segment_of(now[i]));
    }
  }
  if (!failed_) report_taken();
}

void FarSocket::keep(Bytes bytes, const SegmentRef* segment) {
  if (bytes.empty()) return;
  if (!unwritten_) unwritten_ = std::make_unique<WriteQueue>();
  unwritten_->push(bytes, segment);
}

// As far as the stream takes it now; it then tells when it takes more.
std::size_t FarSocket::write_now(std::span<const Bytes> pieces) {
  const auto taken = stream_->write_some(pieces);
  if (!taken) {
    fail_with(taken.error());
    return 0;
  }
  untold_taken_ += *taken;
  if (*taken < total_bytes(pieces)) stream_->await_writable();
  return *taken;
}

// The other half need not know of every byte: only once its room is half gone, as far as it knows.
void FarSocket::report_taken() {
  const std::size_t untaken = untold_taken_ + unwritten_bytes();
  if (untold_taken_ == 0 || untaken <= limits_.unwritten_bytes_max / 2) return;
  tell(FarNews::taken, std::exchange(untold_taken_, 0));
}

void FarSocket::on_writable() {
  std::array<Bytes, gathered_pieces_max> pieces;
  bool took_all = true;
  while (!failed_ && unwritten_ && took_all) {
    const auto next = std::span(pieces).first(unwritten_->gather(pieces));
    const auto wanted = total_bytes(next);
    const auto taken = write_now(next);
    if (failed_) return;
    took_all = taken == wanted;
    unwritten_->wrote(taken);
    if (unwritten_->bytes() > 0) continue;
    unwritten_.reset();
    if (fin_waits_) stream_->shutdown_write();
  }
  if (!failed_) report_taken();
}

// What was told of and never delivered is unread input, and turns the end into a reset, as it does below.
void FarSocket::close(bool reset) {
  if (failed_) return;
  if (reset) return stream_->reset_on_close();
  if (!unwritten_) return;
  Farewell::begin(loop_, std::move(stream_), unwritten_->copy());
}

}  // namespace crosspoint::net
