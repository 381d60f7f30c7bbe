#include "net/signals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <vector>

#include "net/system_clock.h"

namespace crosspoint::net {
namespace {

class SignalsTest : public ::testing::Test {
 protected:
  SystemClock clock;
  SystemLoop loop{clock};
  std::vector<Signal> seen;
};

TEST_F(SignalsTest, J2_SignalsBecomeCallbacksOnTheLoop) {
  const Signals signals(loop, [&](Signal signal) { seen.push_back(signal); });
  std::raise(SIGTERM);
  std::raise(SIGINT);
  std::raise(SIGHUP);
  EXPECT_TRUE(seen.empty());

  for (int i = 0; i < 3; ++i) loop.turn(1s);

  EXPECT_EQ(seen, (std::vector{Signal::terminate, Signal::interrupt, Signal::hangup}));
}

// The second SIGTERM ends the program at once: that is only possible if both are told.
TEST_F(SignalsTest, J2_TheSameSignalTwiceIsToldTwice) {
  const Signals signals(loop, [&](Signal signal) { seen.push_back(signal); });
  std::raise(SIGTERM);
  std::raise(SIGTERM);

  for (int i = 0; i < 2; ++i) loop.turn(1s);

  EXPECT_EQ(seen.size(), 2u);
}

TEST_F(SignalsTest, J1_ABrokenPipeIsAnErrorNotADeath) {
  const Signals signals(loop, [&](Signal signal) { seen.push_back(signal); });
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ::close(ends[0]);

  EXPECT_EQ(::write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  ::close(ends[1]);
}

TEST_F(SignalsTest, AfterwardsSignalsDoWhatTheyDidBefore) {
  struct sigaction ignore{};
  struct sigaction before{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGHUP, &ignore, &before);
  {
    const Signals signals(loop, [&](Signal signal) { seen.push_back(signal); });
  }

  std::raise(SIGHUP);
  loop.turn(0s);

  EXPECT_TRUE(seen.empty());
  ::sigaction(SIGHUP, &before, nullptr);
}

}  // namespace
}  // namespace crosspoint::net
