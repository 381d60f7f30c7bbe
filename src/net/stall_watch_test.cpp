#include "net/stall_watch.h"

#include <gtest/gtest.h>

#include "net/system_loop.h"
#include "testing/manual_clock.h"

namespace crosspoint::net {
namespace {

using Notices = std::vector<StallWatch::Notice>;
using Turning = std::vector<std::optional<MonotonicTime>>;

TEST(StallWatch, J10_ALoopThatStandsStillIsNoticedByItsNumberAgainAndAgainAndWhenItGoesOn) {
  StallWatch watch(3);
  const MonotonicTime start{1000h};
  Turning turning{std::nullopt, start, std::nullopt};

  EXPECT_EQ(watch.look(turning, start + 250ms), Notices{});
  turning[0] = start + 400ms;  // the others go on
  EXPECT_EQ(watch.look(turning, start + 999ms), Notices{});
  turning[0] = start + 990ms;
  EXPECT_EQ(watch.look(turning, start + 1s), (Notices{{1, 1s, false}}));
  turning[0] = std::nullopt;
  EXPECT_EQ(watch.look(turning, start + 1500ms), Notices{}) << "not each time";
  EXPECT_EQ(watch.look(turning, start + 2s), (Notices{{1, 2s, false}}));
  EXPECT_EQ(watch.look(turning, start + 9s), (Notices{{1, 9s, false}}));
  EXPECT_EQ(watch.look(turning, start + 15s), Notices{});
  turning[1] = start + 15'100ms;
  EXPECT_EQ(watch.look(turning, start + 15'250ms), (Notices{{1, 15s, true}}));
  EXPECT_EQ(watch.look(turning, start + 16s), Notices{});
}

TEST(StallWatch, J10_ALoopThatHasNothingToDoIsNotStandingStill) {
  StallWatch watch(1);
  const Turning idle{std::nullopt};
  for (int hour = 0; hour < 3; ++hour) EXPECT_EQ(watch.look(idle, MonotonicTime{hour * 1h}), Notices{});
}

TEST(StallWatch, J10_ALoopTellsOfItsTurnWhileItIsInOne) {
  testing::ManualClock clock;
  SystemLoop loop(clock);
  StallWatch watch(1);
  Notices seen;
  const auto look = [&] {
    const Turning turning{loop.turning_since()};
    return watch.look(turning, clock.monotonic());
  };
  EXPECT_EQ(loop.turning_since(), std::nullopt);
  loop.post([&] {
    EXPECT_EQ(loop.turning_since(), loop.now());
    clock.advance(5s);
    seen = look();
  });

  loop.turn(0s);

  EXPECT_EQ(seen, (Notices{{0, 5s, false}}));
  EXPECT_EQ(loop.turning_since(), std::nullopt);
  EXPECT_EQ(look(), (Notices{{0, 5s, true}}));
}

}  // namespace
}  // namespace crosspoint::net
