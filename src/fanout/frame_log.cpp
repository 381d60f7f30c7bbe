#include "fanout/frame_log.h"

#include <algorithm>

#include "base/assert.h"

namespace crosspoint::fanout {

const FrameRecord& FrameLog::append(Bytes header, Bytes payload, PublisherId publisher, MonotonicTime now) {
  const std::size_t bytes = header.size() + payload.size();
  make_room(bytes);
  const std::uint32_t begin = tail_->size();
  tail_->append(header);
  tail_->append(payload);
  extend(end_, {tail_, begin, tail_->size()});
  records_.push_back({.begin = end_,
                      .bytes = static_cast<std::uint32_t>(bytes),
                      .header_bytes = static_cast<std::uint32_t>(header.size()),
                      .publisher = publisher,
                      .at = now});
  end_ += bytes;
  return records_.back();
}

void FrameLog::make_room(std::size_t bytes) {
  if (tail_ && chunks_.empty() && !tail_->shared()) tail_->rewind();
  if (tail_ && tail_->room() >= bytes) return;
  // A topic that fills segment after segment gets larger ones; an enormous frame changes nothing for those
  // after it.
  tail_ = Segment::make(static_cast<std::uint32_t>(std::max<std::size_t>(bytes, next_capacity_)));
  next_capacity_ = std::min(next_capacity_ * 2, largest_segment_bytes);
}

void FrameLog::extend(Position begin, const Span& span) {
  if (!chunks_.empty() && chunks_.back().span.continues_with(span)) {
    chunks_.back().span.end = span.end;
  } else {
    chunks_.push_back({begin, span});
  }
}

void FrameLog::append_shared(const FrameBatch& batch) {
  CROSSPOINT_ASSERT(!tail_);
  if (records_.empty() && chunks_.empty()) end_ = batch.begin;
  CROSSPOINT_ASSERT(batch.begin == end_);
  for (const Span& span: batch.spans) {
    extend(end_, span);
    end_ += span.size();
  }
  records_.insert(records_.end(), batch.records.begin(), batch.records.end());
  CROSSPOINT_ASSERT(records_.empty() || records_.back().end() == end_);
}

std::size_t FrameLog::index_of(Position position) const {
  const auto at = std::lower_bound(records_.begin(), records_.end(), position,
                                   [](const FrameRecord& record, Position p) { return record.begin < p; });
  return static_cast<std::size_t>(at - records_.begin());
}

void FrameLog::spans(Position from, Position to, std::vector<Span>& out) const {
  if (from >= to) return;
  auto chunk = std::upper_bound(chunks_.begin(), chunks_.end(), from,
                                [](Position p, const Chunk& c) { return p < c.begin; });
  CROSSPOINT_ASSERT(chunk != chunks_.begin());
  for (--chunk; chunk != chunks_.end() && chunk->begin < to; ++chunk) {
    const Position first = std::max(from, chunk->begin);
    const Position last = std::min(to, chunk->end());
    const auto offset = [&](Position p) {
      return chunk->span.begin + static_cast<std::uint32_t>(p - chunk->begin);
    };
    out.push_back({chunk->span.segment, offset(first), offset(last)});
  }
}

Bytes FrameLog::frame(const FrameRecord& record) const {
  auto chunk = std::upper_bound(chunks_.begin(), chunks_.end(), record.begin,
                                [](Position p, const Chunk& c) { return p < c.begin; });
  CROSSPOINT_ASSERT(chunk != chunks_.begin());
  --chunk;
  return chunk->span.bytes().subspan(static_cast<std::size_t>(record.begin - chunk->begin), record.bytes);
}

void FrameLog::trim_before(Position position) {
  while (!records_.empty() && records_.front().end() <= position) records_.pop_front();
  const Position kept = begin();
  while (!chunks_.empty() && chunks_.front().end() <= kept) chunks_.pop_front();
  if (!chunks_.empty() && chunks_.front().begin < kept) {
    chunks_.front().span.begin += static_cast<std::uint32_t>(kept - chunks_.front().begin);
    chunks_.front().begin = kept;
  }
  // Enormous frames pass; their memory should pass with them.
  if (chunks_.empty() && tail_ && tail_->capacity() > largest_segment_bytes) tail_ = {};
}

void FrameLog::release_idle_memory() {
  if (!chunks_.empty()) return;
  tail_ = {};
  next_capacity_ = smallest_segment_bytes;
}

std::size_t FrameLog::memory_bytes() const {
  std::size_t bytes = tail_ ? tail_->capacity() : 0;
  for (const Chunk& chunk: chunks_) {
    if (chunk.span.segment != tail_) bytes += chunk.span.segment->capacity();
  }
  return bytes + records_.size() * sizeof(FrameRecord);
}

}  // namespace crosspoint::fanout
