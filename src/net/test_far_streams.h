#pragma once
// Connections whose sockets are on one loop and whose users are on another. For tests only.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "net/far_streams.h"
#include "testing/raw_client.h"
#include "testing/recording_server.h"
#include "testing/world.h"

namespace crosspoint::net {

// Connections that are accepted on loop 2 and used on loop 0; clients are on loop 1.
struct FarStreamsTest : ::testing::Test, protected Acceptor {
  FarStreamsTest() {
    const Network::ListenPoint point{&away, this};
    listener = std::move(world.network().listen(place, {}, {&point, 1})->front());
  }
  void on_accept(std::unique_ptr<Stream> stream, const Address&) override {
    far->send(std::move(stream), [this](auto arrived) {
      ends.push_back(std::make_unique<testing::RecordingEnd>(std::move(arrived)));
      if (starting) ends.back()->start();
    });
  }
  testing::RawClient& connect() {
    clients.push_back(std::make_unique<testing::RawClient>(world.loop(1), world.network(), place));
    world.run_until_idle();
    return *clients.back();
  }
  testing::RecordingEnd& end() { return *ends.back(); }
  // As much as is taken; nothing is read meanwhile.
  std::size_t fill(std::size_t most = SIZE_MAX) {
    const std::string block(10'000, 'x');
    std::size_t taken = 0;
    while (taken < most) {
      const auto some = end().stream->write_some(as_bytes(block)).value_or(0);
      if (some == 0) break;
      taken += some;
    }
    return taken;
  }

  const Endpoint place{.kind = Endpoint::Kind::tcp, .host = "127.0.0.1", .port = 8080, .path = {}};
  testing::MemoryWorld world;
  testing::ManualLoop& home = world.loop(0);
  testing::ManualLoop& away = world.loop(2);
  const FarStreamLimits limits;
  std::unique_ptr<FarStreams> far = std::make_unique<FarStreams>(home, away);
  std::unique_ptr<Listener> listener;
  std::vector<std::unique_ptr<testing::RawClient>> clients;
  std::vector<std::unique_ptr<testing::RecordingEnd>> ends;
  bool starting = true;
};

}  // namespace crosspoint::net
