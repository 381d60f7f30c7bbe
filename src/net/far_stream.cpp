#include "net/far_stream.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace crosspoint::net {
namespace {

// Of a piece that lies in a segment. Shorter ones are copied sooner than held.
constexpr std::size_t shared_bytes_min = 1024;

}  // namespace

FarStream::~FarStream() {
  if (home_ == nullptr) return;
  tell(reset_on_close_ ? FarNews::reset : FarNews::close, untold_delivered_);
  home_->on_stream_gone(line_);
}

void FarStream::tell(FarNews news, std::uint64_t value) {
  if (home_ != nullptr) home_->courier().note({news, line_, value});
}

void FarStream::start(StreamEvents& events) {
  events_ = &events;
  if (!std::exchange(started_, true)) tell(FarNews::start);
  wake();
}

// In a later turn: nobody is called from inside a call of theirs.
void FarStream::wake() {
  if (woken_ || events_ == nullptr || home_ == nullptr) return;
  woken_ = true;
  home_->serve_later(line_);
}

// Reading
// ---------------------------------------------------------------------------------------------------------

void FarStream::pause_reading() {
  if (!std::exchange(paused_, true)) tell(FarNews::pause);
}

void FarStream::resume_reading() {
  if (!paused_) return;
  paused_ = false;
  tell(FarNews::resume);
  if (!arrived_.empty() || ended_ || failure_) wake();
}

void FarStream::on_note(const FarNote& note, FarBatch& batch) {
  switch (note.news) {
    case FarNews::bytes:
      for (const auto& piece: batch.take_pieces(note.value)) on_bytes(batch.own_bytes_of(piece));
      return;
    case FarNews::taken: untaken_ -= note.value; break;
    case FarNews::end: ended_ = true; break;
    case FarNews::failed: failure_ = static_cast<StreamError>(note.value); break;
    default: CROSSPOINT_ASSERT(false && "a note for the other half");
  }
  if (!woken_) serve();
}

void FarStream::on_bytes(MutableBytes bytes) {
  if (arrived_.empty() && reading()) return deliver(bytes);
  append(arrived_, bytes);
}

void FarStream::deliver(MutableBytes bytes) {
  untold_delivered_ += bytes.size();
  events_->on_bytes(bytes);
  if (home_ == nullptr || untold_delivered_ <= home_->limits().undelivered_bytes_max / 2) return;
  tell(FarNews::delivered, std::exchange(untold_delivered_, 0));
}

// One round of telling. Each callback may pause the stream, start it for another, or write.
void FarStream::serve() {
  woken_ = false;
  if (reading() && !arrived_.empty()) {
    auto bytes = std::exchange(arrived_, {});
    deliver(bytes);
  }
  if (failure_) {
    // Who neither reads nor waits to write is not told yet, as with a socket of one's own.
    if (events_ == nullptr || told_failure_ || (paused_ && !awaiting_writable_)) return;
    told_failure_ = true;
    return events_->on_failure(*failure_);
  }
  if (reading() && ended_ && arrived_.empty()) {
    over_ = true;
    events_->on_end();
  }
  if (events_ == nullptr || !awaiting_writable_ || home_ == nullptr ||
      untaken_ >= home_->limits().unwritten_bytes_max)
    return;
  awaiting_writable_ = false;
  events_->on_writable();
}

// Writing
// ---------------------------------------------------------------------------------------------------------

Result<std::size_t, StreamError> FarStream::write_some(std::span<const Bytes> pieces) {
  return write_shared(pieces, {});
}

Result<std::size_t, StreamError> FarStream::write_shared(std::span<const Bytes> pieces,
                                                         std::span<const SegmentRef* const> segments) {
  if (failure_) {
    told_failure_ = true;
    return fail(*failure_);
  }
  if (shut_down_) return fail(StreamError::closed);
  const std::size_t room = home_->limits().unwritten_bytes_max - untaken_;
  std::size_t taken = 0;
  for (std::size_t i = 0; i < pieces.size() && taken < room; ++i) {
    const auto piece = pieces[i].first(std::min(pieces[i].size(), room - taken));
    if (piece.empty()) continue;
    taken += piece.size();
    if (i < segments.size() && segments[i] != nullptr && piece.size() >= shared_bytes_min) {
      home_->courier().note_shared(line_, piece, *segments[i]);
    } else {
      home_->courier().note_bytes(line_, piece);
    }
  }
  untaken_ += taken;
  return taken;
}

void FarStream::await_writable() {
  awaiting_writable_ = true;
  // Otherwise the other side tells when there is room.
  if (failure_ || untaken_ < home_->limits().unwritten_bytes_max) wake();
}

void FarStream::shutdown_write() {
  if (std::exchange(shut_down_, true)) return;
  tell(FarNews::shut_down);
}

void FarStream::detach() { CROSSPOINT_ASSERT(false && "a far stream does not move"); }
void FarStream::attach(Loop&) { CROSSPOINT_ASSERT(false && "a far stream does not move"); }

void FarStream::lose_home() {
  home_ = nullptr;
  if (!failure_) failure_ = StreamError::other;
}

}  // namespace crosspoint::net
