// Histories of a broker's subscriptions: wamp-router 7.6.
#include "wamp/test_broker.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BrokerHistory : public BrokerTest {
 protected:
  SubscriptionId keep(std::string_view uri, Match match, HistoryLimits limits = {}) {
    ++histories;
    return broker().keep_history(uri, match, limits, now).id();
  }
  std::vector<SharedKeptEvent> all(SubscriptionId id) {
    return broker().subscriptions().find(id)->history()->select({}, {}, now);
  }
};

TEST_F(BrokerHistory, RunsWithoutASubscriberUnderAnIdThatStays) {
  const auto id = keep("a.b", Match::exact);
  Session& publisher = join("admin");
  const auto outcome = publish(publisher, to("a.b", "[7]"), {.disclose = true});
  publish(publisher, to("a.c"));

  const auto events_kept = all(id);
  ASSERT_EQ(events_kept.size(), 1u);
  EXPECT_EQ(events_kept[0]->publication, outcome.publication);
  EXPECT_EQ(events_kept[0]->topic, "a.b");
  EXPECT_EQ(events_kept[0]->time, now);
  EXPECT_EQ(as_text(events_kept[0]->payload.view().args), "[7]");
  EXPECT_EQ(events_kept[0]->publisher->authrole, "admin");

  Session& subscriber = join();
  EXPECT_EQ(subscribe(subscriber, "a.b"), id);
  EXPECT_THAT(events.take(), ElementsAre("subscribe 101 1"));  // it was there
  unsubscribing(subscriber, id);
  EXPECT_THAT(events.take(), ElementsAre("unsubscribe 101 1"));  // and stays
  EXPECT_EQ(all(id).size(), 1u);
}

TEST_F(BrokerHistory, OfAPatternHasAllTopicsItMeans) {
  const auto prefix = keep("a.", Match::prefix);
  const auto wildcard = keep(".b", Match::wildcard);
  Session& publisher = join();
  for (const auto* topic: {"a.b", "x.b", "a.c", "z"}) publish(publisher, to(topic));
  EXPECT_EQ(all(prefix).size(), 2u);
  EXPECT_EQ(all(wildcard).size(), 2u);
  EXPECT_EQ(all(prefix)[0], all(wildcard)[0]);  // one event, kept once
}

TEST_F(BrokerHistory, HasEachPublicationOnceHoweverManyReceiveIt) {
  const auto id = keep("a", Match::exact);
  Session& publisher = join();
  for (int i = 0; i < 3; ++i) subscribe(join(), "a");
  publish(publisher, to("a"));
  EXPECT_EQ(all(id).size(), 1u);
}

TEST_F(BrokerHistory, LeavesOutWhatWasPublishedWithListsOfSessions) {
  const auto id = keep("a", Match::exact);
  Session& publisher = join();
  Publish message = to("a");
  message.lists = ReceiverLists{.exclude = {{SessionId{1}}}};
  publish(publisher, message);
  message.lists = ReceiverLists{.eligible = {{SessionId{1}}}, .eligible_authrole = {{"user"}}};
  publish(publisher, message);
  EXPECT_THAT(all(id), IsEmpty());
  message.lists = ReceiverLists{.exclude_authrole = {{"x"}}};
  publish(publisher, message);
  EXPECT_EQ(all(id).size(), 1u);
}

TEST_F(BrokerHistory, ForgetsWhatIsTooOldOfTopicsThatFellSilent) {
  const auto id = keep("a", Match::exact, {.age_max = 10s});
  Session& publisher = join();
  publish(publisher, to("a"));
  now += 11s;
  broker().expire_histories(now);
  EXPECT_EQ(broker().subscriptions().find(id)->history()->size(), 0u);
}

TEST_F(BrokerHistory, OfASubscriptionWithoutOneThereIsNone) {
  const auto id = subscribe(join(), "a");
  EXPECT_EQ(broker().subscriptions().find(id)->history(), nullptr);
}

}  // namespace
}  // namespace crosspoint::wamp
