#pragma once
// A server that only takes connections and keeps what happens to them: for tests of streams and networks.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/network.h"

namespace crosspoint::testing {

// One end of a connection that remembers what it was told.
class RecordingEnd final : private net::StreamEvents {
 public:
  explicit RecordingEnd(std::unique_ptr<net::Stream> the_stream) : stream(std::move(the_stream)) {}
  void start() { stream->start(*this); }

  std::unique_ptr<net::Stream> stream;
  std::string received;
  std::size_t deliveries = 0;
  std::size_t ends = 0;
  std::size_t failures = 0;
  std::optional<net::StreamError> failure;
  std::size_t times_writable = 0;

 private:
  void on_bytes(MutableBytes bytes) override {
    received += as_text(bytes);
    ++deliveries;
  }
  void on_end() override { ++ends; }
  void on_failure(net::StreamError error) override {
    failure = error;
    ++failures;
  }
  void on_writable() override { ++times_writable; }
};

class RecordingServer final : public net::Acceptor {
 public:
  // Started at once unless `starting` is false.
  explicit RecordingServer(bool starting = true) : starting_(starting) {}

  void on_accept(std::unique_ptr<net::Stream> stream, const net::Address& peer) override {
    connections.push_back(std::make_unique<RecordingEnd>(std::move(stream)));
    peers.push_back(peer);
    if (starting_) connections.back()->start();
  }

  bool starting() const { return starting_; }

  std::vector<std::unique_ptr<RecordingEnd>> connections;
  std::vector<net::Address> peers;

 private:
  bool starting_;
};

}  // namespace crosspoint::testing
