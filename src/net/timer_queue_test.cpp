#include "net/timer_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "net/loop.h"
#include "testing/manual_clock.h"
#include "testing/manual_loop.h"
#include "testing/seed.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::for_each_seed;
using crosspoint::testing::ManualClock;
using crosspoint::testing::ManualLoop;

class TimerQueueTest : public ::testing::Test {
 protected:
  void pass(Duration time) {
    clock.advance(time);
    loop.turn();
  }

  ManualClock clock;
  ManualLoop loop{clock};
  std::string fired;
};

TEST_F(TimerQueueTest, FiresEarliestFirstAndNothingBeforeItsTime) {
  Timer b(loop, [&] { fired += 'b'; });
  Timer a(loop, [&] { fired += 'a'; });
  Timer c(loop, [&] { fired += 'c'; });
  b.start_after(2s);
  a.start_after(1s);
  c.start_after(3s);

  pass(2s);

  EXPECT_EQ(fired, "ab");
  EXPECT_FALSE(a.running());
  EXPECT_TRUE(c.running());
}

TEST_F(TimerQueueTest, EqualTimesFireInTheOrderTheyWereStarted) {
  std::vector<std::unique_ptr<Timer>> timers;
  for (char name = 'a'; name <= 'j'; ++name) {
    timers.push_back(std::make_unique<Timer>(loop, [this, name] { fired += name; }));
    timers.back()->start_after(1s);
  }
  timers[0]->start_after(1s);  // restarted: it is the youngest now

  pass(1s);

  EXPECT_EQ(fired, "bcdefghija");
}

TEST_F(TimerQueueTest, RestartingMovesATimer) {
  Timer timer(loop, [&] { fired += 't'; });
  timer.start_after(1s);
  timer.start_after(5s);

  pass(4s);
  EXPECT_EQ(fired, "");
  pass(1s);
  EXPECT_EQ(fired, "t");

  pass(10s);
  EXPECT_EQ(fired, "t");
}

// What there are many of derives from Deadline, and holds no function.
TEST_F(TimerQueueTest, ADeadlineTellsWhoDerivesFromIt) {
  struct Egg final : Deadline {
    explicit Egg(Loop& where) : Deadline(where) {}
    void on_due() override { ++boiled; }
    int boiled = 0;
  } egg(loop);
  egg.start_after(5s);
  EXPECT_EQ(egg.due(), loop.now() + 5s);

  pass(4s);
  egg.start_after(2s);
  EXPECT_EQ(egg.due(), loop.now() + 2s);
  pass(1s);
  EXPECT_EQ(egg.boiled, 0);
  pass(1s);

  EXPECT_EQ(egg.boiled, 1);
  EXPECT_FALSE(egg.running());
}

TEST_F(TimerQueueTest, AStoppedOrDestroyedTimerNeverFires) {
  Timer stopped(loop, [&] { fired += 's'; });
  stopped.start_after(1s);
  {
    Timer destroyed(loop, [&] { fired += 'd'; });
    destroyed.start_after(1s);
  }
  stopped.stop();
  stopped.stop();

  pass(1s);

  EXPECT_EQ(fired, "");
  EXPECT_EQ(loop.timers().size(), 0u);
}

TEST_F(TimerQueueTest, ACallbackMayStopAnotherThatIsDueAsWell) {
  Timer second(loop, [&] { fired += '2'; });
  Timer first(loop, [&] {
    fired += '1';
    second.stop();
  });
  first.start_after(1s);
  second.start_after(1s);

  pass(1s);

  EXPECT_EQ(fired, "1");
}

TEST_F(TimerQueueTest, ACallbackMayDestroyAnotherTimer) {
  auto second = std::make_unique<Timer>(loop, [&] { fired += '2'; });
  Timer first(loop, [&] { second.reset(); });
  first.start_after(1s);
  second->start_after(2s);

  pass(3s);

  EXPECT_EQ(fired, "");
}

// Otherwise a timer that restarts itself for "now" would keep the loop from its streams for ever.
TEST_F(TimerQueueTest, WhatACallbackStartsForNowFiresInTheNextTurn) {
  Timer timer(loop, [&] {
    fired += 't';
    timer.start_after(0s);
  });
  timer.start_after(1s);

  pass(1s);
  EXPECT_EQ(fired, "t");
  loop.turn();
  EXPECT_EQ(fired, "tt");
}

TEST_F(TimerQueueTest, WhatACallbackStartsForThePastHoldsUpNoOtherThatIsDue) {
  Timer past(loop, [&] { fired += 'p'; });
  Timer first(loop, [&] {
    fired += '1';
    past.start_at(MonotonicTime{});
  });
  Timer second(loop, [&] { fired += '2'; });
  first.start_after(1s);
  second.start_after(2s);

  pass(2s);
  EXPECT_EQ(fired, "12");
  loop.turn();
  EXPECT_EQ(fired, "12p");
}

// Against a plain sorted list: random starts, restarts and stops.
TEST_F(TimerQueueTest, KeepsTheOrderOfASortedListWhateverIsStartedAndStopped) {
  for_each_seed(50, [&](std::uint64_t seed) {
    SeededRandom random(seed);
    struct Expected {
      MonotonicTime due;
      std::size_t number;
      std::size_t place = 0;  // in the order of starting
    };
    std::vector<Expected> expected;
    std::vector<std::size_t> order;
    std::vector<std::unique_ptr<Timer>> timers;
    for (std::size_t i = 0; i < 60; ++i) {
      timers.push_back(std::make_unique<Timer>(loop, [&order, i] { order.push_back(i); }));
    }
    for (int step = 0; step < 400; ++step) {
      const auto number = static_cast<std::size_t>(random.below(timers.size()));
      std::erase_if(expected, [&](const Expected& entry) { return entry.number == number; });
      if (random.below(4) == 0) {
        timers[number]->stop();
      } else {
        const auto due = loop.now() + std::chrono::seconds(1 + random.below(30));
        timers[number]->start_at(due);
        expected.push_back({.due = due, .number = number});
      }
      EXPECT_EQ(loop.timers().size(), expected.size());
    }
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i].place = i;
    std::sort(expected.begin(), expected.end(), [](const Expected& a, const Expected& b) {
      return a.due != b.due ? a.due < b.due : a.place < b.place;
    });

    pass(1min);

    ASSERT_EQ(order.size(), expected.size());
    for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], expected[i].number);
  });
}

}  // namespace
}  // namespace crosspoint::net
