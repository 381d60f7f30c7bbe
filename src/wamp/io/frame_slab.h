#pragma once
// Where frames that many connections share are written, side by side: those of one publication after those of
// the last, so that a connection which gets several in a turn writes them with one call. What the outboxes
// have sent goes with them.

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "base/segment.h"

namespace crosspoint::wamp {

class FrameSlab {
 public:
  static constexpr std::uint32_t segment_bytes = 64 * 1024;

  // One frame, in the pieces that it consists of.
  Span append(std::initializer_list<Bytes> pieces) {
    make_room(static_cast<std::uint32_t>(total_bytes(pieces)));
    const auto begin = segment_->size();
    for (const Bytes piece: pieces) segment_->append(piece);
    return {segment_, begin, segment_->size()};
  }

 private:
  // A segment that nobody holds any more is used again from its beginning.
  void make_room(std::uint32_t bytes) {
    if (segment_ && segment_->room() < bytes && !segment_->shared()) segment_->rewind();
    if (!segment_ || segment_->room() < bytes) segment_ = Segment::make(std::max(bytes, segment_bytes));
  }

  SegmentRef segment_;
};

}  // namespace crosspoint::wamp
