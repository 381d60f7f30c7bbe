#pragma once
// A stream that passes everything on, and keeps where the pieces of each write lay: for tests of who copies.
// With MemoryNetwork::wrap_streams every connection is one.

#include <memory>
#include <utility>
#include <vector>

#include "net/stream.h"

namespace crosspoint::testing {

// The pieces of a write, as they were given: the bytes may be gone.
using WatchedWrite = std::vector<Bytes>;

class WatchedStream final : public net::Stream {
 public:
  // `writes` outlives it.
  WatchedStream(std::unique_ptr<net::Stream> inner, std::vector<WatchedWrite>& writes)
      : inner_(std::move(inner)), writes_(writes) {}

  using Stream::write_some;
  Result<std::size_t, net::StreamError> write_some(std::span<const Bytes> pieces) override {
    writes_.emplace_back(pieces.begin(), pieces.end());
    return inner_->write_some(pieces);
  }
  void start(net::StreamEvents& events) override { inner_->start(events); }
  void await_writable() override { inner_->await_writable(); }
  void pause_reading() override { inner_->pause_reading(); }
  void resume_reading() override { inner_->resume_reading(); }
  void shutdown_write() override { inner_->shutdown_write(); }
  void reset_on_close() override { inner_->reset_on_close(); }
  net::Address peer_address() const override { return inner_->peer_address(); }
  std::size_t unacknowledged_bytes() const override { return inner_->unacknowledged_bytes(); }
  void detach() override { inner_->detach(); }
  void attach(net::Loop& loop) override { inner_->attach(loop); }

 private:
  std::unique_ptr<net::Stream> inner_;
  std::vector<WatchedWrite>& writes_;
};

}  // namespace crosspoint::testing
