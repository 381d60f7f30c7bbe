#include "net/courier.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace crosspoint::net {
namespace {

// Most turns have little to tell.
constexpr std::size_t first_chunk_bytes = 4 * 1024;
constexpr std::size_t further_chunk_bytes = 64 * 1024;

// Only such chunks are kept.
constexpr bool is_large(std::size_t bytes) { return bytes >= further_chunk_bytes; }

}  // namespace

ByteVector FarSpares::take(std::size_t bytes) {
  ByteVector chunk;
  if (!chunks_.empty() && chunks_.back().capacity() >= bytes) {
    chunk = std::move(chunks_.back());
    chunks_.pop_back();
    bytes_ -= chunk.capacity();
  }
  chunk.reserve(bytes);
  return chunk;
}

void FarSpares::keep(ByteVector chunk) {
  if (bytes_ + chunk.capacity() > bytes_max) return;
  bytes_ += chunk.capacity();
  chunk.clear();
  chunks_.push_back(std::move(chunk));
}

ByteVector& FarBatch::chunk_for(std::size_t bytes) {
  if (!chunks_.empty() && chunks_.back().capacity() - chunks_.back().size() >= bytes) return chunks_.back();
  const auto usual = chunks_.empty() ? first_chunk_bytes : further_chunk_bytes;
  const auto room = std::max(bytes, usual);
  auto& next = chunks_.emplace_back();
  if (is_large(room)) next = spares_.take(room);
  next.reserve(room);
  return next;
}

bool FarBatch::worth_keeping() const { return !chunks_.empty() && is_large(chunks_.back().capacity()); }

void FarBatch::give_back(FarSpares& spares) {
  for (auto& chunk: chunks_) {
    if (is_large(chunk.capacity())) spares.keep(std::move(chunk));
  }
  chunks_.clear();
}

void FarBatch::add_bytes(std::uint32_t line, Bytes bytes) {
  auto& chunk = chunk_for(bytes.size());
  const auto begin = static_cast<std::uint32_t>(chunk.size());
  append(chunk, bytes);
  add_piece(line, {FarPiece::In::chunk, static_cast<std::uint32_t>(chunks_.size() - 1), begin,
                   static_cast<std::uint32_t>(chunk.size())});
}

void FarBatch::add_shared(std::uint32_t line, Bytes bytes, const SegmentRef& segment) {
  const auto begin = static_cast<std::uint32_t>(bytes.data() - segment->data());
  add_piece(line,
            {FarPiece::In::segment, hold(segment), begin, begin + static_cast<std::uint32_t>(bytes.size())});
}

// One of the last, nearly always: those of a turn's publications, one for each kind of wire.
std::uint32_t FarBatch::hold(const SegmentRef& segment) {
  constexpr std::size_t looked_at_max = 4;
  const auto oldest = segments_.size() - std::min(segments_.size(), looked_at_max);
  for (auto i = segments_.size(); i > oldest; --i) {
    if (segments_[i - 1] == segment) return static_cast<std::uint32_t>(i - 1);
  }
  segments_.push_back(segment);
  return static_cast<std::uint32_t>(segments_.size() - 1);
}

void FarBatch::add_piece(std::uint32_t line, const FarPiece& piece) {
  const bool goes_on = !notes_.empty() && notes_.back().news == FarNews::bytes && notes_.back().line == line;
  if (goes_on && pieces_.back().continues_with(piece)) {
    pieces_.back().end = piece.end;
    return;
  }
  pieces_.push_back(piece);
  if (goes_on) {
    ++notes_.back().value;
  } else {
    notes_.push_back({FarNews::bytes, line, 1});
  }
}

std::span<const FarPiece> FarBatch::take_pieces(std::size_t count) {
  const auto taken = std::span(pieces_).subspan(pieces_taken_, count);
  pieces_taken_ += count;
  return taken;
}

Bytes FarBatch::bytes_of(const FarPiece& piece) const {
  const auto* const begin =
      piece.in == FarPiece::In::chunk ? chunks_[piece.place].data() : segments_[piece.place]->data();
  return {begin + piece.begin, begin + piece.end};
}

MutableBytes FarBatch::own_bytes_of(const FarPiece& piece) {
  CROSSPOINT_ASSERT(piece.in == FarPiece::In::chunk);
  return MutableBytes(chunks_[piece.place]).subspan(piece.begin, piece.end - piece.begin);
}

const SegmentRef* FarBatch::segment_of(const FarPiece& piece) const {
  return piece.in == FarPiece::In::segment ? &segments_[piece.place] : nullptr;
}

void Courier::note_arrival(std::uint32_t line, FarArrival arrival) {
  batch().arrivals.push_back(std::move(arrival));
  batch().add({FarNews::arrived, line, 0});
}

FarBatch& Courier::batch() {
  if (!batch_) {
    batch_ = std::make_unique<FarBatch>(*spares_);
    from_.last_at_turn_end(*this);
  }
  return *batch_;
}

void Courier::on_turn_end() {
  to_.post([hearer = hearer_, batch = std::move(batch_), spares = spares_, &from = from_]() mutable {
    const auto there = hearer.lock();
    if (!there) return;
    there->on_batch(*batch);
    batch->release_segments();
    if (!batch->worth_keeping()) return;
    from.post([spares = std::move(spares), batch = std::move(batch)] { batch->give_back(*spares); });
  });
}

}  // namespace crosspoint::net
