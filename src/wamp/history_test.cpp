// Event history: wamp-router 7.6.
#include "wamp/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Ids = std::vector<std::uint64_t>;

WallTime at(int seconds) { return WallTime{} + std::chrono::seconds(seconds); }

SharedKeptEvent kept(std::uint64_t publication, int seconds, std::string topic = "a",
                     std::optional<ReceiverLists> lists = {}) {
  KeptEvent event;
  event.publication = PublicationId{publication};
  event.time = at(seconds);
  event.topic = std::move(topic);
  event.lists = std::move(lists);
  return std::make_shared<const KeptEvent>(std::move(event));
}

Ids ids_of(const std::vector<SharedKeptEvent>& events) {
  Ids ids;
  for (const auto& event: events) ids.push_back(number(event->publication));
  return ids;
}

// Publications 31, 17, 25, 19, 42 (ids are random, so they have no order) at 10, 20, 20, 30, 40 s.
class FilledHistory : public ::testing::Test {
 protected:
  FilledHistory() {
    history.add(kept(31, 10, "a"));
    history.add(kept(17, 20, "b"));
    history.add(kept(25, 20, "a"));
    history.add(kept(19, 30, "b"));
    history.add(kept(42, 40, "a"));
  }
  Ids select(const HistoryFilter& filter) { return ids_of(history.select(filter, {}, at(50))); }

  History history{HistoryLimits{}};
};

TEST_F(FilledHistory, GivesAllOldestFirstOrInReverse) {
  EXPECT_EQ(select({}), (Ids{31, 17, 25, 19, 42}));
  EXPECT_EQ(select({.reverse = true}), (Ids{42, 19, 25, 17, 31}));
}

TEST_F(FilledHistory, LimitsThoseThatComeFirst) {
  EXPECT_EQ(select({.limit = 2}), (Ids{31, 17}));
  EXPECT_EQ(select({.reverse = true, .limit = 2}), (Ids{42, 19}));
  EXPECT_EQ(select({.limit = 99}).size(), 5u);
  EXPECT_EQ(select({.limit = 2, .topic = "b"}), (Ids{17, 19}));  // of those that fit
}

TEST_F(FilledHistory, TellsFromAndUntilFromAfterAndBefore) {
  EXPECT_EQ(select({.from_time = at(20)}), (Ids{17, 25, 19, 42}));
  EXPECT_EQ(select({.after_time = at(20)}), (Ids{19, 42}));
  EXPECT_EQ(select({.before_time = at(20)}), (Ids{31}));
  EXPECT_EQ(select({.until_time = at(20)}), (Ids{31, 17, 25}));
  EXPECT_EQ(select({.from_time = at(20), .before_time = at(40)}), (Ids{17, 25, 19}));
  EXPECT_EQ(select({.after_time = at(40)}), Ids{});
}

TEST_F(FilledHistory, TellsPublicationsByTheirPlaceNotTheirNumber) {
  EXPECT_EQ(select({.from_publication = PublicationId{25}}), (Ids{25, 19, 42}));
  EXPECT_EQ(select({.after_publication = PublicationId{25}}), (Ids{19, 42}));
  EXPECT_EQ(select({.before_publication = PublicationId{25}}), (Ids{31, 17}));
  EXPECT_EQ(select({.until_publication = PublicationId{25}}), (Ids{31, 17, 25}));
  EXPECT_EQ(select({.from_publication = PublicationId{17}, .until_publication = PublicationId{19}}),
            (Ids{17, 25, 19}));
  EXPECT_EQ(select({.reverse = true, .limit = 1, .before_publication = PublicationId{25}}), (Ids{17}));
  EXPECT_EQ(select({.after_publication = PublicationId{19}, .before_publication = PublicationId{17}}), Ids{});
}

TEST_F(FilledHistory, APublicationThatIsNotThereSelectsNothing) {
  const PublicationId unknown{1};
  EXPECT_EQ(select({.from_publication = unknown}), Ids{});
  EXPECT_EQ(select({.after_publication = unknown}), Ids{});
  EXPECT_EQ(select({.before_publication = unknown}), Ids{});
  EXPECT_EQ(select({.until_publication = unknown}), Ids{});
}

TEST_F(FilledHistory, AllFiltersMustHold) {
  EXPECT_EQ(select({.topic = "a"}), (Ids{31, 25, 42}));
  EXPECT_EQ(select({.topic = "none"}), Ids{});
  EXPECT_EQ(select({.from_time = at(20), .topic = "a", .before_publication = PublicationId{42}}), (Ids{25}));
}

