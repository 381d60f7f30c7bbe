// A host in a realm on a table-top: its own link, the router on the same network, a client that calls.
#include "management/io/host_management.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "host/io/host.h"
#include "testing/raw_client.h"
#include "testing/world.h"
#include "wamp/client/io/test_router_node.h"

namespace crosspoint::management {
namespace {

using crosspoint::testing::MemoryWorld;
using nlohmann::json;
using ::testing::HasSubstr;
using wamp::client::TestRouterNode;

// Somebody else in the realm.
struct Caller final : wamp::client::LinkEvents {
  explicit Caller(MemoryWorld& the_world)
      : world(the_world), link(world.loop(), world.network(), random, settings("peter"), *this) {
    link.start();
    world.run_until([&] { return link.agent().joined(); });
  }
  static wamp::client::LinkSettings settings(const std::string& authid) {
    wamp::client::LinkSettings settings;
    settings.transport.place = *wamp::client::parse_place("ws://localhost:8080/ws");
    settings.agent.session.login.authid = authid;
    return settings;
  }
  // The one result, or the error's URI and sentence.
  json call(const std::string& procedure, const std::string& args = "[]") {
    answer.reset();
    const auto called = link.agent().call(
        {.procedure = procedure, .payload = {data::Format::json, as_bytes(args), {}}}, link.now());
    if (!called) return nullptr;
    world.run_until([&] { return answer.has_value(); });
    return answer.value_or(nullptr);
  }
  static json args_of(const wamp::Payload& payload) { return json::parse(as_text(payload.args)); }
  void on_result(wamp::client::CallId, const Result<wamp::Payload, wamp::client::Failure>& result) override {
    answer = result ? args_of(*result).at(0)
                    : json::array({result.error().uri, args_of(result.error().payload).at(0)});
  }

  MemoryWorld& world;
  SeededRandom random{5};
  std::optional<json> answer;
  wamp::client::Link link;
};

struct HostManagementTest : ::testing::Test {
  HostManagementTest() {
    host_settings.agent.destination.token_directory = "/nowhere";
    host.emplace(world.loop(), world.network(), world.files(), random, host_settings);
    EXPECT_TRUE(host->start());
    management.emplace(world.loop(), world.network(), random, host->commands(),
                       HostManagementSettings{Caller::settings("rig01"), "host.rig01.", 10s});
    management->start();
    EXPECT_TRUE(world.run_until([&] { return management->in_charge(); }));
  }
  ~HostManagementTest() override {
    bool stopped = false;
    host->stop([&] { stopped = true; });
    world.run_until([&] { return stopped; });
  }
  // What REST answers.
  std::string rest(const std::string& method, const std::string& path, const std::string& body = {}) {
    crosspoint::testing::RawClient client(world.loop(), world.network(), host->endpoint());
    client.send(method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body);
    world.run_until([&] { return client.over(); });
    return client.received().substr(client.received().find("\r\n\r\n") + 4);
  }

