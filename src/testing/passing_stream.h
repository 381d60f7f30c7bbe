#pragma once
// A stream that passes everything on to another: what streams of tests that look at something, or spoil it,
// begin with.

#include <memory>
#include <utility>

#include "net/stream.h"

namespace crosspoint::testing {

class PassingStream : public net::Stream {
 public:
  explicit PassingStream(std::unique_ptr<net::Stream> inner) : inner_(std::move(inner)) {}

  using Stream::write_some;
  Result<std::size_t, net::StreamError> write_some(std::span<const Bytes> pieces) override {
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

 protected:
  std::unique_ptr<net::Stream> inner_;
};

}  // namespace crosspoint::testing
