#pragma once
// One contiguous run of bytes that grows by doubling up to a limit: where a message comes together whose
// parts did not arrive at once. No object per part, so what it holds is at most twice what it was given and
// one first block (row B4). Plain malloc: growing does not zero, and the C library moves large blocks without
// copying them.

#include <cstdlib>
#include <memory>

#include "base/bytes.h"

namespace crosspoint::websocket {

class GrowingBuffer {
 public:
  static constexpr std::size_t first_block_bytes = 4096;

  explicit GrowingBuffer(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  Bytes bytes() const { return {data_.get(), size_}; }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  std::size_t bytes_left() const { return bytes_max_ - size_; }  // until the limit

  // The bytes must fit below the limit (bytes_left()).
  void append(Bytes bytes);
  // Somewhere to write next: at least one byte unless the limit is reached. Follow with wrote().
  MutableBytes room();
  void wrote(std::size_t bytes);

  // Lets the memory go.
  void release();

 private:
  struct Free {
    void operator()(std::byte* data) const { std::free(data); }
  };
  void grow_to_hold(std::size_t bytes);

  std::unique_ptr<std::byte, Free> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  std::size_t bytes_max_;
};

}  // namespace crosspoint::websocket
