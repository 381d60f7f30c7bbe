// The agent as one object: where it listens, how it stops, what survives.
#include "host/io/host.h"

#include "host/io/test_host.h"
#include "host/test_camera.h"
#include "testing/faulty_stream.h"

namespace crosspoint::host {
namespace {

TEST(HostSettings, F34_H7_ListensOnLoopbackPort8888UnlessToldOtherwise) {
  EXPECT_EQ(net::to_string(HostSettings{}.listen), "127.0.0.1:8888");
}

TEST_F(HostTest, F59_ListensWhereItIsTold) {
  settings.listen.port = 9000;
  host.reset();
  start_host();
  EXPECT_EQ(host->endpoint().port, 9000);
}

TEST_F(HostTest, APortInUseIsASentence) {
  Host second(world.loop(), world.network(), world.files(), random, settings);
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().cause, net::NetworkError::Cause::address_in_use);
  EXPECT_NE(started.error().sentence.find("8888"), std::string::npos);
}

class Stopping : public HostTest {
 protected:
  // How long the agent takes to stop; more than 5 s is never.
  Duration stop() {
    bool stopped = false;
    const auto began = world.clock().monotonic();
    host->stop([&] { stopped = true; });
    EXPECT_TRUE(world.run_until([&] { return stopped; }, 5s));
    return world.clock().monotonic() - began;
  }
};

TEST_F(Stopping, SaysGoodbyeToRelaysWith1000AndToProgramsWith1001) {
  TestRelay relay(world, "relay.test");
  set_destination("0", "d", relay.url("/x"));
  const auto local = program("d");
  const auto ffmpeg = upload("video0");
  world.run_until_idle();

  EXPECT_LE(stop(), 1s);
  world.run_until_idle();

  ASSERT_TRUE(relay.guest().closed);
  EXPECT_EQ(relay.guest().closed->code, websocket::CloseCode::normal);
  EXPECT_EQ(relay.guest().closed->text, "");
  ASSERT_TRUE(local->closed);
  EXPECT_EQ(local->closed->code, websocket::CloseCode::going_away);
  EXPECT_TRUE(ffmpeg->over());
}

TEST_F(Stopping, PeersThatNoLongerAnswerDoNotHoldItUp) {
  TestRelay relay(world, "relay.test");
  set_destination("0", "d", relay.url("/x"));
  world.run_until_idle();
  world.network().newest_link()->go_silent();
  const auto local = program("d");
  world.network().newest_link()->stall(testing::Link::Way::to_connector);
  EXPECT_LE(stop(), 4s);
}

TEST_F(Stopping, NobodyIsLetInAnyMore) {
  stop();
  testing::RawClient late(world.loop(2), world.network(), endpoint());
  world.run_until_idle();
  EXPECT_TRUE(late.connect_error());
}

TEST_F(Stopping, AnAgentWithNothingToDoStopsAtOnce) { EXPECT_LE(stop(), 100ms); }

TEST_F(Stopping, ADestinationThatWaitsIsNotDialledAgain) {
  TestRelay relay(world, "relay.test");
  relay.mood = TestRelay::Mood::refuse;
  set_destination("0", "d", relay.url("/x"));
  world.run_until_idle();
  stop();
  world.advance(1min);
  EXPECT_EQ(relay.attempts.size(), 1u);
}

TEST_F(HostTest, DestroyingItInTheMiddleOfEverythingIsSafe) {
  TestRelay relay(world, "relay.test");
  set_stream("stream/s", R"(["video0"])");
  set_destination("0", "stream/s", relay.url("/x"));
  const auto preview = program("stream/s"), local = program("video0");
  const auto ffmpeg = upload("video0");
  TestCamera camera;
  send_chunk(*ffmpeg, camera.next_frame());
  host.reset();
  world.advance(1min);
  EXPECT_TRUE(ffmpeg->over());
}

// Every operation on every stream fails once: nothing may crash, hang or stay behind.
TEST_F(HostTest, WhateverBreaksTheRestGoesOn) {
  std::size_t tried = 0;
  for (std::size_t n = 0;; ++n, ++tried) {
    ASSERT_LT(n, 2000u);
    auto fault = std::make_shared<testing::Fault>(n);
    host.reset();
    world.run_until_idle();
    world.network().wrap_streams([fault](std::unique_ptr<net::Stream> stream) {
      return std::make_unique<testing::FaultyStream>(std::move(stream), fault);
    });
    start_host();
    TestRelay relay(world, "relay.test", static_cast<std::uint16_t>(1000 + n));
    set_stream("stream/s", R"(["video0"])");
    set_destination("0", "stream/s", relay.url("/x"));
    {
      const auto preview = program("stream/s");
      const auto ffmpeg = upload("video0");
      TestCamera camera(2, 1000);
      for (int i = 0; i < 4; ++i) send_chunk(*ffmpeg, camera.next_frame());
      world.advance(100ms);
    }
    ask("DELETE", "/api/destinations/all");
    world.advance(15s);
    EXPECT_EQ(host->status().uploads, 0u);
    EXPECT_EQ(host->status().clients, 0u);
    EXPECT_EQ(host->agent().leaving(), 0u);
    world.network().wrap_streams(nullptr);
    EXPECT_EQ(ask("GET", "/healthcheck").status, 200);
    if (!fault->struck()) break;
  }
  EXPECT_GT(tried, 20u);
}

}  // namespace
}  // namespace crosspoint::host
