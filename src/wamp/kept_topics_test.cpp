// What the configuration keeps of topics, in a realm at work: wamp-router 7.5, 7.6.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wamp/kept_topic.h"
#include "wamp/test_client.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::SizeIs;

struct KeptTopicsTest : ::testing::Test {
  History& history_of(std::string_view uri, Match match = Match::exact) {
    return *router.router.find("realm1")->broker().subscriptions().find(uri, match)->history();
  }
  static void publish(TestClient& client, std::string_view topic, std::string_view args) {
    client.say("[16,1,{},\"" + std::string(topic) + "\"," + std::string(args) + "]");
  }
  // What get_events answers about a topic that the client subscribes to.
  static std::string events_of(TestClient& client, std::string_view topic) {
    const auto id = third(client.ask("[32,1,{},\"" + std::string(topic) + "\"]"));
    return client.ask("[48,2,{},\"wamp.subscription.get_events\",[" + id + "]]");
  }

  TestRouter router;
};

TEST_F(KeptTopicsTest, HaveAHistoryBeforeAnybodySubscribes) {
  router.limits.topics = {{.uri = "com.log"}, {.uri = "com.", .match = Match::prefix}};
  TestClient publisher(router);
  publish(publisher, "com.log", "[1]");
  publish(publisher, "com.other", "[2]");

  TestClient reader(router);
  EXPECT_THAT(events_of(reader, "com.log"), AllOf(HasSubstr("\"args\":[1]"), Not(HasSubstr("[2]"))));
  EXPECT_EQ(history_of("com.", Match::prefix).size(), 2u);
  EXPECT_THAT(events_of(reader, "com.other"), HasSubstr("wamp.error.history_unavailable"));
}

TEST_F(KeptTopicsTest, ThatFellSilentForgetWhatIsTooOldWithinAMinute) {
  router.limits.topics = {{.uri = "com.log", .history = {.age_max = 10s}}};
  TestClient publisher(router);
  EXPECT_EQ(router.router.next_due(), router.now.monotonic + history_expiry_interval);
  router.pass(55s);
  publish(publisher, "com.log", "[1]");
  router.pass(5s);
  EXPECT_EQ(history_of("com.log").size(), 1u);
  EXPECT_EQ(router.router.next_due(), router.now.monotonic + history_expiry_interval);
  router.pass(history_expiry_interval);
  EXPECT_EQ(history_of("com.log").size(), 0u);
}

TEST_F(KeptTopicsTest, WhoseEventsDoNotAgeWakeNobody) {
  router.limits.topics = {{.uri = "com.log"}};
  TestClient publisher(router);
  publish(publisher, "com.log", "[1]");
  EXPECT_EQ(router.router.next_due(), std::nullopt);
}

TEST_F(KeptTopicsTest, ACallsTimeoutIsNotPutOffByAHistory) {
  router.limits.topics = {{.uri = "com.log", .history = {.age_max = 10s}}};
  TestClient caller(router), callee(router);
  callee.ask(R"([64,1,{},"com.slow"])");
  const auto begun = router.now.monotonic;
  caller.say(R"([48,1,{"timeout":500},"com.slow"])");
  EXPECT_EQ(router.router.next_due(), begun + 500ms);
  router.pass(500ms);
  EXPECT_THAT(caller.hear(), ElementsAre(HasSubstr("wamp.error.timeout")));
  EXPECT_EQ(router.router.next_due(), begun + history_expiry_interval);
}

TEST_F(KeptTopicsTest, ThatRetainDoSoUnasked) {
  router.limits.topics = {
      {.uri = "com.", .match = Match::prefix, .history = {.events_max = 0}, .retain = true}};
  TestClient publisher(router);
  publish(publisher, "com.state", "[1]");
  publish(publisher, "com.state", "[2]");
  publish(publisher, "org.state", "[3]");

  TestClient late(router);
  late.say(R"([32,1,{"get_retained":true},"com.state"])");
  EXPECT_THAT(late.hear(), ElementsAre(HasSubstr("[33,1,"), MatchesRegex(R"(.*"retained":true.*\[2\]\])")));
  late.say(R"([32,2,{"get_retained":true},"org.state"])");
  EXPECT_THAT(late.hear(), SizeIs(1));
  late.say(R"([32,3,{"match":"prefix","get_retained":true},"com."])");
  const auto subscribed = late.hear();
  ASSERT_THAT(subscribed, SizeIs(2));
  EXPECT_THAT(late.ask("[48,4,{},\"wamp.subscription.get_events\",[" + third(subscribed[0]) + "]]"),
              HasSubstr("wamp.error.history_unavailable"));
}

TEST_F(KeptTopicsTest, ThatFindNoRoomToRetainAreDeliveredAllTheSameAndCounted) {
  router.limits.broker.retained_topics_max = 1;
  router.limits.topics = {
      {.uri = "com.", .match = Match::prefix, .history = {.events_max = 0}, .retain = true}};
  TestClient publisher(router), subscriber(router);
  subscriber.ask(R"([32,1,{"match":"prefix"},"com."])");
  publish(publisher, "com.a", "[1]");
  publish(publisher, "com.b", "[2]");

  EXPECT_THAT(subscriber.hear(), SizeIs(2));
  EXPECT_EQ(router.router.find("realm1")->broker().counters().events_not_retained, 1u);
}

// An archive that had two events, and notes what it is told.
class NotedArchive final : public HistoryArchive, private HistoryStore {
 public:
  Opened open(std::string_view realm, const KeptTopic& topic) override {
    said.push_back("open " + std::string(realm) + " " + topic.uri);
    return {this, events};
  }
  std::vector<std::string> said;
  std::vector<SharedKeptEvent> events;

 private:
  void add(const SharedKeptEvent& event) override {
    said.push_back("add " + std::string(as_text(event->payload.view().args)));
  }
  void drop_oldest(std::size_t count) override { said.push_back("drop " + std::to_string(count)); }
};

SharedKeptEvent earlier(WallTime time, std::string_view args) {
  KeptEvent event;
  event.publication = PublicationId{7};
  event.time = time;
  event.topic = "com.log";
  event.payload = KeptPayload({data::Format::json, as_bytes(args), {}});
  return std::make_shared<const KeptEvent>(std::move(event));
}

TEST_F(KeptTopicsTest, GoOnWithWhatAnArchiveHasOfThem) {
  NotedArchive archive;
  archive.events = {earlier(router.now.wall - 2h, "[1]"), earlier(router.now.wall - 1h, "[2]")};
  router.limits.archive = &archive;
  router.limits.topics = {{.uri = "com.log", .history = {.events_max = 2}, .in_database = true},
                          {.uri = "com.unwritten"}};
  TestClient client(router);
  EXPECT_THAT(archive.said, ElementsAre("open realm1 com.log"));
  publish(client, "com.log", "[3]");
  publish(client, "com.unwritten", "[4]");

  EXPECT_THAT(archive.said, ElementsAre("open realm1 com.log", "add [3]", "drop 1"));
  EXPECT_THAT(events_of(client, "com.log"),
              AllOf(MatchesRegex(R"(.*"args":\[2\].*"args":\[3\].*)"), Not(HasSubstr("\"args\":[1]"))));
}

}  // namespace
}  // namespace crosspoint::wamp
