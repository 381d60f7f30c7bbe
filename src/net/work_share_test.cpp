#include "net/work_share.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "testing/world.h"

namespace crosspoint::net {
namespace {

using ::testing::ElementsAre;

class WorkShareTest : public ::testing::Test {
 protected:
  // Work that takes its time, by the clock of the world.
  class Costly final : public WorkShare::Work {
   public:
    Costly(WorkShareTest& test, Duration cost, int number) : test_(test), cost_(cost), number_(number) {}
    std::function<void()> then = [] {};

   private:
    void on_share() override {
      test_.world.clock().advance(cost_);
      test_.done.push_back(number_);
      const auto still_there = then;
      still_there();
    }
    WorkShareTest& test_;
    Duration cost_;
    int number_;
  };

  Costly& add(Duration cost) {
    works.push_back(std::make_unique<Costly>(*this, cost, static_cast<int>(works.size())));
    return *works.back();
  }
  void run(Duration cost) { share.run(add(cost)); }
  void turn() { world.loop().turn(); }

  testing::MemoryWorld world;
  WorkShare share{world.loop(), world.clock(), {.percent = 25, .burst = 4ms}};
  std::vector<std::unique_ptr<Costly>> works;
  std::vector<int> done;
};

TEST_F(WorkShareTest, WorkRunsAtOnceWhileThereIsRoom) {
  turn();
  for (int i = 0; i < 3; ++i) run(1ms);
  EXPECT_THAT(done, ElementsAre(0, 1, 2));
}

TEST_F(WorkShareTest, ATurnRunsABurstAndThePieceThatExceedsItAndNoMore) {
  turn();
  for (int i = 0; i < 1000; ++i) run(1ms);
  EXPECT_EQ(done.size(), 5u);
  EXPECT_EQ(share.waiting(), 995u);
  for (int turns = 0; turns < 10; ++turns) {
    const auto before = done.size();
    world.clock().advance(1s);
    turn();
    EXPECT_LE(done.size() - before, 5u) << "after a rest, too";
  }
}

TEST_F(WorkShareTest, AFloodHasItsShareOfTheTimeAndNothingIsLost) {
  turn();
  const auto began = world.clock().monotonic();
  for (int i = 0; i < 200; ++i) run(1ms);
  world.run_until([&] { return share.waiting() == 0; }, 10s);
  const auto took = world.clock().monotonic() - began;
  EXPECT_GE(took, (200ms - 5ms) * 4 - 16ms);
  EXPECT_LE(took, 200ms * 4 + 16ms) << "nor does it have less";
  EXPECT_EQ(done.size(), 200u);
  EXPECT_TRUE(std::ranges::is_sorted(done)) << "first come, first served";
}

TEST_F(WorkShareTest, WhoComesWhileOthersWaitWaitsBehindThem) {
  turn();
  for (int i = 0; i < 12; ++i) run(1ms);
  ASSERT_EQ(done.size(), 5u);
  world.clock().advance(1s);
  world.loop().post([this] { run(1ms); });  // before the timer
  turn();
  EXPECT_THAT(done, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  world.run_until([&] { return share.waiting() == 0; }, 1s);
  EXPECT_EQ(done.back(), 12);
}

TEST_F(WorkShareTest, WorkThatIsDestroyedWhileItWaitsIsForgotten) {
  turn();
  for (int i = 0; i < 8; ++i) run(1ms);
  EXPECT_TRUE(works[6]->waits());
  works[6].reset();
  world.run_until([&] { return share.waiting() == 0; }, 1s);
  EXPECT_THAT(done, ElementsAre(0, 1, 2, 3, 4, 5, 7));
}

TEST_F(WorkShareTest, WorkMayDestroyItselfAndMayComeAgain) {
  turn();
  auto& comes_again = add(1ms);
  share.run(comes_again);
  share.run(comes_again);
  run(100ms);
  auto& last = add(1ms);
  last.then = [this] { works.back().reset(); };
  share.run(last);
  world.run_until([&] { return share.waiting() == 0; }, 1s);
  EXPECT_THAT(done, ElementsAre(0, 0, 1, 2));
}

TEST_F(WorkShareTest, WhatWorkAsksForIsPartOfIt) {
  turn();
  auto& inner = add(50ms);
  auto& outer = add(1ms);
  outer.then = [&] { share.run(inner); };
  share.run(outer);
  EXPECT_THAT(done, ElementsAre(1, 0));
  run(1ms);
  EXPECT_EQ(done.size(), 2u) << "the inner one was paid for";
}

TEST_F(WorkShareTest, AShareThatEndsRunsNothingMore) {
  turn();
  {
    WorkShare ends(world.loop(), world.clock(), {.percent = 1, .burst = 1ms});
    ends.run(add(1s));
    ends.run(add(1s));
    EXPECT_TRUE(works[1]->waits());
  }
  EXPECT_FALSE(works[1]->waits());
  world.advance(1h);
  EXPECT_THAT(done, ElementsAre(0));
}

}  // namespace
}  // namespace crosspoint::net
