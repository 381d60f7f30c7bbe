#include "websocket/growing_buffer.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "base/out_of_memory.h"

namespace crosspoint::websocket {

void GrowingBuffer::grow_to_hold(std::size_t bytes) {
  if (bytes <= capacity_) return;
  const std::size_t capacity = std::min(bytes_max_, std::max({bytes, capacity_ * 2, first_block_bytes}));
  auto* grown = static_cast<std::byte*>(std::realloc(data_.get(), capacity));
  if (grown == nullptr) out_of_memory();
  static_cast<void>(data_.release());
  data_.reset(grown);
  capacity_ = capacity;
}

void GrowingBuffer::append(Bytes bytes) {
  if (bytes.empty()) return;
  CROSSPOINT_ASSERT(bytes.size() <= bytes_left());
  grow_to_hold(size_ + bytes.size());
  std::memcpy(data_.get() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
}

MutableBytes GrowingBuffer::room() {
  if (bytes_left() == 0) return {};
  grow_to_hold(size_ + 1);
  return {data_.get() + size_, capacity_ - size_};
}

void GrowingBuffer::wrote(std::size_t bytes) {
  CROSSPOINT_ASSERT(bytes <= capacity_ - size_);
  size_ += bytes;
}

void GrowingBuffer::release() {
  data_.reset();
  size_ = 0;
  capacity_ = 0;
}

}  // namespace crosspoint::websocket
