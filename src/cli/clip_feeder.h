#pragma once
// Where there is no ffmpeg: plays the clip that is part of the program into a host, over HTTP and at real
// pace, just as ffmpeg would post a camera's picture.

#include <memory>
#include <optional>
#include <string>

#include "media/ts_looper.h"
#include "net/network.h"

namespace crosspoint::cli {

class ClipFeeder final : private net::StreamEvents {
 public:
  // Posts to `path` of the host at `host`. Everything referred to outlives the feeder.
  ClipFeeder(net::Loop& loop, net::Network& network, const net::Endpoint& host, std::string path);
  ~ClipFeeder();

 private:
  void connect();
  void on_connected(Result<std::unique_ptr<net::Stream>, net::NetworkError> result);
  void lost();
  void feed();
  void send_chunk(Bytes piece);
  void flush();

  void on_bytes(MutableBytes) override {}
  void on_end() override { lost(); }
  void on_failure(net::StreamError) override { lost(); }
  void on_writable() override { flush(); }

  net::Loop& loop_;
  net::Network& network_;
  const net::Endpoint host_;
  const std::string path_;
  std::optional<media::TsLooper> looper_;
  MonotonicTime started_{};
  ByteVector unsent_;
  std::unique_ptr<net::Connecting> connecting_;
  std::unique_ptr<net::Stream> stream_;
  net::Timer feed_timer_;
  net::Timer retry_timer_;
};

}  // namespace crosspoint::cli
