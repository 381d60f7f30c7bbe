// SUBSCRIBE, UNSUBSCRIBE and what ends a subscription: wamp-router 7.1, 7.2, 7.8.
#include "wamp/test_broker.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class BrokerSubscription : public BrokerTest {};

TEST_F(BrokerSubscription, TheFirstSubscriberCreatesItAndOthersShareItsId) {
  Session& first = join();
  Session& second = join();

  EXPECT_THAT(subscribing(first, "a.b"), ElementsAre("[33, 1, 1]"));
  EXPECT_THAT(subscribing(second, "a.b"), ElementsAre("[33, 1, 1]"));

  EXPECT_EQ(broker().subscriptions().size(), 1u);
  EXPECT_THAT(events.seen, ElementsAre("create 100 1", "subscribe 100 1", "subscribe 101 1"));
}

TEST_F(BrokerSubscription, TheSameTextMatchedAnotherWayIsAnotherSubscription) {
  Session& session = join();
  EXPECT_THAT(subscribing(session, "a.b", Match::exact), ElementsAre("[33, 1, 1]"));
  EXPECT_THAT(subscribing(session, "a.b", Match::prefix), ElementsAre("[33, 2, 2]"));
  EXPECT_THAT(subscribing(session, "a.b", Match::wildcard), ElementsAre("[33, 3, 3]"));
}

TEST_F(BrokerSubscription, SubscribingAgainIsAnsweredWithTheSameIdAndChangesNothing) {
  Session& session = join();
  Session& publisher = join();
  const auto id = subscribe(session, "a.b");
  events.take();

  EXPECT_THAT(subscribing(session, "a.b"), ElementsAre("[33, 2, 1]"));
  EXPECT_THAT(events.seen, IsEmpty());
  publish(publisher, to("a.b"));
  EXPECT_THAT(session.peer.take(), ElementsAre(event(id)));
  unsubscribing(session, id);
  publish(publisher, to("a.b"));
  EXPECT_THAT(session.peer.take(), IsEmpty());
}

TEST_F(BrokerSubscription, SubscribedIsSaidBeforeAnyEventOfIt) {
  Session& session = join();
  Session& publisher = join();
  Publish message = to("a.b");
  message.retain = true;
  publish(publisher, message);

  const auto lines = subscribing(session, "a.b", Match::exact, true);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0], "[33, 1, 1]");
  EXPECT_EQ(lines[1], event(SubscriptionId{1}, R"({"retained": true})"));
}

TEST_F(BrokerSubscription, UnsubscribedEndsItsEvents) {
  Session& session = join();
  Session& publisher = join();
  const auto id = subscribe(session, "a.b");

  EXPECT_THAT(unsubscribing(session, id), ElementsAre("[35, 2]"));
  publish(publisher, to("a.b"));

  EXPECT_THAT(session.peer.take(), IsEmpty());
}

TEST_F(BrokerSubscription, WhatASessionHasNotCannotBeUnsubscribed) {
  Session& subscriber = join();
  Session& stranger = join();
  const auto id = subscribe(subscriber, "a.b");
  const Lines refusal{R"([8, 34, 1, {}, "wamp.error.no_such_subscription"])"};

  EXPECT_EQ(unsubscribing(stranger, id), refusal);
  stranger.last_request = 0;
  EXPECT_EQ(unsubscribing(stranger, SubscriptionId{99}), refusal);
  subscribe(stranger, "other");
  stranger.last_request = 0;
  EXPECT_EQ(unsubscribing(stranger, id), refusal);
  EXPECT_EQ(broker().subscriptions().find(id)->subscribers().size(), 1u);
}

TEST_F(BrokerSubscription, IsDeletedWithItsLastSubscriberAndComesBackUnderAnotherId) {
  Session& first = join();
  Session& second = join();
  const auto id = subscribe(first, "a.b");
  subscribe(second, "a.b");
  events.take();

  unsubscribing(first, id);
  EXPECT_THAT(events.take(), ElementsAre("unsubscribe 100 1"));
  unsubscribing(second, id);
  EXPECT_THAT(events.take(), ElementsAre("unsubscribe 101 1", "delete 101 1"));

  EXPECT_EQ(broker().subscriptions().find(id), nullptr);
  EXPECT_EQ(subscribe(first, "a.b"), SubscriptionId{2});
}

