#include "client/io/stats_feed.h"

#include <gtest/gtest.h>

#include "client/io/test_access.h"
#include "client/io/test_relay.h"
#include "testing/world.h"

namespace crosspoint::client {
namespace {

using websocket::MessageType;

struct Reader final : StatsFeedEvents {
  void on_report(std::string_view json, StatsReport report) override {
    texts.emplace_back(json);
    connections = report.connections.size();
  }
  void on_trouble(std::string sentence) override { troubles.push_back(std::move(sentence)); }
  std::vector<std::string> texts, troubles;
  std::size_t connections = 0;
};

// GET /status by script.
class StatusService {
 public:
  explicit StatusService(testing::World& world) {
    http::Route route;
    route.methods = "*";
    route.path = "*";
    route.handler = http::CollectedHandler([this](http::Request&& request, http::Responder responder) {
      requests.push_back(std::move(request));
      responder.respond(http::json_response(status, body));
    });
    routes_.rows.push_back(std::move(route));
    server_ = std::make_unique<http::Server>(world.loop(1), routes_, http::ServerLimits{});
    const net::Network::ListenPoint point{&world.loop(1), server_.get()};
    listeners_ = std::move(
        *world.network().listen({net::Endpoint::Kind::tcp, "node.test", 80, {}}, {}, std::span(&point, 1)));
  }
  int status = 200;
  std::string body = R"([{"topic":"a"},{"topic":"b"}])";
  std::vector<http::Request> requests;

 private:
  http::Routes routes_;
  std::unique_ptr<http::Server> server_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
};

class StatsFeedTest : public ::testing::Test {
 protected:
  void make(const std::string& url, std::string token = "S3cret.to.ken") {
    feed_ = std::make_unique<StatsFeed>(
        world_.loop(), world_.network(), random_, Outbound{}, stats_address(*http::parse_url(url)),
        token.empty() ? nullptr : std::make_unique<FixedToken>(std::move(token)), 2s, reader_);
    feed_->start();
    world_.run_until_idle();
  }

  testing::MemoryWorld world_;
  SeededRandom random_{1};
  Reader reader_;
  std::unique_ptr<StatsFeed> feed_;
};

TEST_F(StatsFeedTest, AsksStatusWithTheTokenAtEachInterval) {
  StatusService node(world_);
  make("http://node.test");
  ASSERT_EQ(node.requests.size(), 1u);
  EXPECT_EQ(node.requests[0].head.method, "GET");
  EXPECT_EQ(node.requests[0].path, "/status");
  EXPECT_EQ(node.requests[0].head.fields.find("Authorization"), "S3cret.to.ken");
  EXPECT_EQ(reader_.texts, std::vector<std::string>{node.body});
  EXPECT_EQ(reader_.connections, 2u);

  world_.advance(6s);
  EXPECT_EQ(node.requests.size(), 4u);
  EXPECT_EQ(reader_.troubles.size(), 0u);
}

TEST_F(StatsFeedTest, SaysInASentenceWhyThereIsNoReport) {
  StatusService node(world_);
  node.status = 401;
  node.body = R"({"code":"401","message":"token S3cret.to.ken missing relay:stats scope"})";
  make("http://node.test");
  node.status = 200;
  node.body = "<html>";
  world_.advance(2s);
  node.status = 204;
  node.body = "";
  world_.advance(2s);
  EXPECT_EQ(reader_.troubles,
            (std::vector<std::string>{"node.test answered 401: token *** missing relay:stats scope",
                                      "node.test: the report is not JSON",
                                      "node.test answered 204 without a report"}));
}

TEST_F(StatsFeedTest, NobodyThereIsTroubleAndIsAskedAgain) {
  make("http://node.test");
  EXPECT_EQ(reader_.troubles.size(), 1u);
  StatusService node(world_);
  world_.advance(2s);
  EXPECT_EQ(reader_.texts.size(), 1u);
}

TEST_F(StatsFeedTest, ListensToTopicStatsThroughAccess) {
  TestAccess access(world_, "lab.test");
  TestRelay relay(world_, "relay.test");
  access.address = "ws://relay.test/session/stats";
  make(access.url("/session/stats"));
  ASSERT_EQ(relay.guests.size(), 1u);
  EXPECT_EQ(relay.guest().payloads(), std::vector<std::string>{R"({"cmd":"update"})"});

  relay.guest().socket.send(MessageType::text, as_bytes(R"([{"topic":"stats"}])"));
  relay.guest().socket.send(MessageType::text, as_bytes(R"({"cmd":"update"})"));
  relay.guest().socket.send(MessageType::binary, as_bytes("[]"));
  relay.guest().socket.send(MessageType::text, as_bytes("[{}][{}]"));
  world_.run_until_idle();
  EXPECT_EQ(reader_.texts, std::vector<std::string>{R"([{"topic":"stats"}])"});
  EXPECT_EQ(reader_.troubles, std::vector<std::string>{"lab.test: the report is not JSON"});
}

TEST_F(StatsFeedTest, ADeniedTokenIsTroubleToldOnce) {
  TestAccess access(world_, "lab.test");
  access.mood = TestAccess::Mood::denied;
  make(access.url("/session/stats"));
  world_.advance(900ms);
  EXPECT_EQ(reader_.troubles,
            std::vector<std::string>{"access at lab.test answered 400: bookingID has been deny-listed"});
}

TEST_F(StatsFeedTest, AnOpenRelayIsOnlyListenedTo) {
  TestRelay relay(world_, "relay.test");
  make(relay.url("/ws"), "");
  EXPECT_EQ(relay.guest().payloads(), std::vector<std::string>{});
  relay.guest().socket.send(MessageType::text, as_bytes("[]"));
  world_.run_until_idle();
  EXPECT_EQ(reader_.texts, std::vector<std::string>{"[]"});
}

TEST_F(StatsFeedTest, DestroyingItInAnyStateIsSafe) {
  TestAccess access(world_, "lab.test");
  access.mood = TestAccess::Mood::silent;
  for (const auto* path: {"/session/stats", "/status"}) {
    make(access.url(path));
    feed_.reset();
    world_.advance(1min);
  }
  EXPECT_EQ(access.requests.size(), 2u);
  EXPECT_EQ(reader_.troubles.size() + reader_.texts.size(), 0u);
}

}  // namespace
}  // namespace crosspoint::client
