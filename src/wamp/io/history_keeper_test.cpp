#include "wamp/io/history_keeper.h"

#include <gmock/gmock.h>

#include "wamp/io/test_history_file.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr HistoryKeeperSettings at_once{.write_within = 0ms, .retry_after = 0ms};
// Nothing is written until the keeper goes.
constexpr HistoryKeeperSettings at_the_end{.write_within = 1h, .retry_after = 1h};

SharedKeptEvent kept_as(std::uint64_t publication) {
  KeptEvent event;
  event.publication = PublicationId{publication};
  event.topic = "com.log";
  return std::make_shared<const KeptEvent>(std::move(event));
}

struct HistoryKeeperTest : ::testing::Test {
  ~HistoryKeeperTest() override { disk.let_go(); }

  std::unique_ptr<HistoryKeeper> make_keeper(const HistoryKeeperSettings& settings) {
    auto file = disk.open();
    std::vector<StoredHistory> histories;
    for (const auto& kept: topics) histories.push_back(*file->load("lab", kept));
    return std::make_unique<HistoryKeeper>(std::move(file), std::move(histories), settings);
  }
  // As a realm does it.
  std::unique_ptr<History> open(HistoryKeeper& keeper, const KeptTopic& topic) {
    auto history = std::make_unique<History>(topic.history);
    auto opened = keeper.open("lab", topic);
    history->attach(*opened.store);
    for (auto& event: opened.events) history->restore(std::move(event));
    return history;
  }
  static void add(History& history, std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t id = first; id <= last; ++id) history.add(kept_as(id));
  }

  KeptTopic log{.uri = "com.log", .history = {.events_max = 4}};
  std::vector<KeptTopic> topics{log};
  TestHistoryDisk disk;
};

TEST_F(HistoryKeeperTest, WritesWhatIsAddedInItsOrderAndErasesWhatIsForgotten) {
  const auto keeper = make_keeper(at_once);
  const auto history = open(*keeper, log);
  add(*history, 1, 3);
  disk.wait_for_events(3);
  add(*history, 4, 6);
  disk.wait_for_events(6);

  EXPECT_THAT(disk.events(1), ElementsAre(3, 4, 5, 6));
}

TEST_F(HistoryKeeperTest, TheNextProgramGoesOnWithThem) {
  for (const std::uint64_t first: {1u, 4u, 7u}) {
    const auto keeper = make_keeper(at_once);
    const auto history = open(*keeper, log);
    EXPECT_EQ(history->size(), std::min<std::size_t>(first - 1, 4));
    add(*history, first, first + 2);
  }
  EXPECT_THAT(disk.events(1), ElementsAre(6, 7, 8, 9));
}

TEST_F(HistoryKeeperTest, WhatGathersSharesAFlushAndNoneIsLongerThanItMayBe) {
  topics[0].history.events_max = 1000;
  {
    auto settings = at_the_end;
    settings.events_max = 10;
    const auto keeper = make_keeper(settings);
    const auto history = open(*keeper, topics[0]);
    add(*history, 1, 25);
    EXPECT_EQ(keeper->waiting(), 25u);
    EXPECT_THAT(disk.flushes(), IsEmpty());
  }
  EXPECT_THAT(disk.flushes(), ElementsAre(10, 10, 5));
}

TEST_F(HistoryKeeperTest, ADiskThatStandsStillHoldsUpNobodyAndGrowsNothing) {
  disk.hold();
  {
    const auto keeper = make_keeper(at_once);
    const auto history = open(*keeper, log);
    add(*history, 1, 1);
    disk.wait_for_writer();
    add(*history, 2, 10'000);
    EXPECT_EQ(keeper->waiting(), 4u);  // as many as the history has itself
    EXPECT_EQ(keeper->counters().unwritten, 9996u);
    disk.let_go();
  }
  EXPECT_THAT(disk.events(1), ElementsAre(9997, 9998, 9999, 10'000));
}

TEST_F(HistoryKeeperTest, WhatCouldNotBeWrittenIsWrittenWhenItCan) {
  disk.fail_writes(3);
  const auto keeper = make_keeper(at_once);
  const auto history = open(*keeper, log);
  add(*history, 1, 2);
  disk.wait_for_events(2);

  EXPECT_THAT(disk.events(1), ElementsAre(1, 2));
  EXPECT_EQ(keeper->counters().failures, 3u);
}

TEST_F(HistoryKeeperTest, ADiskThatStaysFullDoesNotKeepTheProgramFromEnding) {
  disk.fail_writes(-1);
  {
    const auto keeper = make_keeper(at_the_end);
    add(*open(*keeper, log), 1, 2);
  }
  EXPECT_THAT(disk.events(1), IsEmpty());
}

TEST_F(HistoryKeeperTest, HistoriesDoNotWaitForEachOther) {
  topics.push_back({.uri = "com.other"});
  const auto keeper = make_keeper(at_once);
  const auto one = open(*keeper, topics[0]), other = open(*keeper, topics[1]);
  disk.hold();
  add(*one, 1, 1);
  disk.wait_for_writer();
  add(*one, 2, 3);
  add(*other, 11, 12);
  disk.let_go();
  disk.wait_for_events(5);

  EXPECT_THAT(disk.events(1), ElementsAre(1, 2, 3));
  EXPECT_THAT(disk.events(2), ElementsAre(11, 12));
  EXPECT_THAT(disk.flushes(), SizeIs(::testing::Le(3u)));
}

TEST_F(HistoryKeeperTest, ARealmThatComesAgainBeginsWithNothing) {
  {
    const auto keeper = make_keeper(at_once);
    add(*open(*keeper, log), 1, 3);
    const auto again = open(*keeper, log);
    EXPECT_EQ(again->size(), 0u);
    add(*again, 4, 5);
  }
  EXPECT_THAT(disk.events(1), ElementsAre(4, 5));
}

TEST_F(HistoryKeeperTest, AHistoryThatItWasNotGivenIsNotInIt) {
  const auto keeper = make_keeper(at_once);
  EXPECT_EQ(keeper->open("lab", {.uri = "com.other"}).store, nullptr);
  EXPECT_EQ(keeper->open("other", log).store, nullptr);
}

}  // namespace
}  // namespace crosspoint::wamp