TEST_F(BrokerSubscription, OfASessionThatLeavesNothingIsLeft) {
  Session& leaver = join();
  Session& other = join();
  Session& publisher = join();
  subscribe(leaver, "a.b");
  subscribe(leaver, "a.", Match::prefix);
  subscribe(leaver, ".b", Match::wildcard);
  const auto shared = subscribe(other, "a.b");
  events.take();

  broker().leave(leaver.who);

  EXPECT_THAT(events.take(), UnorderedElementsAre("unsubscribe 100 1", "unsubscribe 100 2", "delete 100 2",
                                                  "unsubscribe 100 3", "delete 100 3"));
  EXPECT_EQ(broker().subscriptions().size(), 1u);
  EXPECT_EQ(broker().subscriptions().members(), 1u);
  publish(publisher, to("a.b"));
  EXPECT_THAT(leaver.peer.take(), IsEmpty());
  EXPECT_THAT(other.peer.take(), ElementsAre(event(shared)));
}

// Both reference routers get this wrong: wamp-router section 12.
TEST_F(BrokerSubscription, EachIsLeftBeforeItIsDeletedWhenASessionLeaves) {
  Session& session = join();
  subscribe(session, "a");
  subscribe(session, "b");
  events.take();

  broker().leave(session.who);

  EXPECT_THAT(events.take(),
              ElementsAre("unsubscribe 100 2", "delete 100 2", "unsubscribe 100 1", "delete 100 1"));
}

TEST_F(BrokerSubscription, WhoNeverSubscribedMayLeave) {
  Session& session = join();
  broker().leave(session.who);
  EXPECT_THAT(events.seen, IsEmpty());
}

// A crowd comes and goes in every order; each keeps exactly what it has.
TEST_F(BrokerSubscription, ManySessionsWithManySubscriptionsAreNotMixedUp) {
  std::vector<Session*> crowd;
  for (int i = 0; i < 12; ++i) crowd.push_back(&join());
  std::vector<std::vector<bool>> expected(12, std::vector<bool>(6, false));
  for (int turn = 0; turn < 1500; ++turn) {
    const auto who = random.below(crowd.size());
    const auto what = random.below(6);
    const std::string topic = "topic" + std::to_string(what);
    if (random.below(40) == 0) {
      broker().leave(crowd[who]->who);
      expected[who].assign(6, false);
    } else if (!expected[who][what]) {
      subscribe(*crowd[who], topic);
      expected[who][what] = true;
    } else {
      const Subscription* there = broker().subscriptions().find(topic, Match::exact);
      EXPECT_EQ(unsubscribing(*crowd[who], there->id()).front().substr(0, 4), "[35,");
      expected[who][what] = false;
    }
    for (std::size_t t = 0; t < 6; ++t) {
      std::vector<SessionId> wanted;
      for (std::size_t s = 0; s < crowd.size(); ++s) {
        if (expected[s][t]) wanted.push_back(crowd[s]->who.id());
      }
      const Subscription* there = broker().subscriptions().find("topic" + std::to_string(t), Match::exact);
      const auto sessions = there == nullptr ? std::vector<SessionId>{} : there->sessions();
      ASSERT_THAT(sessions, ::testing::UnorderedElementsAreArray(wanted));
    }
  }
}

// --- Revocation. ---

