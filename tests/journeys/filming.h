#pragma once
// A camera, a host, a node and a viewer on a network in memory, and the hand of the test on the link between
// host and node.

#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "media/test_stream.h"
#include "product.h"
#include "testing/raw_client.h"

namespace crosspoint::journeys {

inline constexpr Duration picture_every = 100ms;

struct Filming : ::testing::Test {
  Filming() {
    product.start_host();
    EXPECT_TRUE(product.host().agent().set(
        host::DestinationRule{.id = "0", .stream = "front", .destination = product.relay_url("/in/front")}));
    EXPECT_TRUE(world.run_until([&] { return connected(); }));
    link = world.network().newest_link();
    viewer = product.open("/out/front");
    viewer_link = world.network().newest_link();
    camera.emplace(world.loop(), world.network(), product.host().endpoint());
    camera->send("POST /ts/front HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  }

  bool connected() const { return product.host().status().destinations.at(0).state == "connected"; }

  void post() {
    const media::Timestamp at = 90'000 + 9000 * number;
    if (number % 12 == 0) stream.tables();
    number % 12 == 0 ? stream.key_frame(at, 500) : stream.other_frame(at, 500);
    ++number;
    const auto picture = to_string(stream.take());
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", picture.size());
    camera->send(size + picture + "\r\n");
  }

  // The camera goes on until `condition` holds; how long that took, or more than `limit`.
  Duration filming_until(const std::function<bool()>& condition, Duration limit,
                         Duration every = picture_every) {
    const auto began = world.clock().monotonic();
    while (!condition() && world.clock().monotonic() - began <= limit) {
      post();
      world.advance(every);
    }
    return world.clock().monotonic() - began;
  }

  testing::MemoryWorld world;
  mutable Product product{{world}};
  std::shared_ptr<testing::Link> link, viewer_link;
  std::unique_ptr<WebClient> viewer;
  std::optional<testing::RawClient> camera;
  media::TestStream stream;
  std::uint64_t number = 0;
};

}  // namespace crosspoint::journeys
