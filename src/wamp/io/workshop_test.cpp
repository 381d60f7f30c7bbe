#include "wamp/io/workshop.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

#include "net/system_clock.h"
#include "net/system_loop.h"

namespace crosspoint::wamp {
namespace {

TEST(Workshop, JobsAreDoneElsewhereInTheirOrderAndResultsComeToTheLoop) {
  net::SystemClock clock;
  net::SystemLoop loop(clock);
  const auto here = std::this_thread::get_id();
  std::vector<int> finished;
  Workshop workshop(loop, 10);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(workshop.run([here, i] { return std::this_thread::get_id() != here && i % 2 == 0; },
                             [&, i](bool result) {
                               EXPECT_EQ(std::this_thread::get_id(), here);
                               EXPECT_EQ(result, i % 2 == 0);
                               finished.push_back(i);
                               if (i == 4) loop.stop();
                             }));
  }
  loop.run();
  EXPECT_EQ(finished, (std::vector{0, 1, 2, 3, 4}));
}

TEST(Workshop, WhenItIsFullItSaysSo) {
  net::SystemClock clock;
  net::SystemLoop loop(clock);
  std::promise<void> begun, go_on;
  Workshop workshop(loop, 2);
  const auto nothing = [](bool) {};
  ASSERT_TRUE(workshop.run(
      [&] {
        begun.set_value();
        go_on.get_future().wait();
        return true;
      },
      nothing));
  begun.get_future().wait();
  EXPECT_TRUE(workshop.run([] { return true; }, nothing));
  EXPECT_TRUE(workshop.run([] { return true; }, nothing));
  EXPECT_FALSE(workshop.run([] { return true; }, nothing));
  go_on.set_value();
}

TEST(Workshop, MayEndWhileJobsWait) {
  net::SystemClock clock;
  net::SystemLoop loop(clock);
  std::promise<void> begun, go_on;
  auto workshop = std::make_unique<Workshop>(loop, 10);
  std::atomic<int> done = 0;
  workshop->run(
      [&] {
        begun.set_value();
        go_on.get_future().wait();
        return true;
      },
      [](bool) {});
  begun.get_future().wait();
  for (int i = 0; i < 5; ++i) workshop->run([&] { return ++done > 0; }, [](bool) {});
  go_on.set_value();
  workshop.reset();
  EXPECT_LE(done, 5);
}

}  // namespace
}  // namespace crosspoint::wamp