TEST_F(BrokerSubscription, ARemovedSubscriberIsToldWhenItAnnouncedThat) {
  Session& told = join("user", {Feature::subscriber_revocation});
  Session& silent = join();
  const auto id = subscribe(told, "a.b");
  subscribe(silent, "a.b");
  events.take();

  EXPECT_TRUE(broker().remove_subscriber(id, told.who.id(), "com.app.why"));
  EXPECT_TRUE(broker().remove_subscriber(id, silent.who.id(), ""));

  EXPECT_THAT(told.peer.take(), ElementsAre(R"([35, 0, {"subscription": 1, "reason": "com.app.why"}])"));
  EXPECT_THAT(silent.peer.take(), IsEmpty());
  EXPECT_THAT(events.take(), ElementsAre("unsubscribe 100 1", "unsubscribe 101 1", "delete 101 1"));
  EXPECT_EQ(broker().counters().revoked, 2u);
}

TEST_F(BrokerSubscription, OnlyWhoIsThereCanBeRemoved) {
  Session& subscriber = join();
  Session& other = join();
  const auto id = subscribe(subscriber, "a.b");
  EXPECT_EQ(broker().remove_subscriber(id, other.who.id(), "").error(),
            Broker::RemoveError::not_a_subscriber);
  EXPECT_EQ(broker().remove_subscriber(SubscriptionId{99}, subscriber.who.id(), "").error(),
            Broker::RemoveError::no_such_subscription);
}

// --- Limits. ---

TEST_F(BrokerSubscription, F3_ASessionHasALargestNumberOfSubscriptions) {
  settings.subscriptions_per_session_max = 2;
  Session& session = join();
  subscribe(session, "a");
  const auto second = subscribe(session, "b");

  EXPECT_THAT(subscribing(session, "c"), ElementsAre(R"([8, 32, 3, {}, "wamp.error.unavailable"])"));
  EXPECT_EQ(broker().counters().subscriptions_refused_for_session, 1u);
  EXPECT_THAT(subscribing(session, "a"), ElementsAre("[33, 4, 1]"));  // it has that one
  unsubscribing(session, second);
  EXPECT_THAT(subscribing(session, "c"), ElementsAre("[33, 6, 3]"));
}

TEST_F(BrokerSubscription, ARealmHasALargestNumberOfSubscriptions) {
  settings.subscriptions_max = 2;
  Session& session = join();
  Session& other = join();
  subscribe(session, "a");
  subscribe(session, "b", Match::prefix);

  EXPECT_THAT(subscribing(other, "c"), ElementsAre(R"([8, 32, 1, {}, "wamp.error.unavailable"])"));
  EXPECT_EQ(broker().counters().subscriptions_refused, 1u);
  EXPECT_THAT(subscribing(other, "a"), ElementsAre("[33, 2, 1]"));  // that one is there
  EXPECT_EQ(broker().subscriptions().members(), 2u);
}

// --- Look-ups of the meta API. ---

TEST_F(BrokerSubscription, CanBeListedLookedUpMatchedAndCounted) {
  Session& one = join();
  Session& two = join();
  const auto exact = subscribe(one, "a.b");
  const auto prefix = subscribe(one, "a", Match::prefix);
  const auto wildcard = subscribe(two, ".b", Match::wildcard);
  subscribe(two, "a.b");
  const auto other = subscribe(two, "c");
  const Subscriptions& all = broker().subscriptions();

  EXPECT_THAT(all.list(Match::exact), ElementsAre(exact, other));
  EXPECT_THAT(all.list(Match::prefix), ElementsAre(prefix));
  EXPECT_THAT(all.list(Match::wildcard), ElementsAre(wildcard));
  EXPECT_EQ(all.find("a", Match::prefix)->id(), prefix);
  EXPECT_EQ(all.find("a", Match::exact), nullptr);
  EXPECT_THAT(all.matching("a.b"), ElementsAre(exact, prefix, wildcard));
  EXPECT_THAT(all.matching("x"), IsEmpty());
  EXPECT_THAT(all.find(exact)->sessions(), UnorderedElementsAre(one.who.id(), two.who.id()));
  const Subscription& found = *all.find(wildcard);
  EXPECT_EQ(found.uri(), ".b");
  EXPECT_EQ(found.match(), Match::wildcard);
  EXPECT_EQ(found.created(), now);
}

}  // namespace
}  // namespace crosspoint::wamp
