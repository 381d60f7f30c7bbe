#pragma once
// What is waiting to be written to one connection: a short queue of spans, in order. A span that continues
// the last one extends it, so a viewer of one topic usually holds exactly one, and one send() writes a whole
// turn's worth of frames.
//
// Pure: it is given the time, and never writes by itself. The connection gathers, writes, and says how much
// was taken. Whole frames go in; a connection may stop in the middle of one, and the outbox knows how much of
// that frame is still owed, so that what is behind it can be thrown away without breaking the framing.
//
// Who pushes says what a frame is worth: one that may be thrown away for those after it
// (Keep::while_there_is_room), or one that its connection would sooner end than miss.

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/segment.h"
#include "base/time.h"

namespace crosspoint::fanout {

// How long is the frame that begins here, header included? `bytes` holds at least its header. Supplied by
// whoever frames (websocket/frame_encoder.h has the one for RFC 6455), so that nothing here knows a protocol.
using FrameLength = std::uint64_t (*)(Bytes bytes);

enum class Keep : std::uint8_t { always, while_there_is_room };

class Outbox {
 public:
  explicit Outbox(FrameLength frame_length) : frame_length_(frame_length) {}
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // Whole frames that others may hold as well.
  void push(const Span& span, MonotonicTime now, Keep keep = Keep::always);
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
  // Throws away frames that may be, the oldest first: all that were pushed before `before`, and as many more
  // as make it `bytes`, or a little over (what was pushed together goes together). Of a frame that was begun
  // the rest stays: it counts as pushed now, and is not one of them any more.
  Dropped drop_oldest(std::size_t bytes, MonotonicTime before, MonotonicTime now);

 private:
  struct Entry {
    Entry() = default;
    Entry(Span of, MonotonicTime at, Keep keep)
        : span(std::move(of)),
          stamp(at.time_since_epoch().count() * 2 + (keep == Keep::while_there_is_room ? 1 : 0)) {}
    MonotonicTime pushed() const { return MonotonicTime(Duration(stamp >> 1)); }
    bool expendable() const { return (stamp & 1) != 0; }

    Span span;
    std::int64_t stamp = 0;  // both in one word: every idle connection has an entry
  };
  const Entry& entry(std::size_t index) const;
  Entry& entry(std::size_t index);
  std::size_t frames_in(Bytes whole_frames) const;
  std::size_t frames_unwritten() const;
  Entry* last();
  void append_entry(Entry entry);
  void keep_first(std::size_t entries);
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
