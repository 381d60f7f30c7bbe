#include "net/loop.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "net/system_loop.h"
#include "testing/manual_clock.h"
#include "testing/manual_loop.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::ManualClock;
using crosspoint::testing::ManualLoop;

struct Hook final : TurnEndHook {
  explicit Hook(std::move_only_function<void()> the_work) : work(std::move(the_work)) {}
  void on_turn_end() override { work(); }
  std::move_only_function<void()> work;
};

struct Object final : Disposable {
  explicit Object(std::move_only_function<void()> the_farewell) : farewell(std::move(the_farewell)) {}
  ~Object() override { farewell(); }
  std::move_only_function<void()> farewell;
};

class LoopTest : public ::testing::Test {
 protected:
  ManualClock clock;
  ManualLoop loop{clock};
  std::string events;
};

TEST_F(LoopTest, AHookRunsOnceAtTheEndOfTheTurnHoweverOftenItWasArmed) {
  Hook hook([&] { events += "h"; });
  loop.post([&] {
    loop.at_turn_end(hook);
    loop.at_turn_end(hook);
    events += "w";
  });
  loop.post([&] { loop.at_turn_end(hook); });

  loop.turn();
  EXPECT_EQ(events, "wh");
  EXPECT_FALSE(hook.armed());

  loop.turn();
  EXPECT_EQ(events, "wh");
}

TEST_F(LoopTest, HooksRunInTheOrderInWhichTheyWereArmed) {
  Hook a([&] { events += "a"; });
  Hook b([&] { events += "b"; });
  Hook c([&] { events += "c"; });
  loop.at_turn_end(b);
  loop.at_turn_end(c);
  loop.at_turn_end(a);

  loop.turn();

  EXPECT_EQ(events, "bca");
}

TEST_F(LoopTest, TheLastHooksRunWhenAllOthersHaveAndTheDisposedHaveGone) {
  Hook last([&] { events += "l"; });
  Hook late([&] { events += "c"; });
  Hook first([&] { events += "a"; });
  loop.last_at_turn_end(last);
  loop.last_at_turn_end(last);
  loop.at_turn_end(first);
  loop.dispose(std::make_unique<Object>([&] {
    events += "b";
    loop.at_turn_end(late);
  }));

  loop.turn();

  EXPECT_EQ(events, "abcl");
  EXPECT_TRUE(loop.idle());
}

TEST_F(LoopTest, WhatALastHookArmsRunsInTheSameTurn) {
  int left = 2;
  Hook other([&] { events += "o"; });
  Hook last([&] {
    events += "l";
    loop.at_turn_end(other);
    if (--left > 0) loop.last_at_turn_end(last);
  });
  loop.last_at_turn_end(last);
  EXPECT_FALSE(loop.idle());

  loop.turn();

  EXPECT_EQ(events, "lolo");
}

TEST_F(LoopTest, AHookMayArmOthersAndItselfForTheSameEnd) {
  int left = 3;
  Hook other([&] { events += "o"; });
  Hook hook([&] {
    events += "h";
    loop.at_turn_end(other);
    if (--left > 0) loop.at_turn_end(hook);
  });
  loop.at_turn_end(hook);

  loop.turn();

  EXPECT_EQ(events, "hohoho");
}

TEST_F(LoopTest, ADestroyedHookLeavesTheList) {
  Hook before([&] { events += "b"; });
  auto gone = std::make_unique<Hook>([&] { events += "!"; });
  Hook after([&] { events += "a"; });
  loop.at_turn_end(before);
  loop.at_turn_end(*gone);
  loop.at_turn_end(after);
  gone.reset();

  loop.turn();

  EXPECT_EQ(events, "ba");
}

TEST_F(LoopTest, AHookMayDestroyAnother) {
  auto gone = std::make_unique<Hook>([&] { events += "!"; });
  Hook hook([&] { gone.reset(); });
  loop.at_turn_end(hook);
  loop.at_turn_end(*gone);

  loop.turn();

  EXPECT_EQ(events, "");
}

TEST_F(LoopTest, AHookMayOutliveItsLoop) {
  Hook hook([] {});
  {
    ManualLoop short_lived(clock);
    short_lived.at_turn_end(hook);
  }

  EXPECT_FALSE(hook.armed());
}

TEST_F(LoopTest, WhatIsDisposedOfGoesAfterTheHooks) {
  Hook hook([&] { events += "h"; });
  loop.post([&] {
    loop.dispose(std::make_unique<Object>([&] { events += "d"; }));
    loop.at_turn_end(hook);
    events += "w";
  });

  loop.turn();

  EXPECT_EQ(events, "whd");
}

TEST_F(LoopTest, WhatIsDisposedOfMayArmHooksAndDisposeOfMore) {
  Hook hook([&] { events += "h"; });
  loop.dispose(std::make_unique<Object>([&] {
    events += "1";
    loop.at_turn_end(hook);
    loop.dispose(std::make_unique<Object>([&] { events += "2"; }));
  }));

  loop.turn();

  EXPECT_EQ(events, "12h");
}

TEST_F(LoopTest, WorkThatStillWaitsWhenTheLoopEndsIsDestroyedNotRun) {
  auto short_lived = std::make_unique<ManualLoop>(clock);
  auto held = std::make_shared<int>(1);
  short_lived->post([&, held] { events += "!"; });
  short_lived->dispose(std::make_unique<Object>([&] { events += "d"; }));

  short_lived.reset();

  EXPECT_EQ(events, "d");
  EXPECT_EQ(held.use_count(), 1);
}

// J5: whatever happens to the wall clock, timers keep to the monotonic one.
TEST_F(LoopTest, J5_AStepOfTheWallClockMovesNoTimer) {
  SystemLoop system(clock);
  for (Loop* each: {static_cast<Loop*>(&system), static_cast<Loop*>(&loop)}) {
    const auto turn = [&] { each == &loop ? loop.turn() : system.turn(0s); };
    turn();
    int fired = 0;
    Timer timer(*each, [&] { ++fired; });
    timer.start_after(10s);
    for (const Duration step:
         {Duration(1h), Duration(-1h), Duration(24h), Duration(-24h), Duration(30 * 24h)}) {
      const auto before = each->wall_now();
      clock.step_wall(step);
      turn();
      EXPECT_EQ(each->wall_now(), before + step);
      EXPECT_EQ(fired, 0);
    }

    clock.advance(10s);
    turn();

    EXPECT_EQ(fired, 1);
  }
}

TEST_F(LoopTest, TheTimeStandsStillWithinATurn) {
  MonotonicTime first{};
  MonotonicTime second{};
  loop.post([&] {
    first = loop.now();
    clock.advance(1s);
    second = loop.now();
  });

  loop.turn();

  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace crosspoint::net
