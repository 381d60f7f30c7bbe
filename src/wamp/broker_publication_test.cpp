// PUBLISH and who gets it: wamp-router 7.3, 7.4, 7.7, 7.9.
#include "wamp/test_broker.h"

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if __has_feature(address_sanitizer) || defined(__SANITIZE_ADDRESS__)
#include <sanitizer/allocator_interface.h>
#define CROSSPOINT_COUNTS_ALLOCATIONS 1
#endif

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class BrokerPublication : public BrokerTest {
 protected:
  Publish with(ReceiverLists lists) {
    Publish message = to("a.b");
    message.lists = std::move(lists);
    return message;
  }
};

TEST_F(BrokerPublication, ReachesSubscribersOfTheTopicAndNobodyElse) {
  Session& subscriber = join();
  Session& stranger = join();
  Session& publisher = join();
  const auto id = subscribe(subscriber, "a.b");
  subscribe(stranger, "a.c");

  const auto outcome = publish(publisher, to("a.b"));

  EXPECT_THAT(subscriber.peer.take(), ElementsAre(event(id)));
  EXPECT_THAT(stranger.peer.take(), IsEmpty());
  EXPECT_EQ(outcome.delivered.sent, 1u);
  EXPECT_EQ(broker().counters().events, 1u);
  EXPECT_EQ(broker().counters().publications, 1u);
}

TEST_F(BrokerPublication, OnlySubscribersByPatternAreToldTheTopic) {
  Session& subscriber = join();
  Session& publisher = join();
  const auto exact = subscribe(subscriber, "a.b");
  const auto prefix = subscribe(subscriber, "a.", Match::prefix);
  const auto wildcard = subscribe(subscriber, ".b", Match::wildcard);

  publish(publisher, to("a.b"));

  // One EVENT for each subscription, all of one publication.
  const std::string topic = R"({"topic": "a.b"})";
  EXPECT_THAT(subscriber.peer.take(),
              UnorderedElementsAre(event(exact), event(prefix, topic), event(wildcard, topic)));
}

TEST_F(BrokerPublication, EachHasItsOwnIdWhichAllEventsOfItBear) {
  Session& subscriber = join();
  Session& publisher = join();
  subscribe(subscriber, "a");
  const auto first = publish(publisher, to("a"));
  const auto second = publish(publisher, to("a"));
  ASSERT_TRUE(first.publication && second.publication);
  EXPECT_NE(*first.publication, *second.publication);
  for (const auto& outcome: {first, second}) EXPECT_TRUE(is_id(number(*outcome.publication)));
}

TEST_F(BrokerPublication, F14_IsAnsweredOnlyWhenThatIsAskedFor) {
  Session& publisher = join();
  publish(publisher, to("a"));
  EXPECT_THAT(publisher.peer.take(), IsEmpty());

  Publish message = to("a");
  message.acknowledge = true;
  publish(publisher, message);
  EXPECT_THAT(publisher.peer.take(), ElementsAre("[17, 2, " + last_publication + "]"));
}

TEST_F(BrokerPublication, DoesNotComeBackToItsPublisherUnlessAskedTo) {
  Session& publisher = join();
  Session& other = join();
  const auto id = subscribe(publisher, "a.b");
  subscribe(other, "a.b");

  publish(publisher, to("a.b"));
  EXPECT_THAT(publisher.peer.take(), IsEmpty());
  EXPECT_EQ(other.peer.take().size(), 1u);

  Publish message = to("a.b");
  message.exclude_me = false;
  publish(publisher, message);
  EXPECT_THAT(publisher.peer.take(), ElementsAre(event(id)));
}

TEST_F(BrokerPublication, TheRouterItselfMayPublish) {
  Session& subscriber = join();
  const auto id = subscribe(subscriber, "wamp.session.on_join");
  Publish message = to("wamp.session.on_join");
  message.acknowledge = true;
  const auto outcome = broker().publish(nullptr, message, {.disclose = true}, now);
  EXPECT_THAT(subscriber.peer.take(),
              ElementsAre(event_of(std::to_string(number(*outcome.publication)), id)));
}

