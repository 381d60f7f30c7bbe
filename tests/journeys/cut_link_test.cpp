// A link that is cut without a word, between the host and the node, while a camera goes on (row H3).

#include <gtest/gtest.h>

#include "media/test_stream.h"
#include "product.h"
#include "testing/raw_client.h"

namespace crosspoint::journeys {
namespace {

constexpr Duration picture_every = 100ms;

struct CutLink : ::testing::Test {
  CutLink() {
    product.start_host();
    EXPECT_TRUE(product.host().agent().set(
        host::DestinationRule{.id = "0", .stream = "front", .destination = product.relay_url("/in/front")}));
    EXPECT_TRUE(world.run_until([&] { return connected(); }));
    link = world.network().newest_link();
    viewer = product.open("/out/front");
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

  // The camera goes on, with a picture `every` so long, until `condition` holds; how long that took, or more than `limit`.
  Duration filming_until(const std::function<bool()>& condition, Duration limit, Duration every = picture_every) {
    const auto began = world.clock().monotonic();
    while (!condition() && world.clock().monotonic() - began <= limit) {
      post();
      world.advance(every);
    }
    return world.clock().monotonic() - began;
  }

  testing::MemoryWorld world;
  mutable Product product{{world}};
  std::shared_ptr<testing::Link> link;
  std::unique_ptr<WebClient> viewer;
  std::optional<testing::RawClient> camera;
  media::TestStream stream;
  std::uint64_t number = 0;
};

TEST_F(CutLink, H3_ADeadLinkIsSeenWithinFifteenSecondsAndThePictureIsBackWithinFive) {
  filming_until([&] { return viewer->messages.size() >= 20; }, 10s);
  ASSERT_GE(viewer->messages.size(), 20u);

  link->go_silent();  // a router forgot the connection; a new one would pass
  EXPECT_LE(filming_until([&] { return !connected(); }, 30s), 15s + picture_every);
  viewer->messages.clear();
  EXPECT_LE(filming_until([&] { return connected() && !viewer->messages.empty(); }, 30s), 5s);

  // What was filmed meanwhile is not shown late: it begins with the tables of a key frame.
  ASSERT_FALSE(viewer->messages.empty());
  const auto first = as_bytes(viewer->messages.front().payload);
  EXPECT_EQ(media::packet_at(first, 0).pid(), media::pid_pat);
}

// As long as nobody can be reached the pauses grow (row H1): what follows a repair is the rest of one pause.
TEST_F(CutLink, H3_AfterAnHourWithoutANetworkItIsBackAfterOnePauseAtMost) {
  filming_until([&] { return viewer->messages.size() >= 20; }, 10s);
  link->go_silent();
  world.network().set_fate(product.node(), testing::Fate::unreachable);
  filming_until([] { return false; }, 1h, 1s);  // ten pictures a second would be most of what the test costs
  EXPECT_FALSE(connected());

  world.network().set_fate(product.node(), testing::Fate::as_usual);
  EXPECT_LE(filming_until([&] { return connected(); }, 30s), 10s + picture_every);
}

}  // namespace
}  // namespace crosspoint::journeys
