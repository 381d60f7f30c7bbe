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

FarBatch::Chunk& FarBatch::chunk_for(std::size_t bytes) {
  if (!chunks_.empty()) {
    auto& last = chunks_.back();
    if (last.bytes.capacity() - last.bytes.size() >= bytes) return last;
  }
  const auto usual = chunks_.empty() ? first_chunk_bytes : further_chunk_bytes;
  const auto room = std::max(bytes, usual);
  auto& next = chunks_.emplace_back();
  if (is_large(room)) next.bytes = spares_.take(room);
  next.bytes.reserve(room);
  return next;
}

bool FarBatch::worth_keeping() const { return !chunks_.empty() && is_large(chunks_.back().bytes.capacity()); }

void FarBatch::give_back(FarSpares& spares) {
  for (auto& chunk: chunks_) {
    if (is_large(chunk.bytes.capacity())) spares.keep(std::move(chunk.bytes));
  }
  chunks_.clear();
}

void FarBatch::add_bytes(std::uint32_t line, std::span<const Bytes> pieces, std::size_t bytes) {
  const std::size_t chunks_before = chunks_.size();
  auto& chunk = chunk_for(bytes);
  std::size_t left = bytes;
  for (const Bytes piece: pieces) {
    const auto some = piece.first(std::min(left, piece.size()));
    append(chunk.bytes, some);
    left -= some.size();
  }
  CROSSPOINT_ASSERT(left == 0);
  const bool goes_on = !notes_.empty() && notes_.back().news == FarNews::bytes &&
                       notes_.back().line == line && chunks_.size() == chunks_before;
  if (goes_on) {
    notes_.back().value += bytes;
  } else {
    notes_.push_back({FarNews::bytes, line, bytes});
  }
}

MutableBytes FarBatch::take_bytes(std::size_t bytes) {
  while (chunks_[chunks_taken_].taken == chunks_[chunks_taken_].bytes.size()) ++chunks_taken_;
  auto& chunk = chunks_[chunks_taken_];
  const auto taken = MutableBytes(chunk.bytes).subspan(chunk.taken, bytes);
  chunk.taken += bytes;
  return taken;
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
    if (!batch->worth_keeping()) return;
    from.post([spares = std::move(spares), batch = std::move(batch)] { batch->give_back(*spares); });
  });
}

}  // namespace crosspoint::net
