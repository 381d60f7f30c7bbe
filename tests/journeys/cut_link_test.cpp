// A link between the host and the node that is cut without a word (row H3), or slow, lossy and stammering
// (row J7), and wall clocks that jump (row J5), while a camera goes on.

#include "filming.h"

#include "websocket/test_frames.h"

namespace crosspoint::journeys {
namespace {

struct CutLink : Filming {};

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

// What TCP makes of loss: everything comes, in order, and some of it later. A packet lost is a pause for the
// time it takes to be sent again, which doubles.
struct StammeringLink : Filming {
  // Now and then nothing passes for so long. Deterministic, as all chance here.
  void lose_a_packet(testing::Link& losing, testing::Link::Way way) {
    losing.stall(way);
    resumes.push_back(std::make_unique<net::Timer>(world.loop(), [&losing, way] { losing.resume(way); }));
    resumes.back()->start_after(200ms * (1 << random.below(3)));
  }

  SeededRandom random{5};
  std::vector<std::unique_ptr<net::Timer>> resumes;
};

TEST_F(StammeringLink, J7_DelayAndLossLoseNobodyAndNothing) {
  using Way = testing::Link::Way;
  for (const auto& each: {link, viewer_link}) each->set({.latency = 250ms, .bytes_per_second = 50'000});
  for (int i = 0; i < 600; ++i) {  // a minute
    if (random.below(20) == 0) lose_a_packet(*link, Way::to_listener);
    if (random.below(20) == 0) lose_a_packet(*viewer_link, Way::to_connector);
    post();
    world.advance(picture_every);
  }
  world.advance(10s);

  EXPECT_EQ(viewer->messages.size(), number) << "every picture, each once";
  EXPECT_EQ(media::continuity_complaints(as_bytes(viewer->bytes())), std::vector<std::string>{});
  EXPECT_TRUE(viewer->open());
  EXPECT_EQ(product.host().status().destinations.at(0).attempts, 1u) << "nobody took it for dead";
}

// A link over which a picture takes longer than the pauses of a whole frame may last: a kibibyte a second,
// and nothing for four seconds in the middle of a frame.
TEST_F(StammeringLink, J7_ATrickleWithPausesInTheMiddleOfFramesIsNotCut) {
  link->set({.bytes_per_second = 1024});
  for (int i = 0; i < 12; ++i) {
    post();
    world.advance(1s);
    link->stall(testing::Link::Way::to_listener);
    world.advance(4s);
    link->resume(testing::Link::Way::to_listener);
  }
  world.advance(20s);

  EXPECT_EQ(viewer->messages.size(), number);
  EXPECT_EQ(product.host().status().destinations.at(0).attempts, 1u);
}

struct WallClock : Filming {};

// By a month, a day, an hour, a leap second; there and back.
TEST_F(WallClock, J5_StepsOfItMoveNoPictureNoPingAndNoConnection) {
  const auto idle = std::make_unique<testing::RawClient>(world.loop(), world.network(), product.node());
  idle->send(
      "GET /idle HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
      "13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  world.run_until_idle();
  const auto opened = world.clock().monotonic();
  idle->take_received();
  filming_until([] { return false; }, 1s);
  const auto turns_of = [&](Duration time) {
    const auto before = world.loop(0).turns();
    const auto pictures = viewer->messages.size();
    const auto posted = number;
    filming_until([] { return false; }, time);
    EXPECT_EQ(viewer->messages.size() - pictures, number - posted);
    return world.loop(0).turns() - before;
  };
  const auto usual = turns_of(4s);

  for (const Duration step:
       {Duration(720h), Duration(-720h), Duration(-24h), Duration(24h), Duration(1h), Duration(-1s)}) {
    world.clock().step_wall(step);
    EXPECT_LE(turns_of(4s), usual + usual / 10) << "no storm of timers";
    world.clock().step_wall(-step / 2);
    EXPECT_LE(turns_of(3s), usual);
  }

  EXPECT_LT(world.clock().monotonic() - opened, 54s);
  EXPECT_EQ(idle->received(), "") << "nor is anybody pinged too early";
  world.advance(opened + 54s - world.clock().monotonic());
  EXPECT_EQ(idle->received(), websocket::plain_frame(websocket::Opcode::ping, ""));
  EXPECT_TRUE(viewer->open() && connected());
  EXPECT_EQ(product.host().status().destinations.at(0).attempts, 1u);
  EXPECT_EQ(media::continuity_complaints(as_bytes(viewer->bytes())), std::vector<std::string>{});
}

}  // namespace
}  // namespace crosspoint::journeys
