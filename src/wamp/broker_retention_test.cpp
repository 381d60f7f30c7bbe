// What is kept for who subscribes later: wamp-router 7.5.
#include "wamp/test_broker.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BrokerRetention : public BrokerTest {
 protected:
  static Publish retained(std::string_view topic, std::string_view args,
                          std::optional<ReceiverLists> lists = {}) {
    Publish message = to(topic, args);
    message.retain = true;
    message.lists = std::move(lists);
    return message;
  }
  // Of the events that are sent right after SUBSCRIBED, the arguments.
  Lines shown(Session& session, std::string_view topic, Match match = Match::exact) {
    Lines lines = subscribing(session, topic, match, true);
    EXPECT_EQ(lines.front().substr(0, 4), "[33,");
    lines.erase(lines.begin());
    for (std::string& line: lines) {
      EXPECT_NE(line.find(R"("retained": true)"), std::string::npos);
      line = line.substr(line.find("}, ") + 3);
      line.pop_back();
    }
    return lines;
  }
};

TEST_F(BrokerRetention, TheLastRetainedEventComesRightAfterSubscribed) {
  Session& publisher = join();
  Session& subscriber = join();
  publish(publisher, retained("a.b", "[1]"));
  publish(publisher, retained("a.b", "[2]"));
  publish(publisher, to("a.b", "[3]"));  // not retained: it changes nothing
  EXPECT_THAT(shown(subscriber, "a.b"), ElementsAre("[2]"));
  EXPECT_EQ(broker().retention().topics(), 1u);
}

TEST_F(BrokerRetention, OnlyWhoAsksGetsIt) {
  Session& publisher = join();
  Session& subscriber = join();
  publish(publisher, retained("a.b", "[1]"));
  EXPECT_THAT(subscribing(subscriber, "a.b"), ElementsAre("[33, 1, 1]"));
}

TEST_F(BrokerRetention, WhoIsThereGetsItAsAnyOther) {
  Session& publisher = join();
  Session& subscriber = join();
  const auto id = subscribe(subscriber, "a.b");
  publish(publisher, retained("a.b", "[1]"));
  EXPECT_THAT(subscriber.peer.take(), ElementsAre(event(id)));
}

TEST_F(BrokerRetention, BearsItsPublicationItsPublisherAndItsKeys) {
  Session& publisher = join("admin");
  Session& subscriber = join("user", {Feature::subscriber_payload_passthru});
  Session& unable = join();
  Publish message = retained("a.b", "[1]");
  message.pass_through = {PassThrough::Dialect::ppt, "wamp", "cbor", "", ""};
  publish(publisher, message, {.disclose = true});

  EXPECT_EQ(subscribing(subscriber, "a.", Match::prefix, true).back(),
            event(SubscriptionId{1},
                  R"({"topic": "a.b", "publisher": 100, "publisher_authid": "a100", "publisher_authrole": )"
                  R"("admin", "retained": true, "ppt_scheme": "wamp", "ppt_serializer": "cbor"})"));
  EXPECT_THAT(shown(unable, "a.b"), IsEmpty());
  EXPECT_EQ(broker().counters().events_without_pass_through, 1u);
}

TEST_F(BrokerRetention, APatternGetsOneEventOfEachTopicItMeans) {
  Session& publisher = join();
  Session& subscriber = join();
  for (const auto* topic: {"b.x.c", "a.x.c", "a.x.d", "a.y.c", "ab", "a.x"}) {
    publish(publisher, retained(topic, '"' + std::string(topic) + '"'));
  }
  EXPECT_THAT(shown(subscriber, "a.x", Match::prefix), ElementsAre("\"a.x\"", "\"a.x.c\"", "\"a.x.d\""));
  EXPECT_THAT(shown(subscriber, "a..c", Match::wildcard), ElementsAre("\"a.x.c\"", "\"a.y.c\""));
  EXPECT_THAT(shown(subscriber, ".x.c", Match::wildcard), ElementsAre("\"a.x.c\"", "\"b.x.c\""));
  EXPECT_THAT(shown(subscriber, "a.x.c", Match::wildcard), ElementsAre("\"a.x.c\""));
  EXPECT_THAT(shown(subscriber, "", Match::wildcard), ElementsAre("\"ab\""));
  EXPECT_EQ(shown(subscriber, "", Match::prefix).size(), 6u);
}

TEST_F(BrokerRetention, EachGetsTheNewestThatItMaySee) {
  Session& publisher = join();
  Session& user = join("user");
  Session& admin = join("admin");
  publish(publisher, retained("a", "[1]"));
  publish(publisher, retained("a", "[2]", ReceiverLists{.eligible_authrole = {{"admin"}}}));
  publish(publisher, retained("a", "[3]", ReceiverLists{.exclude_authid = {{"a101", "a102"}}}));
  EXPECT_THAT(shown(user, "a"), ElementsAre("[1]"));
  EXPECT_THAT(shown(admin, "a"), ElementsAre("[2]"));
  EXPECT_THAT(shown(publisher, "a"), ElementsAre("[3]"));

  // What everybody may see makes all before it superfluous.
  publish(publisher, retained("a", "[4]"));
  EXPECT_THAT(shown(admin, "a"), ElementsAre("[4]"));
  EXPECT_THAT(shown(publisher, "a"), ElementsAre("[4]"));
}

