#pragma once
// The recent past of a topic: frames, one after the other, as they go on the wire, and a small index of them.
//
// A frame is appended once, whoever is going to get it. Frames that follow each other lie side by side in
// segments of growing size, so that what a turn produced is usually one contiguous run of bytes. What nobody
// needs any more is trimmed from the front by the owner; spans handed out before keep their bytes alive.
//
// Pure, and one loop's: only the segments are shared with other threads.

#include <cstdint>
#include <deque>
#include <vector>

#include "base/bytes.h"
#include "base/segment.h"
#include "base/time.h"

namespace crosspoint::fanout {

// Counts bytes since the log began; a frame keeps its position for ever.
using Position = std::uint64_t;

// Who appended a frame, so that it can be left out for that one. 0 is nobody.
using PublisherId = std::uint32_t;

struct FrameRecord {
  Position begin = 0;
  std::uint32_t bytes = 0;  // header and payload
  std::uint32_t header_bytes = 0;
  PublisherId publisher = 0;
  MonotonicTime at{};

  Position end() const { return begin + bytes; }
};

// Frames of one log on their way to a copy of it on another loop: no byte is copied.
struct FrameBatch {
  Position begin = 0;  // of the first frame, or where the next one will be
  std::vector<Span> spans;
  std::vector<FrameRecord> records;
};

class FrameLog {
 public:
  // Segments double from the one size to the other as a topic proves busy. A larger frame gets one of its
  // own.
  static constexpr std::uint32_t smallest_segment_bytes = 4 * 1024;
  static constexpr std::uint32_t largest_segment_bytes = 256 * 1024;

  FrameLog() = default;
  FrameLog(const FrameLog&) = delete;
  FrameLog& operator=(const FrameLog&) = delete;

  // The frame that results is described by the record returned; header and payload are copied side by side.
  const FrameRecord& append(Bytes header, Bytes payload, PublisherId publisher, MonotonicTime now);
  // Frames of another log, in order and without a gap. A log is either appended to or fed, never both.
  void append_shared(const FrameBatch& batch);

  Position begin() const { return records_.empty() ? end_ : records_.front().begin; }
  Position end() const { return end_; }
  const std::deque<FrameRecord>& records() const { return records_; }
  // The first record at or after `position`, which is a frame's beginning or end().
  std::size_t index_of(Position position) const;

  // The bytes of [from, to), which must lie within [begin(), end()), in as few spans as possible, appended to
  // `out`.
  void spans(Position from, Position to, std::vector<Span>& out) const;
  Bytes frame(const FrameRecord& record) const;

  // Forgets frames that end at or before `position`.
  void trim_before(Position position);
  // Lets go of the segment kept for the next frames, if it holds nothing: for a topic that has fallen silent.
  void release_idle_memory();
  std::size_t memory_bytes() const;

 private:
  struct Chunk {
    Position begin;
    Span span;
    Position end() const { return begin + span.size(); }
  };
  void make_room(std::size_t bytes);
  void extend(Position begin, const Span& span);

  std::deque<Chunk> chunks_;
  std::deque<FrameRecord> records_;
  Position end_ = 0;
  SegmentRef tail_;  // where the next frame goes; null in a log that is fed
  std::uint32_t next_capacity_ = smallest_segment_bytes;
};

}  // namespace crosspoint::fanout
