#pragma once
// Stands in for a kernel that encrypts TLS (net/kernel_tls.h): a stream around another one that makes records
// of TLS 1.3 itself once it is asked to (RFC 8446 section 5.2), written apart from how net has it done. With
// MemoryNetwork::wrap_streams every connection is one.

#include <memory>
#include <optional>

#include "net/kernel_tls.h"
#include "net/stream.h"

namespace crosspoint::testing {

class EncryptingStream final : public net::Stream, private net::StreamEvents {
 public:
  explicit EncryptingStream(std::unique_ptr<net::Stream> inner) : inner_(std::move(inner)) {}

  void start(net::StreamEvents& events) override;
  Result<std::size_t, net::StreamError> write_some(std::span<const Bytes> pieces) override;
  using Stream::write_some;
  void await_writable() override { inner_->await_writable(); }
  void pause_reading() override { inner_->pause_reading(); }
  void resume_reading() override { inner_->resume_reading(); }
  void shutdown_write() override;
  void reset_on_close() override { inner_->reset_on_close(); }
  bool encrypt_below(const net::TlsWriteKey& key) override;
  Result<std::size_t, net::StreamError> write_alert(Bytes alert) override;
  net::Address peer_address() const override { return inner_->peer_address(); }
  void detach() override { inner_->detach(); }
  void attach(net::Loop& loop) override { inner_->attach(loop); }

 private:
  void on_bytes(MutableBytes bytes) override { events_->on_bytes(bytes); }
  void on_end() override { events_->on_end(); }
  void on_failure(net::StreamError error) override { events_->on_failure(error); }
  void on_writable() override;
  ByteVector record(std::uint8_t type, Bytes content);
  Result<std::size_t, net::StreamError> write_record(std::uint8_t type, Bytes content);
  Result<bool, net::StreamError> flush();

  std::unique_ptr<net::Stream> inner_;
  net::StreamEvents* events_ = nullptr;
  std::optional<net::TlsWriteKey> key_;
  std::uint64_t number_ = 0;
  ByteVector unsent_;  // as a kernel's queue would have it
  bool fin_waits_ = false;
};

}  // namespace crosspoint::testing
