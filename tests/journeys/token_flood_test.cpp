// Strangers who have tokens verified without end, and those who are connected meanwhile (row D7). Everything
// costs 10 ms by the clock that the node measures with, and nothing by the world's.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "relay/io/access_api.h"
#include "secure_product.h"
#include "testing/raw_client.h"

namespace crosspoint::journeys {
namespace {

class SlowClock final : public Clock {
 public:
  MonotonicTime monotonic() const override { return MonotonicTime(++readings_ * 10ms); }
  WallTime wall() const override { return {}; }

 private:
  mutable std::int64_t readings_ = 0;
};

struct TokenFlood : ::testing::Test {
  void ask(const std::string& token) {
    strangers.push_back(
        std::make_unique<testing::RawClient>(world.loop(), world.network(), product.access()));
    strangers.back()->send("POST /session/t1 HTTP/1.1\r\nHost: x\r\nAuthorization: " + token +
                           "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }
  std::size_t answered(const std::string& with = "HTTP/1.1 ") const {
    return static_cast<std::size_t>(std::ranges::count_if(
        strangers, [&](const auto& stranger) { return stranger->received().starts_with(with); }));
  }

  testing::MemoryWorld world;
  SlowClock slow;
  SecureProduct product{world, {.cost_clock = &slow}};
  std::vector<std::unique_ptr<testing::RawClient>> strangers;
};

TEST_F(TokenFlood, D7_BadTokensHaveTheirShareOfTheLoopAndVideoHasTheRest) {
  const auto sender = product.open("t1", product.token("t1", {"write"}));
  const auto viewer = product.open("t1", product.token("t1", {"read"}));
  world.advance(1s);

  const auto bad = product.token("t1") + "x";
  for (int i = 0; i < 100; ++i) ask(bad);
  world.run_until_idle();
  EXPECT_EQ(answered(), 1u) << "a second one is more than a burst and the one that exceeds it";
  sender->send("picture");
  world.run_until_idle();
  EXPECT_THAT(viewer->messages, ::testing::ElementsAre(text("picture"))) << "in the same moment";

  world.advance(1s);
  EXPECT_LE(answered(), 27u);
  EXPECT_GE(answered(), 23u);
  world.advance(4s);
  EXPECT_EQ(answered("HTTP/1.1 401 "), 100u) << "nobody is forgotten";
}

TEST_F(TokenFlood, WhoShowsNoTokenIsAnsweredAtOnce) {
  for (int i = 0; i < 10; ++i) ask("garbage");
  ask("");
  world.run_until_idle();
  EXPECT_EQ(answered(), 2u);
  EXPECT_THAT(strangers.back()->received(), ::testing::StartsWith("HTTP/1.1 401 "));
}

TEST_F(TokenFlood, WhoLeavesWhileItsTokenWaitsDoesNoHarm) {
  for (int i = 0; i < 10; ++i) ask("garbage");
  world.run_until_idle();
  strangers.resize(5);
  world.advance(2s);
  EXPECT_EQ(answered("HTTP/1.1 401 "), 5u);
}

TEST_F(TokenFlood, OneMoreThanMayWaitIsToldToComeAgain) {
  const auto most = relay::AccessApi::unverified_max;
  for (std::size_t i = 0; i < 1 + most; ++i) {  // the first one has its answer
    ask("garbage");
    world.run_until_idle();
  }
  EXPECT_EQ(answered(), 1u);

  ask("garbage");
  world.run_until_idle();
  EXPECT_EQ(answered("HTTP/1.1 503 "), 1u);
  EXPECT_THAT(strangers.back()->received(), ::testing::HasSubstr("Retry-After: 1\r\n"));
}

TEST_F(TokenFlood, TheNodeMayEndWhileTokensWait) {
  for (int i = 0; i < 10; ++i) ask("garbage");
  world.run_until_idle();
  product.stop();
  EXPECT_LT(answered(), 10u);
}

}  // namespace
}  // namespace crosspoint::journeys
