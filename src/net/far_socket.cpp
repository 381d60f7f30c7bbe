#include "net/far_socket.h"

#include <utility>

#include "base/assert.h"
#include "net/farewell.h"

namespace crosspoint::net {

void FarSocket::on_note(const FarNote& note, FarBatch& batch) {
  switch (note.news) {
    case FarNews::bytes: return write(batch.take_bytes(note.value));
    case FarNews::start: return start();
    case FarNews::pause: wanted_ = false; return apply_pause();
    case FarNews::resume: wanted_ = true; return apply_pause();
    case FarNews::delivered: undelivered_ -= note.value; return apply_pause();
    case FarNews::shut_down:
      if (failed_) return;
      if (unwritten_.empty()) return stream_->shutdown_write();
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
  if (!unwritten_.empty()) stream_->await_writable();
}

void FarSocket::apply_pause() {
  const bool reads = wanted_ && undelivered_ < limits_.undelivered_bytes_max;
  if (!started_ || failed_ || reads == reading_) return;
  reading_ = reads;
  reading_ ? stream_->resume_reading() : stream_->pause_reading();
}

void FarSocket::on_bytes(MutableBytes bytes) {
  const Bytes piece(bytes);
  courier_.note_bytes(line_, {&piece, 1}, piece.size());
  undelivered_ += piece.size();
  apply_pause();
}

// Once only: a write may find it out before the stream tells.
void FarSocket::fail_with(StreamError error) {
  if (std::exchange(failed_, true)) return;
  unwritten_ = {};
  unwritten_begin_ = 0;
  tell(FarNews::failed, static_cast<std::uint64_t>(error));
}

// Writing
// ---------------------------------------------------------------------------------------------------------

void FarSocket::write(Bytes bytes) {
  if (failed_) return;
  if (unwritten_.empty()) bytes = bytes.subspan(write_now(bytes));
  if (failed_) return;
  keep(bytes);
  report_taken();
}

// What is gone already never takes more room than what is left.
void FarSocket::keep(Bytes bytes) {
  if (unwritten_begin_ > unwritten_.size() / 2) drop_written();
  append(unwritten_, bytes);
}

void FarSocket::drop_written() {
  unwritten_.erase(unwritten_.begin(), unwritten_.begin() + static_cast<std::ptrdiff_t>(unwritten_begin_));
  unwritten_begin_ = 0;
}

// As far as the stream takes it now; it then tells when it takes more.
std::size_t FarSocket::write_now(Bytes bytes) {
  const auto taken = stream_->write_some(bytes);
  if (!taken) {
    fail_with(taken.error());
    return 0;
  }
  untold_taken_ += *taken;
  if (*taken < bytes.size()) stream_->await_writable();
  return *taken;
}

// The other half need not know of every byte: only once its room is half gone, as far as it knows.
void FarSocket::report_taken() {
  const std::size_t untaken = untold_taken_ + unwritten_.size() - unwritten_begin_;
  if (untold_taken_ == 0 || untaken <= limits_.unwritten_bytes_max / 2) return;
  tell(FarNews::taken, std::exchange(untold_taken_, 0));
}

void FarSocket::on_writable() {
  if (failed_ || unwritten_.empty()) return;
  unwritten_begin_ += write_now(Bytes(unwritten_).subspan(unwritten_begin_));
  if (failed_) return;
  if (unwritten_begin_ == unwritten_.size()) {
    unwritten_ = {};
    unwritten_begin_ = 0;
    if (fin_waits_) stream_->shutdown_write();
  }
  report_taken();
}

// What was told of and never delivered is unread input, and turns the end into a reset, as it does below.
void FarSocket::close(bool reset) {
  if (failed_) return;
  if (reset) return stream_->reset_on_close();
  if (unwritten_.empty()) return;
  drop_written();
  Farewell::begin(loop_, std::move(stream_), std::move(unwritten_));
}

}  // namespace crosspoint::net
