// The node in its realm on a table-top: clients of topics as bytes, a WAMP client as JSON. What tokens open,
// and bookings, are in tests/journeys/management_test.cpp.
#include "management/io/node_management.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "testing/raw_client.h"
#include "testing/world.h"
#include "wamp/test_client.h"

namespace crosspoint::management {
namespace {

using crosspoint::testing::MemoryWorld;
using crosspoint::testing::RawClient;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct NodeManagementTest : ::testing::Test {
  NodeManagementTest() {
    router.router.settle_by([this] { settle = true; });
    place = *node.listen({.host = "127.0.0.1", .port = 0});
    management.emplace(world.loop(0), router.router, node, NodeManagementSettings{"crosspoint", 5s, 2});
  }
  ~NodeManagementTest() override {
    clients.clear();
    management.reset();
    bool stopped = false;
    node.stop(1s, [&] { stopped = true; });
    world.run_until([&] { return stopped; });
  }

  bool until(const std::function<bool()>& condition) {
    return world.run_until([&] {
      if (std::exchange(settle, false)) router.router.settle(router.now);
      return condition();
    });
  }
  RawClient& open(const std::string& path) {
    auto& client = *clients.emplace_back(std::make_unique<RawClient>(world.loop(0), world.network(), place));
    client.send("GET " + path +
                " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "User-Agent: test\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    until([&] { return client.received().find("\r\n\r\n") != std::string::npos; });
    return client;
  }
  void leave(RawClient& client) {
    std::erase_if(clients, [&](const auto& one) { return one.get() == &client; });
  }

  // The WAMP client's next message.
  json hear() {
    until([&] {
      for (auto& message: peter.hear()) heard.push_back(json::parse(message));
      return !heard.empty();
    });
    if (heard.empty()) return json::array();
    const auto first = heard.front();
    heard.erase(heard.begin());
    return first;
  }
  // The result, or the error's URI and sentence.
  json call(const std::string& procedure, const std::string& args = "[]") {
    peter.say("[48," + std::to_string(++requests) + ",{},\"" + procedure + "\"," + args + "]");
    auto answer = hear();
    if (answer.at(0) == 50) return answer.at(3).at(0);
    return json::array({answer.at(4), answer.at(5).at(0)});
  }
  void subscribe(const std::string& topic) {
    peter.say("[32," + std::to_string(++requests) + ",{\"match\":\"prefix\"},\"" + topic + "\"]");
    hear();
  }
  // Of the next event: its topic and its one argument.
  std::pair<std::string, json> event() {
    const auto message = hear();
    if (message.size() < 5) return {};
    return {message.at(3).at("topic"), message.at(4).at(0)};
  }

  MemoryWorld world;
  net::Loop* loops[2] = {&world.loop(0), &world.loop(1)};
  relay::Node node{loops, world.network(), world.clock(), {}, {}};
  net::Endpoint place;
  wamp::TestRouter router;
  bool settle = false;
  std::optional<NodeManagement> management;
  wamp::TestClient peter{router, data::Format::json, "peter", "crosspoint"};
  std::vector<std::unique_ptr<RawClient>> clients;
  std::vector<json> heard;
  int requests = 0;
};

TEST_F(NodeManagementTest, TopicsOfAllLoopsAreListed) {
  EXPECT_THAT(call("relay.topic.list"), IsEmpty());
  for (const char* path: {"/a", "/b", "/c", "/d", "/out/e", "/in/e"}) open(path);
  const auto topics = call("relay.topic.list");
  ASSERT_EQ(topics.size(), 5u);
  EXPECT_EQ(topics.at(0).at("topic"), "/a");
  EXPECT_EQ(topics.at(4).at("topic"), "/out/e");
  EXPECT_EQ(topics.at(4).at("senders"), 1);
  EXPECT_EQ(topics.at(4).at("viewers"), 1);
  EXPECT_EQ(topics.at(4).at("token"), false);
  EXPECT_EQ(call("relay.topic.list", R"(["/b",2])").at(0).at("topic"), "/c");
  EXPECT_EQ(call("relay.topic.get", R"(["/out/e"])"), topics.at(4));
  EXPECT_EQ(call("relay.topic.get", R"(["/none"])").at(0), no_such_topic);
}

TEST_F(NodeManagementTest, ClientsAreReportedOneByOneAndTogether) {
  open("/a");
  open("/b");
  const auto all = call("relay.client.list");
  ASSERT_EQ(all.size(), 2u);
  for (const auto& client: all) {
    EXPECT_EQ(client.at("user_agent"), "test");
    const auto id = std::to_string(client.at("id").get<int>());
    EXPECT_EQ(call("relay.client.get", "[" + id + "]").at("topic"), client.at("topic"));
  }
  EXPECT_EQ(call("relay.client.list", R"(["/b"])").size(), 1u);
  EXPECT_EQ(call("relay.client.get", "[999]").at(0), no_such_client);
}

TEST_F(NodeManagementTest, StatisticsTellOfEachRealm) {
  call("nobody.there");
  const auto wamp = call("relay.stats.get").at("wamp");
  EXPECT_EQ(wamp.at("sessions"), 1);
  EXPECT_EQ(wamp.at("realms"), 1);
  const auto& realm = wamp.at("by_realm").at(0);
  EXPECT_EQ(realm.at("realm"), "crosspoint");
  EXPECT_EQ(realm.at("sessions"), 1);
  EXPECT_EQ(realm.at("calls_refused").at("no_such_procedure"), 1);
  EXPECT_EQ(realm.at("calls_in_flight"), 1);  // this one
}

TEST_F(NodeManagementTest, AClientIsPutOutWithAReason) {
  auto& client = open("/a");
  open("/b");
  const auto id = std::to_string(call("relay.client.list", R"(["/a"])").at(0).at("id").get<int>());
  EXPECT_EQ(call("relay.client.kill", "[" + id + ",\"the rig is needed\"]"), nullptr);
  EXPECT_TRUE(until([&] { return client.received().find("the rig is needed") != std::string::npos; }));
  EXPECT_EQ(call("relay.client.kill", "[" + id + "]").at(0), no_such_client);
  EXPECT_EQ(call("relay.client.list").size(), 1u);
}

TEST_F(NodeManagementTest, WhatHappensIsToldInItsOrder) {
  subscribe("relay.");
  auto& client = open("/a");
  EXPECT_EQ(event(), (std::pair<std::string, json>("relay.topic.on_create", {{"topic", "/a"}})));
  const auto joined = event();
  EXPECT_EQ(joined.first, "relay.client.on_join");
  EXPECT_EQ(joined.second.at("topic"), "/a");
  leave(client);
  const auto left = event();
  EXPECT_EQ(left.first, "relay.client.on_leave");
  EXPECT_EQ(left.second.at("id"), joined.second.at("id"));
  EXPECT_EQ(event().first, "relay.topic.on_delete");
}

TEST_F(NodeManagementTest, D8_ThousandsWhoComeAndGoAreAFewEventsAndANumber) {
  subscribe("relay.client.on_join");
  subscribe("relay.event.");
  constexpr std::uint64_t many = 300;
  for (std::uint64_t i = 0; i < many; ++i) {
    clients.push_back(std::make_unique<RawClient>(world.loop(0), world.network(), place));
    clients.back()->send(
        "GET /a HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  }
  std::uint64_t published = 0;
  auto next = event();
  for (; next.first == "relay.client.on_join"; next = event()) ++published;
  EXPECT_EQ(published, EventLimit::events_max);
  ASSERT_EQ(next.first, left_out_topic);
  EXPECT_EQ(next.second, json({{"relay.client.on_join", many - published}}));
  EXPECT_EQ(call("relay.stats.get").at("events_left_out"), many - published);
}

TEST_F(NodeManagementTest, StatisticsComeWhenAskedForAndEveryFewSecondsToSubscribers) {
  auto& client = open("/a");
  open("/b");
  const auto stats = call("relay.stats.get");
  EXPECT_EQ(stats.at("loops"), 2);
  EXPECT_EQ(stats.at("topics").at("now"), 2);
  EXPECT_EQ(stats.at("clients").at("now"), 2);
  EXPECT_EQ(stats.at("wamp").at("sessions"), 1);
  leave(client);
  world.advance(6s);
  EXPECT_THAT(peter.hear(), IsEmpty()) << "nobody subscribed";
  subscribe("relay.stats");
  const auto told = event();
  EXPECT_EQ(told.first, stats_event_topic);
  EXPECT_EQ(told.second.at("clients").at("now"), 1);
  EXPECT_EQ(told.second.at("clients").at("ever"), 2);
}

TEST_F(NodeManagementTest, NoMoreCallsAreAnsweredAtOneTimeThanMayBe) {
  for (int i = 1; i <= 3; ++i) peter.say("[48," + std::to_string(100 + i) + ",{},\"relay.topic.list\",[]]");
  std::vector<json> answers{hear(), hear(), hear()};
  EXPECT_EQ(std::ranges::count_if(answers, [](const json& one) { return one.at(0) == 50; }), 2);
  EXPECT_EQ(
      std::ranges::count_if(
          answers, [](const json& one) { return one.at(0) == 8 && one.at(4) == "wamp.error.unavailable"; }),
      1);
  EXPECT_THAT(call("relay.topic.list"), IsEmpty());
}

TEST_F(NodeManagementTest, BadArgumentsAreNamed) {
  const auto refused = call("relay.client.kill", R"(["seven"])");
  EXPECT_EQ(refused.at(0), "wamp.error.invalid_argument");
  EXPECT_EQ(refused.at(1), "argument 0 (client) must be an id");
}

TEST_F(NodeManagementTest, ANodeWithoutTokensHasNoBookings) {
  EXPECT_EQ(call("relay.booking.list_denied").at(0), "wamp.error.no_such_procedure");
}

TEST_F(NodeManagementTest, TheRealmMayBecomeAnotherOne) {
  management->move_to("elsewhere");
  EXPECT_EQ(call("relay.topic.list").at(0), "wamp.error.no_such_procedure");
  management->move_to("crosspoint");
  EXPECT_THAT(call("relay.topic.list"), IsEmpty());
}

TEST_F(NodeManagementTest, WhoIsAnsweredTooLateIsNot) {
  peter.say(R"([48,1,{},"relay.topic.list",[]])");
  router.router.settle(router.now);
  management.reset();
  world.run_until_idle();
  EXPECT_THAT(hear().at(4), "wamp.error.canceled") << "the node is no longer there, and that is the answer";
}

}  // namespace
}  // namespace crosspoint::management
