// The agent on this machine's own loopback: what the network in memory shows must hold there too.
#include <gtest/gtest.h>

#include "client/io/test_relay.h"
#include "host/io/host.h"
#include "host/test_camera.h"
#include "testing/raw_client.h"
#include "testing/system_world.h"

namespace crosspoint::host {
namespace {

TEST(HostOnRealSockets, CarriesPicturesFromAnUploadToARelayAndStops) {
  testing::SystemWorld world;
  SeededRandom random(1);
  client::TestRelay relay(world, "127.0.0.1", 0);
  HostSettings settings;
  settings.listen.port = 0;
  Host host(world.loop(), world.network(), world.files(), random, settings);
  ASSERT_TRUE(host.start());
  ASSERT_TRUE(host.agent().set(StreamRule{"stream/front", std::vector<std::string>{"video0"}}));
  ASSERT_TRUE(host.agent().set(DestinationRule{"0", "stream/front", relay.url("/in/front")}));
  ASSERT_TRUE(world.run_until([&] { return !relay.guests.empty(); }));

  TestCamera camera(12, 50'000);
  ByteVector sent;
  testing::RawClient ffmpeg(world.loop(2), world.network(), host.endpoint());
  ffmpeg.send("POST /ts/video0 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 50; ++i) {
    const auto frame = camera.next_frame();
    append(sent, frame);
    ffmpeg.send(fmt::format("{:x}\r\n", frame.size()));
    ffmpeg.send(Bytes(frame));
    ffmpeg.send("\r\n");
  }
  EXPECT_TRUE(world.run_until([&] { return relay.guest().messages.size() == 50; }));
  EXPECT_TRUE(relay.guest().bytes() == as_text(sent));

  bool stopped = false;
  host.stop([&] { stopped = true; });
  EXPECT_TRUE(world.run_until([&] { return stopped && relay.guest().closed; }, 5s));
  EXPECT_EQ(relay.guest().closed->code, websocket::CloseCode::normal);
}

}  // namespace
}  // namespace crosspoint::host
