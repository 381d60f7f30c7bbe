#pragma once
// What a socket did not take yet of bytes that came from another loop (far_socket.h): spans of segments that
// others have as well, and copies of what lies elsewhere. Private to net/*.cpp.
//
// A span is held only where it is a good part of its segment, and copied otherwise: so a peer that does not
// read keeps at most `held_bytes_factor` times the memory that waits for it, and what is being written.

#include <cstddef>
#include <deque>
#include <span>

#include "base/bytes.h"
#include "base/segment.h"

namespace crosspoint::net {

class WriteQueue {
 public:
  static constexpr std::size_t held_bytes_factor = 4;

  // At least one byte; `segment` is where it lies, null: valid until this returns.
  void push(Bytes bytes, const SegmentRef* segment);

  std::size_t bytes() const { return bytes_; }
  // Fills `pieces` with what comes next, in order; returns how many were filled.
  std::size_t gather(std::span<Bytes> pieces) const;
  // So many of the gathered bytes are gone.
  void wrote(std::size_t bytes);
  ByteVector copy() const;

 private:
  void push_copy(Bytes bytes);

  std::deque<Span> spans_;
  SegmentRef own_;  // where copies go
  std::size_t bytes_ = 0;
};

}  // namespace crosspoint::net
