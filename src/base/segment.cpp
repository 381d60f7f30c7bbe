#include "base/segment.h"

#include <cstdlib>
#include <cstring>
#include <new>

namespace crosspoint {

static_assert(sizeof(Segment) % 8 == 0);

SegmentRef Segment::make(std::uint32_t capacity) {
  void* memory = ::operator new(sizeof(Segment) + capacity);
  return SegmentRef(new (memory) Segment(capacity));
}

void Segment::append(Bytes bytes) {
  CROSSPOINT_ASSERT(bytes.size() <= room());
  if (bytes.empty()) return;
  std::memcpy(writable() + size_, bytes.data(), bytes.size());
  size_ += static_cast<std::uint32_t>(bytes.size());
}

void SegmentRef::destroy(Segment* segment) {
  segment->~Segment();
  ::operator delete(segment);
}

}  // namespace crosspoint
