#include "access/io/deny_keeper.h"

#include <gmock/gmock.h>

#include "testing/manual_clock.h"
#include "testing/manual_loop.h"

namespace crosspoint::access {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct FakeDoor final : Door {
  FakeDoor(net::Loop& loop, Random& random) : loop_(loop), desk_({}, random) {}
  net::Loop& loop() override { return loop_; }
  Desk& desk() override { return desk_; }
  void close_booking(std::string_view booking) override { closed.emplace_back(booking); }

  net::Loop& loop_;
  Desk desk_;
  std::vector<std::string> closed;
};

struct HeldStore final : DenyStore {
  Result<std::vector<DeniedBooking>, std::string> load() override { return known; }
  void put(DeniedBooking denied, Done done) override {
    known.push_back(std::move(denied));
    owed.push_back(std::move(done));
  }
  void erase(std::string booking, Done done) override {
    std::erase_if(known, [&](const auto& entry) { return entry.booking == booking; });
    owed.push_back(std::move(done));
  }
  void prune(WallTime) override { ++prunes; }
  void answer(std::optional<std::string> trouble = {}) {
    for (auto& done: std::exchange(owed, {})) done(trouble);
  }

  std::vector<DeniedBooking> known;
  std::vector<Done> owed;
  int prunes = 0;
};

struct DenyKeeperTest : ::testing::Test {
  testing::ManualClock clock;
  SeededRandom random{3};
  testing::ManualLoop first{clock}, second{clock};
  FakeDoor here{first, random}, there{second, random};
  HeldStore store;
  std::unique_ptr<DenyKeeper> keeper = *DenyKeeper::make({&here, &there}, store, 5min);
  std::vector<std::string> answers;

  void turn() {
    for (int i = 0; i < 4; ++i) {
      first.turn();
      second.turn();
    }
  }
  DenyKeeper::Done note(std::string name) {
    return [this, name](std::optional<std::string> trouble) {
      answers.push_back(name + (trouble ? ": " + *trouble : ""));
    };
  }
  WallTime soon() const { return clock.wall() + 1h; }
};

TEST_F(DenyKeeperTest, ADenialReachesEveryLoopAndClosesTheBooking) {
  keeper->deny({"b1", soon()}, second, note("denied"));
  turn();

  EXPECT_THAT(here.desk_.denied(), ElementsAre("b1"));
  EXPECT_THAT(there.desk_.denied(), ElementsAre("b1"));
  EXPECT_THAT(here.closed, ElementsAre("b1"));
  EXPECT_THAT(there.closed, ElementsAre("b1"));
}

TEST_F(DenyKeeperTest, IsAnsweredOnlyOnceItIsWrittenDown) {
  keeper->deny({"b1", soon()}, second, note("denied"));
  turn();
  EXPECT_THAT(answers, IsEmpty());

  store.answer();
  turn();

  EXPECT_THAT(answers, ElementsAre("denied"));
}

TEST_F(DenyKeeperTest, SaysSoWhenADenialHoldsButWouldBeForgotten) {
  keeper->deny({"b1", soon()}, first, note("denied"));
  turn();
  store.answer("the disk is full");
  turn();

  EXPECT_THAT(answers, ElementsAre("denied: the disk is full"));
  EXPECT_THAT(here.desk_.denied(), ElementsAre("b1"));
}

TEST_F(DenyKeeperTest, C14_ChangesAreInOneOrderEverywhere) {
  keeper->deny({"b1", soon()}, first, note("1"));
  keeper->allow({"b1", soon()}, second, note("2"));
  keeper->deny({"b1", soon()}, second, note("3"));
  turn();
  store.answer();
  turn();

  EXPECT_THAT(here.desk_.denied(), ElementsAre("b1"));
  EXPECT_THAT(there.desk_.denied(), ElementsAre("b1"));
  EXPECT_EQ(store.known.size(), 1u);
  EXPECT_EQ(answers.size(), 3u);
}

TEST_F(DenyKeeperTest, WhoeverListensHearsOfAChangeAndOfWhoAskedForItBeforeItIsAnswered) {
  std::vector<std::string> heard;
  keeper->tell([&](DenyKeeper::Kind kind, const BookingChange& change) {
    heard.push_back((kind == DenyKeeper::Kind::deny ? "deny " : "allow ") + change.booking + " " +
                    in_words(change.by));
    EXPECT_THAT(here.desk_.denied(), ElementsAre("b1"));
    EXPECT_THAT(answers, IsEmpty());
  });
  keeper->deny({"b1", soon(), {"peter", "192.0.2.7"}}, second, note("denied"));
  turn();
  EXPECT_THAT(heard, IsEmpty()) << "it is not written down yet";
  store.answer();
  turn();
  EXPECT_THAT(heard, ElementsAre("deny b1 by peter, from 192.0.2.7"));
  EXPECT_THAT(answers, ElementsAre("denied"));
}

TEST_F(DenyKeeperTest, AllowClosesNothing) {
  keeper->allow({"b1", soon()}, first, note("allowed"));
  turn();
  EXPECT_THAT(here.closed, IsEmpty());
}

TEST_F(DenyKeeperTest, BeginsWithWhatTheStoreHolds) {
  HeldStore full;
  full.known = {{"b7", soon()}};
  FakeDoor door(first, random);

  const auto made = DenyKeeper::make({&door}, full, 5min);

  ASSERT_TRUE(made);
  EXPECT_THAT(door.desk_.denied(), ElementsAre("b7"));
}

TEST_F(DenyKeeperTest, TidiesEverySoOften) {
  keeper->deny({"b1", clock.wall() + 1min}, first, note("denied"));
  turn();
  clock.advance(5min + 1s);
  turn();

  EXPECT_EQ(store.prunes, 1);
  EXPECT_THAT(there.desk_.denied(), IsEmpty());
}

}  // namespace
}  // namespace crosspoint::access