  MemoryWorld world;
  SeededRandom random{3};
  std::optional<TestRouterNode> router{std::in_place, world};
  host::HostSettings host_settings;
  std::optional<host::Host> host;
  std::optional<HostManagement> management;
  std::optional<Caller> peter{std::in_place, world};
};

TEST_F(HostManagementTest, EveryVerbAnswersWhatRestDoes) {
  const std::string stream = R"({"stream":"stream/x","feeds":["a","b"]})";
  const std::string destination = R"({"id":"0","stream":"stream/x","destination":"ws://relay.test/in/x"})";
  EXPECT_EQ(peter->call("host.rig01.healthcheck"), "ok");
  EXPECT_EQ(peter->call("host.rig01.stream.add", "[" + stream + "]"), json::parse(stream));
  EXPECT_EQ(peter->call("host.rig01.destination.add", "[" + destination + "]"), json::parse(destination));
  EXPECT_EQ(peter->call("host.rig01.stream.list").dump(), rest("GET", "/api/streams/all"));
  EXPECT_EQ(peter->call("host.rig01.stream.list", R"(["stream/x"])").dump(),
            rest("GET", "/api/streams/stream/x"));
  EXPECT_EQ(peter->call("host.rig01.destination.list"), json::parse(rest("GET", "/api/destinations/all")));
  EXPECT_EQ(peter->call("host.rig01.destination.list", R"(["0"])"), json::parse(destination));
  EXPECT_EQ(peter->call("host.rig01.destination.list", R"(["9"])").at("id"), "");
  EXPECT_EQ(peter->call("host.rig01.status").at("streams"),
            json::parse(rest("GET", "/api/status")).at("streams"));
  EXPECT_EQ(peter->call("host.rig01.destination.delete", R"(["0"])"), "0");
  EXPECT_EQ(peter->call("host.rig01.stream.delete", R"(["all"])"), "deleteAll");
  EXPECT_EQ(rest("GET", "/api/streams/all"), "{}");
  EXPECT_EQ(rest("GET", "/api/destinations/all"), "{}");
}

TEST_F(HostManagementTest, WhatRestRefusesIsRefusedInTheSameWords) {
  for (const char* rule: {R"({"stream":""})", R"({"stream":"all"})", R"({"stream":"x","feeds":"a"})"}) {
    const auto refused = peter->call("host.rig01.stream.add", "[" + std::string(rule) + "]");
    EXPECT_EQ(refused.at(0), "wamp.error.invalid_argument") << rule;
    EXPECT_EQ(refused.at(1).get<std::string>() + "\n", rest("POST", "/api/streams", rule));
  }
  EXPECT_EQ(peter->call("host.rig01.stream.list", R"(["none"])"),
            json::array({"crosspoint.error.no_such_stream", "Stream not found"}));
  EXPECT_THAT(peter->call("host.rig01.stream.delete", "[7]").at(1), HasSubstr("must be a string"));
  EXPECT_EQ(peter->call("host.rig01.nothing").at(0), "wamp.error.no_such_procedure");
}

TEST_F(HostManagementTest, ATokenIsNeverShownAgain) {
  const std::string rule =
      R"({"id":"0","stream":"x","destination":"https://access.test/session/x","token":"the.secret.token"})";
  std::string all = peter->call("host.rig01.destination.add", "[" + rule + "]").dump();
  EXPECT_THAT(all, HasSubstr(R"("token":"***")"));
  const std::string in_address =
      R"({"id":"1","stream":"x","destination":"ws://h.test/x?token=secret&code=secret"})";
  all += peter->call("host.rig01.destination.add", "[" + in_address + "]").dump();
  EXPECT_THAT(all, HasSubstr("ws://h.test/x?token=***&code=***"));
  all +=
      rest("GET", "/api/destinations/all") + rest("GET", "/api/destinations/1") + rest("GET", "/api/status");
  all += peter->call("host.rig01.destination.list").dump();
  all += peter->call("host.rig01.destination.list", R"(["0"])").dump();
  all += peter->call("host.rig01.status").dump();
  EXPECT_EQ(all.find("secret"), std::string::npos) << all;
}

TEST_F(HostManagementTest, ComesBackWithItsProceduresWhenTheConnectionIsLost) {
  router.reset();
  ASSERT_TRUE(world.run_until([&] { return !management->in_charge(); }));
  router.emplace(world);
  ASSERT_TRUE(world.run_until([&] { return management->in_charge() && peter->link.agent().joined(); }, 60s));
  EXPECT_EQ(peter->call("host.rig01.healthcheck"), "ok");
}

TEST_F(HostManagementTest, AProcedureThatAnotherHasIsAskedForUntilItIsFree) {
  SeededRandom other_random{9};
  HostManagement other(world.loop(), world.network(), other_random, host->commands(),
                       {Caller::settings("twin"), "host.rig01.", 10s});
  other.start();
  world.advance(5s);
  EXPECT_FALSE(other.in_charge());
  bool left = false;
  management->leave([&] { left = true; });
  ASSERT_TRUE(world.run_until([&] { return left; }));
  EXPECT_TRUE(world.run_until([&] { return other.in_charge(); }, 60s));
  EXPECT_EQ(peter->call("host.rig01.healthcheck"), "ok");
}

}  // namespace
}  // namespace crosspoint::management
