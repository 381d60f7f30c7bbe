// The same server once on this machine's loopback, to prove the network in memory honest: an answer, a
// refusal that arrives although the peer goes on sending, and an upgrade whose stream was paused in between.

#include <gtest/gtest.h>

#include "http/io/server.h"
#include "http/io/test_server.h"
#include "testing/system_world.h"

namespace crosspoint::http {
namespace {

class Echo final : public net::StreamEvents {
 public:
  void take(Takeover&& takeover) {
    stream = std::move(takeover.stream);
    ASSERT_TRUE(stream->write_some(Bytes(takeover.early_bytes)));
    stream->start(*this);
    stream->resume_reading();
  }
  std::unique_ptr<net::Stream> stream;

 private:
  void on_bytes(MutableBytes bytes) override { EXPECT_TRUE(stream->write_some(Bytes(bytes))); }
  void on_end() override {}
  void on_failure(net::StreamError) override {}
  void on_writable() override {}
};

class ServerOnSockets : public ::testing::Test {
 protected:
  void listen(std::vector<Route> rows) {
    routes.rows = std::move(rows);
    server.emplace(world.loop(), routes, ServerLimits{});
    const net::Network::ListenPoint point{&world.loop(), &*server};
    auto made = world.network().listen({net::Endpoint::Kind::tcp, "127.0.0.1", 0, {}}, {}, {&point, 1});
    ASSERT_TRUE(made) << made.error().sentence;
    listeners = std::move(*made);
  }
  std::unique_ptr<testing::RawClient> connect() {
    return std::make_unique<testing::RawClient>(world.loop(), world.network(), listeners.at(0)->endpoint());
  }

  testing::SystemWorld world;
  Routes routes;
  std::optional<Server> server;
  std::vector<std::unique_ptr<net::Listener>> listeners;
};

TEST_F(ServerOnSockets, AnswersAndKeepsTheConnection) {
  listen({echo_route("*")});
  const auto client = connect();
  client->send(
      "GET /a HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");

  ASSERT_TRUE(world.run_until([&] { return client->received().ends_with("POST /b hi"); }));

  EXPECT_EQ(statuses_in(client->received()), "200 200");
}

TEST_F(ServerOnSockets, ARefusalArrivesThoughThePeerGoesOnSending) {
  listen({echo_route("*")});
  const auto client = connect();
  client->send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n" +
               std::string(150'000, 'x'));

  ASSERT_TRUE(world.run_until([&] { return client->over() && client->unsent_bytes() == 0; }));

  EXPECT_EQ(statuses_in(client->received()), "413");
  EXPECT_FALSE(client->failure());
}

TEST_F(ServerOnSockets, A8_AnUpgradeKeepsWhatCameEarlyAndWhatComesLate) {
  Echo echo;
  Takeover kept;
  Route row;
  row.methods = "GET";
  row.path = "*";
  row.handler = UpgradeHandler([&](Request&&, Takeover&& takeover) { kept = std::move(takeover); });
  listen({row});
  const auto client = connect();
  client->send("GET /a HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\nearly ");
  ASSERT_TRUE(world.run_until([&] { return kept.stream != nullptr; }));
  client->send("and late");
  // A few turns in which a stream that were not paused would read, and lose, what lies in the kernel.
  int turns = 0;
  ASSERT_TRUE(world.run_until([&] { return client->unsent_bytes() == 0 && ++turns > 3; }));

  echo.take(std::move(kept));

  EXPECT_TRUE(world.run_until([&] { return client->received() == "early and late"; }));
}

}  // namespace
}  // namespace crosspoint::http