// Each list alone, for sessions 100 (role user), 101 (role admin), both subscribed; 102 publishes.
TEST_F(BrokerPublication, EachListPicksItsReceivers) {
  Session& user = join("user");
  Session& admin = join("admin");
  Session& publisher = join("user");
  subscribe(user, "a.b");
  subscribe(admin, "a.b");
  struct Case {
    ReceiverLists lists;
    bool user_gets, admin_gets;
  };
  const SessionId first{100};
  const Case cases[] = {
      {{.exclude = {{first}}}, false, true},
      {{.exclude = {{}}}, true, true},
      {{.eligible = {{first}}}, true, false},
      {{.eligible = std::vector<SessionId>{}}, false, false},
      {{.exclude_authid = {{"a101"}}}, true, false},
      {{.exclude_authid = std::vector<std::string>{}}, true, true},
      {{.exclude_authrole = {{"admin", "nobody"}}}, true, false},
      {{.exclude_authrole = std::vector<std::string>{}}, true, true},
      {{.eligible_authid = {{"a101"}}}, false, true},
      {{.eligible_authid = std::vector<std::string>{}}, false, false},
      {{.eligible_authrole = {{"user"}}}, true, false},
      {{.eligible_authrole = std::vector<std::string>{}}, false, false},
      // Together they must all let through.
      {{.exclude = {{first}}, .eligible = {{first}}}, false, false},
      {{.eligible = {{first}}, .eligible_authrole = {{"admin"}}}, false, false},
      {{.exclude_authid = {{"a100"}}, .eligible_authrole = {{"admin", "user"}}}, false, true},
  };
  for (const auto& [lists, user_gets, admin_gets]: cases) {
    SCOPED_TRACE(&lists - &cases[0].lists);
    publish(publisher, with(lists));
    EXPECT_EQ(user.peer.take().size(), user_gets ? 1u : 0u);
    EXPECT_EQ(admin.peer.take().size(), admin_gets ? 1u : 0u);
    EXPECT_EQ(lists.admit(user.who.id(), "a100", "user"), user_gets);
    EXPECT_EQ(lists.admit(admin.who.id(), "a101", "admin"), admin_gets);
  }
}

TEST_F(BrokerPublication, BeingEligibleDoesNotBringItBackToThePublisher) {
  Session& publisher = join();
  subscribe(publisher, "a.b");
  publish(publisher, with({.eligible = {{publisher.who.id()}}}));
  EXPECT_THAT(publisher.peer.take(), IsEmpty());
}

TEST_F(BrokerPublication, F8_ListsHaveALargestSize) {
  settings.receiver_list_entries_max = 2;
  Session& subscriber = join();
  Session& publisher = join();
  subscribe(subscriber, "a.b");
  publish(publisher, with({.exclude = {{SessionId{1}}}, .exclude_authid = {{"x"}}}));
  EXPECT_EQ(subscriber.peer.take().size(), 1u);

  Publish message = with({.exclude = {{SessionId{1}, SessionId{2}}}, .exclude_authid = {{"x"}}});
  message.acknowledge = true;
  EXPECT_FALSE(publish(publisher, message).publication);
  EXPECT_THAT(publisher.peer.take(), ElementsAre(R"([8, 16, 2, {}, "wamp.error.invalid_argument"])"));
  message.acknowledge = false;
  publish(publisher, message);
  EXPECT_THAT(publisher.peer.take(), IsEmpty());
  EXPECT_THAT(subscriber.peer.take(), IsEmpty());
  EXPECT_EQ(broker().counters().publications_refused_for_lists, 2u);
}

TEST_F(BrokerPublication, SaysWhoPublishedOnlyWhenThatIsDisclosed) {
  Session& subscriber = join();
  Session& publisher = join("admin");
  const auto id = subscribe(subscriber, "a.b");

  publish(publisher, to("a.b"), {.disclose = true});
  EXPECT_THAT(subscriber.peer.take(),
              ElementsAre(event(
                  id, R"({"publisher": 101, "publisher_authid": "a101", "publisher_authrole": "admin"})")));

  Publish message = to("a.b");
  message.disclose_me = true;  // the realm has not allowed it
  publish(publisher, message);
  EXPECT_THAT(subscriber.peer.take(), ElementsAre(event(id)));
}

TEST_F(BrokerPublication, ArrivesInTheOrderOfItsPublisherAcrossTopics) {
  Session& subscriber = join();
  Session& publisher = join();
  subscribe(subscriber, "a");
  subscribe(subscriber, "b", Match::prefix);
  Lines expected;
  for (int i = 0; i < 10; ++i) {
    const bool even = i % 2 == 0;
    const std::string args = "[" + std::to_string(i) + "]";
    publish(publisher, to(even ? "a" : "b", args));
    expected.push_back(even ? event(SubscriptionId{1}, "{}", args)
                            : event(SubscriptionId{2}, R"({"topic": "b"})", args));
  }
  EXPECT_EQ(subscriber.peer.take(), expected);
}

TEST_F(BrokerPublication, WhatCannotBeSentIsCountedAndHoldsUpNobody) {
  Session& small = join();
  Session& strange = join();
  Session& fine = join();
  Session& publisher = join();
  for (Session* session: {&small, &strange, &fine}) subscribe(*session, "a.b");
  small.peer.answer = Sent::too_large;
  strange.peer.answer = Sent::not_spellable;

  const auto outcome = publish(publisher, to("a.b"));

  EXPECT_EQ(fine.peer.take().size(), 1u);
  EXPECT_EQ(outcome.delivered.sent, 1u);
  EXPECT_EQ(outcome.delivered.too_large, 1u);
  EXPECT_EQ(outcome.delivered.not_spellable, 1u);
  EXPECT_EQ(broker().counters().events_too_large, 1u);
  EXPECT_EQ(broker().counters().events_not_spellable, 1u);
}

// --- Payload pass-through. ---

