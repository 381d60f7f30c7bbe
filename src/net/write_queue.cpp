#include "net/write_queue.h"

#include <algorithm>

#include "base/assert.h"

namespace crosspoint::net {
namespace {

constexpr std::size_t own_segment_bytes = 4 * 1024;

}  // namespace

void WriteQueue::push(Bytes bytes, const SegmentRef* segment) {
  bytes_ += bytes.size();
  if (segment == nullptr || bytes.size() * held_bytes_factor < (*segment)->capacity())
    return push_copy(bytes);
  const auto begin = static_cast<std::uint32_t>(bytes.data() - (*segment)->data());
  spans_.push_back({*segment, begin, begin + static_cast<std::uint32_t>(bytes.size())});
}

void WriteQueue::push_copy(Bytes bytes) {
  if (!own_ || own_->room() < bytes.size())
    own_ = Segment::make(static_cast<std::uint32_t>(std::max(bytes.size(), own_segment_bytes)));
  const auto begin = own_->size();
  own_->append(bytes);
  Span copied{own_, begin, own_->size()};
  if (!spans_.empty() && spans_.back().continues_with(copied)) {
    spans_.back().end = copied.end;
  } else {
    spans_.push_back(std::move(copied));
  }
}

std::size_t WriteQueue::gather(std::span<Bytes> pieces) const {
  const auto count = std::min(pieces.size(), spans_.size());
  for (std::size_t i = 0; i < count; ++i) pieces[i] = spans_[i].bytes();
  return count;
}

void WriteQueue::wrote(std::size_t bytes) {
  CROSSPOINT_ASSERT(bytes <= bytes_);
  bytes_ -= bytes;
  while (bytes > 0) {
    auto& first = spans_.front();
    const auto gone = std::min(bytes, first.size());
    first.begin += static_cast<std::uint32_t>(gone);
    bytes -= gone;
    if (first.size() == 0) spans_.pop_front();
  }
}

ByteVector WriteQueue::copy() const {
  ByteVector all;
  all.reserve(bytes_);
  for (const auto& span: spans_) append(all, span.bytes());
  return all;
}

}  // namespace crosspoint::net
