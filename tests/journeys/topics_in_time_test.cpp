// What the open relay promises over minutes, at its default times: on a network in memory with a clock moved
// by hand.

#include <gtest/gtest.h>

#include "product.h"
#include "testing/raw_client.h"
#include "websocket/test_frames.h"

namespace crosspoint::journeys {
namespace {

using websocket::masked_frame;
using websocket::Opcode;
using websocket::plain_frame;

struct TopicsInTime : ::testing::Test {
  // A client whose frames the test writes itself, and who answers nothing unless told to.
  std::unique_ptr<testing::RawClient> ask_for(Product& product, const std::string& path) {
    auto client = std::make_unique<testing::RawClient>(world.loop(), world.network(), product.node());
    client->send("GET " + path +
                 " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    return client;
  }
  std::unique_ptr<testing::RawClient> open(Product& product, const std::string& path) {
    auto client = ask_for(product, path);
    world.run_until_idle();
    EXPECT_TRUE(client->take_received().starts_with("HTTP/1.1 101 "));
    return client;
  }

  testing::MemoryWorld world;
};

TEST_F(TopicsInTime, F20_AnIdleClientThatAnswersPingsStaysAndSeesOneEach54Seconds) {
  Product product(world);
  for (const auto* path: {"/expt", "/out/v", "/ws"}) {
    const auto client = open(product, path);
    for (int i = 0; i < 6; ++i) {  // more than five minutes
      world.advance(54s - 1ns);
      EXPECT_EQ(client->take_received(), "") << path;
      world.advance(1ns);
      EXPECT_EQ(client->take_received(), plain_frame(Opcode::ping, "")) << path;
      client->send(masked_frame(Opcode::pong, ""));
      world.run_until_idle();
    }
    EXPECT_FALSE(client->over()) << path;
  }
}

TEST_F(TopicsInTime, F21_AClientThatNeverAnswersPingsIsCutBetween55And75Seconds) {
  Product product(world);
  for (const auto* path: {"/expt", "/out/v", "/ws"}) {
    const auto client = open(product, path);
    world.advance(55s);
    EXPECT_FALSE(client->over()) << path;
    EXPECT_EQ(client->take_received(), plain_frame(Opcode::ping, "")) << path;
    world.advance(20s);
    EXPECT_TRUE(client->over()) << path;
  }
  EXPECT_EQ(product.gateway().sessions(), 0u);
}

// A.3: subscribed before the 101, not after it.
class Subscribing : public TopicsInTime, public ::testing::WithParamInterface<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Loops, Subscribing, ::testing::Values(1, 3));

TEST_P(Subscribing, WhatIsSaidWhileThe101IsNotYetWrittenArrivesAfterIt) {
  relay::NodeSettings settings;
  settings.relay.spill_receivers_min = 1;
  Product product(world, settings, GetParam());
  const auto first = product.open("/out/t"), sender = product.open("/in/t");
  world.network().set_link_settings({.capacity_bytes = 20});
  const auto late = ask_for(product, "/out/t");
  late->stop_reading();
  world.run_until_idle();
  ASSERT_EQ(late->unsent_bytes(), 0u) << "the request is not there yet";
  ASSERT_EQ(world.network().newest_link()->waiting_bytes(testing::Link::Way::to_connector), 20u)
      << "the 101 should be stuck in the middle";

  sender->send("said in between");
  product.until([&] { return !first->messages.empty(); });
  late->resume_reading();
  world.run_until_idle();

  EXPECT_TRUE(late->received().starts_with("HTTP/1.1 101 "));
  EXPECT_TRUE(late->received().ends_with(plain_frame(Opcode::text, "said in between"))) << late->received();
}

}  // namespace
}  // namespace crosspoint::journeys
