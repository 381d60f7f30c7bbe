#pragma once
// A stream whose n-th operation fails as if the peer had reset it. A test runs its scenario with n = 0, 1, 2
// … until one passes untouched, so that every failure has happened once:
//
//   for (std::size_t n = 0;; ++n) {
//     auto fault = std::make_shared<Fault>(n);
//     world.network().wrap_streams([&](auto stream) { return
//     std::make_unique<FaultyStream>(std::move(stream), fault); }); … the scenario; whatever fails, nothing
//     may crash or stay behind … if (!fault->struck()) break;
//   }

#include <memory>

#include "testing/passing_stream.h"

namespace crosspoint::testing {

// Counts the operations of all the streams that share it.
class Fault {
 public:
  explicit Fault(std::size_t operations_before) : left_(operations_before) {}
  bool struck() const { return struck_; }

 private:
  friend class FaultyStream;
  bool strikes() {
    if (struck_ || left_-- > 0) return false;
    struck_ = true;
    return true;
  }
  std::size_t left_;
  bool struck_ = false;
};

class FaultyStream final : public PassingStream, private net::StreamEvents {
 public:
  FaultyStream(std::unique_ptr<net::Stream> inner, std::shared_ptr<Fault> fault);

  void start(net::StreamEvents& events) override;
  Result<std::size_t, net::StreamError> write_some(std::span<const Bytes> pieces) override;
  using Stream::write_some;

 private:
  void on_bytes(MutableBytes bytes) override;
  void on_end() override;
  void on_failure(net::StreamError error) override;
  void on_writable() override;
  // True when this operation is the one that fails, or one did before.
  bool broken();
  void report_failure();

  std::shared_ptr<Fault> fault_;
  net::StreamEvents* events_ = nullptr;
  bool broken_ = false;
  bool reported_ = false;
};

}  // namespace crosspoint::testing