TEST(History, AsksTheListsByNameAboutWhoReads) {
  History history{HistoryLimits{}};
  history.add(kept(1, 0, "a", ReceiverLists{.eligible_authrole = {{"admin"}}}));
  history.add(kept(2, 0, "a", ReceiverLists{.exclude_authid = {{"peter"}}}));
  history.add(kept(3, 0, "a", ReceiverLists{.eligible_authid = std::vector<std::string>{}}));
  history.add(kept(4, 0));
  EXPECT_EQ(ids_of(history.select({}, {.authid = "peter", .authrole = "admin"}, at(0))), (Ids{1, 4}));
  EXPECT_EQ(ids_of(history.select({}, {.authid = "anna", .authrole = "user"}, at(0))), (Ids{2, 4}));
}

TEST(History, WhatIsPassedThroughIsForWhoAnnouncedItBeforeAnythingIsCounted) {
  KeptEvent event;
  event.pass_through = KeptPassThrough({PassThrough::Dialect::ppt, "x_a", {}, {}, {}});
  event.publication = PublicationId{1};
  History history{HistoryLimits{}};
  history.add(std::make_shared<const KeptEvent>(event));
  event.pass_through = KeptPassThrough({PassThrough::Dialect::enc, "x_a", {}, {}, {}});
  event.publication = PublicationId{2};
  history.add(std::make_shared<const KeptEvent>(event));

  EXPECT_EQ(ids_of(history.select({}, {.takes_pass_through = true}, at(0))), (Ids{1, 2}));
  EXPECT_EQ(ids_of(history.select({.limit = 1}, {}, at(0))), (Ids{2}));
}

TEST(History, ForgetsTheOldestBeyondItsNumber) {
  History history{HistoryLimits{.events_max = 2}};
  for (std::uint64_t i = 1; i <= 3; ++i) history.add(kept(i, 0));
  EXPECT_EQ(ids_of(history.select({}, {}, at(0))), (Ids{2, 3}));
}

TEST(History, ForgetsTheOldestBeyondItsBytes) {
  const std::size_t bytes_of_one = kept(1, 0)->bytes();
  History history{HistoryLimits{.bytes_max = 2 * bytes_of_one}};
  for (std::uint64_t i = 1; i <= 3; ++i) history.add(kept(i, 0));
  EXPECT_EQ(history.bytes(), 2 * bytes_of_one);
  EXPECT_EQ(ids_of(history.select({}, {}, at(0))), (Ids{2, 3}));
}

TEST(History, ForgetsWhatIsTooOld) {
  History history{HistoryLimits{.age_max = 10s}};
  history.add(kept(1, 0));
  history.add(kept(2, 5));
  EXPECT_EQ(ids_of(history.select({}, {}, at(10))), (Ids{1, 2}));
  EXPECT_EQ(ids_of(history.select({}, {}, at(11))), (Ids{2}));
  history.add(kept(3, 16));
  EXPECT_EQ(history.size(), 1u);
  history.expire(at(27));
  EXPECT_EQ(history.size(), 0u);
  EXPECT_EQ(history.bytes(), 0u);
}

class RecordedStore final : public HistoryStore {
 public:
  void add(const SharedKeptEvent& event) override {
    said.push_back("add " + std::to_string(number(event->publication)));
  }
  void drop_oldest(std::size_t count) override { said.push_back("drop " + std::to_string(count)); }
  std::vector<std::string> said;
};

TEST(History, AStoreHearsWhatIsAddedAndWhatIsForgottenButNotWhatItGaveItself) {
  RecordedStore store;
  History history{HistoryLimits{.events_max = 3, .age_max = 10s}};
  history.attach(store);
  history.restore(kept(1, 0));
  history.restore(kept(2, 1));
  history.restore(kept(3, 2));
  EXPECT_THAT(store.said, IsEmpty());
  history.add(kept(4, 3));
  history.expire(at(12));
  EXPECT_THAT(store.said, ElementsAre("add 4", "drop 1", "drop 1"));
  EXPECT_EQ(ids_of(history.select({}, {}, at(12))), (Ids{3, 4}));
}

TEST(History, ALimitOfNothingKeepsNothing) {
  History history{HistoryLimits{.events_max = 0}};
  history.add(kept(1, 0));
  EXPECT_EQ(history.size(), 0u);
}

}  // namespace
}  // namespace crosspoint::wamp
