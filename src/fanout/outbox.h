#pragma once
// What is waiting to be written to one connection: a short queue of spans, in order. A span that continues
// the last one extends it, so a viewer of one topic usually holds exactly one, and one send() writes a whole
// turn's worth of frames.
//
// Pure: it is given the time, and never writes by itself. The connection gathers, writes, and says how much
// was taken. Whole frames go in; a connection may stop in the middle of one, and the outbox knows how much of
// that frame is still owed, so that what is behind it can be thrown away without breaking the framing.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/segment.h"
#include "base/time.h"

namespace crosspoint::fanout {

// How long is the frame that begins here, header included? `bytes` holds at least its header. Supplied by
// whoever frames (websocket/frame_encoder.h has the one for RFC 6455), so that nothing here knows a protocol.
using FrameLength = std::uint64_t (*)(Bytes bytes);

class Outbox {
 public:
  explicit Outbox(FrameLength frame_length) : frame_length_(frame_length) {}
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // Whole frames that others may hold as well.
  void push(const Span& span, MonotonicTime now);
  // One frame of this connection alone, copied: header and payload follow each other.
  void push_private(Bytes header, Bytes payload, MonotonicTime now);

  bool empty() const { return bytes_ == 0; }
  std::size_t bytes() const { return bytes_; }
  // When the oldest of what is waiting was pushed. Not empty.
  MonotonicTime oldest() const;
  // Bytes that must still go out before anything else can: the rest of a frame whose beginning was written.
  std::size_t owed_bytes() const { return owed_; }

  // Fills `pieces` with what comes next, in order; returns how many were filled (0 when empty).
  std::size_t gather(std::span<Bytes> pieces) const;
  // The same, and in whose segment each piece lies; valid until something is pushed or written.
  std::size_t gather(std::span<Bytes> pieces, std::span<const SegmentRef*> segments) const;
  // The connection took so many of the gathered bytes.
  void wrote(std::size_t bytes);

  struct Dropped {
    std::size_t frames = 0;
    std::size_t bytes = 0;
  };
  // Throws away everything but what is owed.
  Dropped drop_unwritten();

 private:
  struct Entry {
    Span span;
    MonotonicTime pushed;
  };
  const Entry& entry(std::size_t index) const;
  std::size_t frames_unwritten() const;
  Entry* last();
  void append_entry(Span span, MonotonicTime now);
  void pop_front();
  void clear();
  // Follows the frames of the front span over `bytes` that were just written, to learn what is owed of the
  // last one.
  void follow_frames(Bytes written_from_boundary, std::size_t bytes);

  struct Tail {
    std::vector<Entry> entries;
    std::size_t begin = 0;  // those before are gone already
  };

  // The first entry is kept in place, since there is seldom a second.
  Entry front_;
  std::unique_ptr<Tail> more_;  // what comes after the front one
  std::uint32_t entries_ = 0;
  std::uint32_t owed_ = 0;  // of one frame, which lies in one segment
  std::size_t bytes_ = 0;
  FrameLength frame_length_;
  SegmentRef private_;  // where push_private writes; let go when the outbox runs empty
};

}  // namespace crosspoint::fanout
