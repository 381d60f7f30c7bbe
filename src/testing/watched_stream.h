#pragma once
// A stream that passes everything on, and keeps where the pieces of each write lay: for tests of who copies.
// With MemoryNetwork::wrap_streams every connection is one.

#include <memory>
#include <utility>
#include <vector>

#include "testing/passing_stream.h"

namespace crosspoint::testing {

// The pieces of a write, as they were given: the bytes may be gone.
using WatchedWrite = std::vector<Bytes>;

class WatchedStream final : public PassingStream {
 public:
  // `writes` outlives it.
  WatchedStream(std::unique_ptr<net::Stream> inner, std::vector<WatchedWrite>& writes)
      : PassingStream(std::move(inner)), writes_(writes) {}

  using Stream::write_some;
  Result<std::size_t, net::StreamError> write_some(std::span<const Bytes> pieces) override {
    writes_.emplace_back(pieces.begin(), pieces.end());
    return inner_->write_some(pieces);
  }

 private:
  std::vector<WatchedWrite>& writes_;
};

}  // namespace crosspoint::testing
