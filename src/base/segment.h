#pragma once
// Reference-counted slabs of bytes, written once and read by many.
//
// One owner (a topic's log, for one, or an outbox for its private frames) appends at the end; everybody else
// holds spans of what was written before they got them. Written bytes never change while a span refers to
// them, so spans may cross threads: the count is atomic, the bytes are published by whatever hands the span
// over (Loop::post). Whoever lets go last gives the memory back, on whatever thread that is.

#include <atomic>
#include <cstdint>
#include <utility>

#include "base/assert.h"
#include "base/bytes.h"

namespace crosspoint {

class SegmentRef;

class Segment {
 public:
  // An empty segment that can take `capacity` bytes.
  static SegmentRef make(std::uint32_t capacity);

  std::uint32_t capacity() const { return capacity_; }
  std::uint32_t size() const { return size_; }
  std::uint32_t room() const { return capacity_ - size_; }
  const std::byte* data() const { return reinterpret_cast<const std::byte*>(this + 1); }
  bool shared() const { return references_.load(std::memory_order_acquire) > 1; }

  // The owner's alone. The bytes must fit (room()).
  void append(Bytes bytes);
  // The owner's alone: starts again from the beginning, when nobody else holds a span (not shared()).
  void rewind() {
    CROSSPOINT_ASSERT(!shared());
    size_ = 0;
  }

  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;

 private:
  friend class SegmentRef;
  explicit Segment(std::uint32_t capacity) : capacity_(capacity) {}
  std::byte* writable() { return reinterpret_cast<std::byte*>(this + 1); }

  std::atomic<std::uint32_t> references_{1};
  std::uint32_t capacity_;
  std::uint32_t size_ = 0;
  std::uint32_t padding_ = 0;  // the bytes begin at a multiple of 8
};

// Shared ownership of a segment; null after default construction or a move.
class SegmentRef {
 public:
  SegmentRef() = default;
  SegmentRef(const SegmentRef& other) : segment_(other.segment_) {
    if (segment_ != nullptr) segment_->references_.fetch_add(1, std::memory_order_relaxed);
  }
  SegmentRef(SegmentRef&& other) noexcept : segment_(std::exchange(other.segment_, nullptr)) {}
  SegmentRef& operator=(SegmentRef other) noexcept {
    std::swap(segment_, other.segment_);
    return *this;
  }
  ~SegmentRef() {
    if (segment_ != nullptr && segment_->references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      destroy(segment_);
  }

  Segment* operator->() const { return segment_; }
  Segment& operator*() const { return *segment_; }
  explicit operator bool() const { return segment_ != nullptr; }
  bool operator==(const SegmentRef&) const = default;

 private:
  friend class Segment;
  explicit SegmentRef(Segment* adopted) : segment_(adopted) {}
  static void destroy(Segment* segment);
  Segment* segment_ = nullptr;
};

// Some bytes of a segment, kept alive. Whole frames, unless an outbox has begun to write it.
struct Span {
  SegmentRef segment;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::size_t size() const { return end - begin; }
  Bytes bytes() const { return {segment->data() + begin, size()}; }
  // Does `next` go on where this ends?
  bool continues_with(const Span& next) const { return segment == next.segment && end == next.begin; }
};

}  // namespace crosspoint