TEST_F(BrokerPublication, APayloadThatIsPassedThroughIsForWhoCanReadIt) {
  Session& able = join("user", {Feature::subscriber_payload_passthru});
  Session& unable = join();
  Session& publisher = join();
  const auto id = subscribe(able, "a.b");
  subscribe(unable, "a.b");
  Publish message = to("a.b");
  message.pass_through = {PassThrough::Dialect::ppt, "wamp", "cbor", "aes256gcm", "key1"};

  const auto outcome = publish(publisher, message);

  EXPECT_THAT(able.peer.take(), ElementsAre(event(id, R"({"ppt_scheme": "wamp", "ppt_serializer": "cbor", )"
                                                      R"("ppt_cipher": "aes256gcm", "ppt_keyid": "key1"})")));
  EXPECT_THAT(unable.peer.take(), IsEmpty());
  EXPECT_EQ(outcome.delivered.without_pass_through, 1u);
  EXPECT_EQ(broker().counters().events_without_pass_through, 1u);
}

TEST_F(BrokerPublication, AutobahnsOlderKeysGoToEverybody) {
  Session& subscriber = join();
  Session& publisher = join();
  const auto id = subscribe(subscriber, "a.b");
  Publish message = to("a.b", "\"secret\"");
  message.pass_through = {PassThrough::Dialect::enc, "cryptobox", "json", "", "key1"};
  publish(publisher, message);
  EXPECT_THAT(
      subscriber.peer.take(),
      ElementsAre(event(id, R"({"enc_algo": "cryptobox", "enc_serializer": "json", "enc_key": "key1"})",
                        "\"secret\"")));
}

// --- Acknowledged delivery. ---

TEST_F(BrokerPublication, SubscribersThatCanAreAskedToSayThatTheyGotIt) {
  Session& able = join("user", {Feature::subscriber_acknowledged_delivery});
  Session& unable = join();
  Session& publisher = join();
  const auto id = subscribe(able, "a.b");
  subscribe(unable, "a.b");
  Publish message = to("a.b");
  message.acknowledged_delivery = true;

  const auto outcome = publish(publisher, message);
  EXPECT_THAT(able.peer.take(), ElementsAre(event(id, R"({"x_acknowledged_delivery": true})")));
  EXPECT_THAT(unable.peer.take(), ElementsAre(event(id)));
  broker().event_received(able.who, {*outcome.publication});
  EXPECT_EQ(broker().counters().events_received, 1u);

  publish(publisher, to("a.b"));
  EXPECT_THAT(able.peer.take(), ElementsAre(event(id)));
}

// --- One spelling for many. ---

// Counts how often an EVENT was not yet spelt, as a wire would do it.
class SpellingPeer final : public Peer {
 public:
  explicit SpellingPeer(int& spelt) : spelt_(spelt) {}
  data::Format format() const override { return data::Format::cbor; }
  Sent send(const Outgoing&) override { return Sent::sent; }
  Sent send_event(SharedEvent& event) override {
    if (event.find(0) == nullptr) {
      event.keep(0, {});
      ++spelt_;
    }
    return Sent::sent;
  }

 private:
  int& spelt_;
};

#ifdef CROSSPOINT_COUNTS_ALLOCATIONS
std::size_t allocations = 0;

TEST_F(BrokerPublication, APlainOneAllocatesNothing) {
  int spelt = 0;
  SpellingPeer peer(spelt);
  Participant subscriber(SessionId{1}, Identity{}, Features{}, peer);
  for (const auto match: {Match::exact, Match::prefix, Match::wildcard}) {
    broker().subscribe(subscriber, {RequestId{1}, "com.example.a_topic_with_a_long_name", match, false}, now);
  }
  const Publish message = to("com.example.a_topic_with_a_long_name");
  Session& publisher = join();
  __sanitizer_install_malloc_and_free_hooks([](const volatile void*, std::size_t) { ++allocations; },
                                            [](const volatile void*) {});

  const std::size_t before = allocations;
  broker().publish(&publisher.who, message, {.disclose = true}, now);
  const std::size_t after = allocations;

  EXPECT_EQ(spelt, 3);
  EXPECT_EQ(after, before);
  delete new int;
  EXPECT_GT(allocations, after);  // they are counted
  broker().leave(subscriber);
}
#endif

TEST_F(BrokerPublication, IsSpeltOnceForAllReceiversOfASubscriptionWhoseDetailsAreTheSame) {
  int spelt = 0;
  SpellingPeer peer(spelt);
  std::vector<std::unique_ptr<Participant>> crowd;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    Features features;
    if (i % 2 == 0) features.add(Feature::subscriber_acknowledged_delivery);
    crowd.push_back(std::make_unique<Participant>(SessionId{i}, Identity{}, features, peer));
    broker().subscribe(*crowd.back(), {RequestId{1}, "a.b", Match::exact, false}, now);
    broker().subscribe(*crowd.back(), {RequestId{2}, "a", Match::prefix, false}, now);
  }
  Session& publisher = join();

  EXPECT_EQ(publish(publisher, to("a.b")).delivered.sent, 40u);
  EXPECT_EQ(spelt, 2);
  Publish message = to("a.b");
  message.acknowledged_delivery = true;
  publish(publisher, message);
  EXPECT_EQ(spelt, 2 + 4);

  for (const auto& participant: crowd) broker().leave(*participant);
}

}  // namespace
}  // namespace crosspoint::wamp