TEST_F(BrokerRetention, AllSixListsArePartOfWhoMaySee) {
  Session& publisher = join();
  Session& user = join("user");
  const SessionId id = user.who.id();
  const ReceiverLists hiding[] = {{.exclude = {{id}}},
                                  {.exclude_authid = {{"a101"}}},
                                  {.exclude_authrole = {{"user"}}},
                                  {.eligible = std::vector<SessionId>{}},
                                  {.eligible_authid = {{"x"}}},
                                  {.eligible_authrole = {{"x"}}}};
  for (const auto& lists: hiding) {
    publish(publisher, retained("a", "[1]", lists));
    EXPECT_THAT(shown(user, "a"), IsEmpty());
  }
  publish(publisher, retained("a", "[2]", ReceiverLists{.eligible = {{id}}, .eligible_authid = {{"a101"}}}));
  EXPECT_THAT(shown(user, "a"), ElementsAre("[2]"));
}

TEST_F(BrokerRetention, AnEmptyEventIsRetainedLikeAnyOtherButForMqttItClears) {
  Session& publisher = join();
  Session& subscriber = join();
  Publish empty;
  empty.topic = "a";
  empty.retain = true;

  publish(publisher, empty);
  EXPECT_EQ(subscribing(subscriber, "a", Match::exact, true).size(), 2u);

  publish(publisher, empty, {.empty_clears_retained = true});
  EXPECT_EQ(subscribing(subscriber, "a", Match::exact, true).size(), 1u);
  EXPECT_EQ(broker().retention().topics(), 0u);
  EXPECT_EQ(broker().retention().bytes(), 0u);
  publish(publisher, empty, {.empty_clears_retained = true});  // nothing is there
  publish(publisher, retained("a", "[1]"), {.empty_clears_retained = true});
  EXPECT_THAT(shown(subscriber, "a"), ElementsAre("[1]"));
}

TEST_F(BrokerRetention, StaysWhenItsPublisherHasLeft) {
  Session& publisher = join("admin");
  Session& subscriber = join();
  publish(publisher, retained("a", "[1]"), {.disclose = true});
  leave(publisher);
  EXPECT_EQ(subscribing(subscriber, "a", Match::exact, true).back(),
            event(SubscriptionId{1}, R"({"publisher": 100, "publisher_authid": "a100", )"
                                     R"("publisher_authrole": "admin", "retained": true})"));
}

// --- Limits. ---

TEST_F(BrokerRetention, TopicsAreLimitedAndWhatDoesNotFitReachesNobody) {
  settings.retained_topics_max = 2;
  Session& publisher = join();
  Session& subscriber = join();
  publish(publisher, retained("a", "[1]"));
  publish(publisher, retained("b", "[1]"));
  subscribe(subscriber, "c");

  Publish message = retained("c", "[1]");
  message.acknowledge = true;
  EXPECT_FALSE(publish(publisher, message).publication);
  EXPECT_THAT(publisher.peer.take(), ElementsAre(R"([8, 16, 3, {}, "wamp.error.unavailable"])"));
  EXPECT_THAT(subscriber.peer.take(), IsEmpty());
  EXPECT_EQ(broker().counters().publications_refused_for_retention, 1u);

  EXPECT_TRUE(publish(publisher, retained("a", "[2]")).publication);  // it has a place
  broker().retention().clear("b");
  EXPECT_TRUE(publish(publisher, message).publication);
}

TEST_F(BrokerRetention, WhereNothingIsRetainedTheOptionIsNotAllowed) {
  settings.retained_topics_max = 0;
  Session& publisher = join();
  Session& subscriber = join();
  subscribe(subscriber, "a");

  Publish message = retained("a", "[1]");
  message.acknowledge = true;
  EXPECT_FALSE(publish(publisher, message).publication);

  EXPECT_THAT(publisher.peer.take(), ElementsAre(HasSubstr("wamp.error.option_not_allowed")));
  EXPECT_THAT(subscriber.peer.take(), IsEmpty());
}

TEST_F(BrokerRetention, BytesAreLimitedAndWhatIsReplacedDoesNotCount) {
  Session& publisher = join();
  publish(publisher, retained("a", "[1]"));
  const std::size_t bytes_of_one = broker().retention().bytes();
  settings.retained_bytes_max = 2 * bytes_of_one;
  EXPECT_TRUE(publish(publisher, retained("b", "[1]")).publication);
  EXPECT_FALSE(publish(publisher, retained("c", "[1]")).publication);
  EXPECT_TRUE(publish(publisher, retained("b", "[2]")).publication);
  EXPECT_FALSE(publish(publisher, retained("b", "[12]")).publication);
  EXPECT_EQ(broker().retention().bytes(), 2 * bytes_of_one);
  EXPECT_EQ(broker().retention().topics(), 2u);
}

TEST_F(BrokerRetention, OfRestrictedEventsTheOldestGoesFirst) {
  settings.restricted_retained_events_max = 2;
  Session& publisher = join();
  std::vector<Session*> readers;
  for (int i = 0; i < 3; ++i) readers.push_back(&join());
  publish(publisher, retained("a", "[0]"));
  for (std::size_t i = 0; i < 3; ++i) {
    const ReceiverLists only{.eligible = {{readers[i]->who.id()}}};
    publish(publisher, retained("a", "[" + std::to_string(i + 1) + "]", only));
  }
  EXPECT_THAT(shown(*readers[0], "a"), ElementsAre("[0]"));
  EXPECT_THAT(shown(*readers[1], "a"), ElementsAre("[2]"));
  EXPECT_THAT(shown(*readers[2], "a"), ElementsAre("[3]"));
  publish(publisher, retained("a", "[4]"));
  Retention& retention = broker().retention();
  retention.clear("a");
  EXPECT_EQ(retention.bytes(), 0u);
}

}  // namespace
}  // namespace crosspoint::wamp
