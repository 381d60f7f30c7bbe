#include "testing/faulty_stream.h"

#include <utility>

namespace crosspoint::testing {

FaultyStream::FaultyStream(std::unique_ptr<net::Stream> inner, std::shared_ptr<Fault> fault)
    : PassingStream(std::move(inner)), fault_(std::move(fault)) {}

bool FaultyStream::broken() {
  if (!broken_ && fault_->strikes()) {
    broken_ = true;
    inner_->reset_on_close();
  }
  return broken_;
}

void FaultyStream::report_failure() {
  if (std::exchange(reported_, true)) return;
  events_->on_failure(net::StreamError::reset);
}

void FaultyStream::start(net::StreamEvents& events) {
  events_ = &events;
  inner_->start(*this);
}

Result<std::size_t, net::StreamError> FaultyStream::write_some(std::span<const Bytes> pieces) {
  if (!broken()) return inner_->write_some(pieces);
  reported_ = true;
  return fail(net::StreamError::reset);
}

void FaultyStream::on_bytes(MutableBytes bytes) {
  if (broken()) return report_failure();
  events_->on_bytes(bytes);
}

void FaultyStream::on_end() {
  if (broken()) return report_failure();
  events_->on_end();
}

void FaultyStream::on_failure(net::StreamError error) {
  if (broken_) return report_failure();
  events_->on_failure(error);
}

void FaultyStream::on_writable() {
  if (broken()) return report_failure();
  events_->on_writable();
}

}  // namespace crosspoint::testing
