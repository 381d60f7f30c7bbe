#pragma once
// A client that speaks bytes: connects, sends what the test says, keeps what comes back. For tests of
// servers, on any Network. What it is told to do takes effect in the turns that follow
// (World::run_until_idle, run_until).

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/network.h"

namespace crosspoint::testing {

class RawClient final : private net::StreamEvents {
 public:
  // Begins to connect. `loop` and `network` outlive the client.
  RawClient(net::Loop& loop, net::Network& network, const net::Endpoint& endpoint,
            const net::StreamOptions& options = {});
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return stream_ != nullptr; }
  const std::optional<net::NetworkError>& connect_error() const { return connect_error_; }

  // Sent as soon as the connection takes it, in order.
  void send(std::string_view text) { send(as_bytes(text)); }
  void send(Bytes bytes);
  std::size_t unsent_bytes() const { return unsent_.size() - sent_; }

  // Everything that has come and was not taken.
  const std::string& received() const { return received_; }
  std::string take_received();
  bool ended() const { return ended_; }  // the other side will send no more
  const std::optional<net::StreamError>& failure() const { return failure_; }  // of reading or writing
  bool over() const { return ended_ || failure_; }

  void stop_reading();
  void resume_reading();
  void finish();  // end of stream, after what is still unsent
  void close();   // forget the connection: with unread input the other side sees a reset
  void reset();   // the same, always with a reset

  net::Stream& stream() { return *stream_; }

 private:
  void on_bytes(MutableBytes bytes) override { received_ += as_text(bytes); }
  void on_end() override { ended_ = true; }
  void on_failure(net::StreamError error) override { failure_ = error; }
  void on_writable() override { flush(); }
  void on_connected(Result<std::unique_ptr<net::Stream>, net::NetworkError> result);
  void flush();

  std::unique_ptr<net::Connecting> connecting_;
  std::unique_ptr<net::Stream> stream_;
  std::optional<net::NetworkError> connect_error_;
  std::optional<net::StreamError> failure_;
  ByteVector unsent_;
  std::size_t sent_ = 0;  // unsent_[0, sent_) has been taken already
  std::string received_;
  bool ended_ = false;
  bool finishing_ = false;
  bool reading_ = true;
};

}  // namespace crosspoint::testing
