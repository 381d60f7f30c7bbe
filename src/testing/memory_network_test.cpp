// What only the network in memory can do; what it shares with the real one is in
// net/network_contract_test.cpp.

#include "testing/memory_network.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "testing/cut_anywhere.h"
#include "testing/faulty_stream.h"
#include "testing/raw_client.h"
#include "testing/recording_server.h"
#include "testing/world.h"

namespace crosspoint::testing {
namespace {

using net::Endpoint;
using net::NetworkError;
using net::StreamError;

const Endpoint place{.kind = Endpoint::Kind::tcp, .host = "127.0.0.1", .port = 8080, .path = {}};

class MemoryNetworkTest : public ::testing::Test {
 protected:
  MemoryNetworkTest() { listen(); }

  void listen() {
    const net::Network::ListenPoint point{&world.loop(), &server};
    listener = std::move(world.network().listen(place, {}, {&point, 1}).value().front());
  }
  RawClient& connect() {
    client = std::make_unique<RawClient>(world.loop(), world.network(), place);
    world.run_until_idle();
    return *client;
  }
  RecordingEnd& end() { return *server.connections.back(); }
  std::shared_ptr<Link> link() { return world.network().newest_link(); }

  MemoryWorld world;
  RecordingServer server;
  std::unique_ptr<net::Listener> listener;
  std::unique_ptr<RawClient> client;
};

TEST_F(MemoryNetworkTest, BytesMayComeOneByOne) {
  world.network().set_link_settings({.segment_bytes_max = 1});
  connect().send("abc");

  world.run_until_idle();

  EXPECT_EQ(end().received, "abc");
  EXPECT_EQ(end().deliveries, 3u);
}

TEST_F(MemoryNetworkTest, AWriteMayTakeAnyPart) {
  world.network().set_link_settings({.write_bytes_max = 2});
  connect();

  EXPECT_EQ(end().stream->write_some(as_bytes("abc")), 2u);
  client->send("hello world");
  world.run_until_idle();

  EXPECT_EQ(end().received, "hello world");
}

TEST_F(MemoryNetworkTest, AFullPipeTakesWhatFitsAndNoMore) {
  world.network().set_link_settings({.capacity_bytes = 4});
  connect();
  link()->stall(Link::Way::to_connector);

  EXPECT_EQ(end().stream->write_some(as_bytes("123456")), 4u);
  EXPECT_EQ(end().stream->write_some(as_bytes("56")), 0u);
  EXPECT_EQ(end().stream->unacknowledged_bytes(), 4u);
  end().stream->await_writable();
  world.run_until_idle();
  EXPECT_EQ(end().times_writable, 0u);

  link()->resume(Link::Way::to_connector);
  world.run_until_idle();

  EXPECT_EQ(end().times_writable, 1u);
  EXPECT_EQ(client->received(), "1234");
  EXPECT_EQ(end().stream->unacknowledged_bytes(), 0u);
}

TEST_F(MemoryNetworkTest, ALongLineTakesItsTime) {
  world.network().set_link_settings({.latency = 30ms});
  client = std::make_unique<RawClient>(world.loop(), world.network(), place);
  world.advance(59ms);
  EXPECT_FALSE(client->connected());
  world.advance(1ms);
  EXPECT_TRUE(client->connected());

  client->send("hello");
  client->finish();
  world.advance(29ms);
  EXPECT_EQ(end().received, "");
  world.advance(1ms);

  EXPECT_EQ(end().received, "hello");
  EXPECT_EQ(end().ends, 1u);
}

TEST_F(MemoryNetworkTest, ANarrowLineLetsBytesThroughAtItsSpeed) {
  world.network().set_link_settings({.bytes_per_second = 1000});
  connect();
  for (int i = 0; i < 10; ++i) client->send(std::string(100, 'x'));

  world.advance(500ms);
  EXPECT_EQ(end().received.size(), 500u);
  world.advance(500ms);

  EXPECT_EQ(end().received.size(), 1000u);
}

TEST_F(MemoryNetworkTest, ACutLinkFailsOnBothSides) {
  connect();

  link()->cut();
  EXPECT_FALSE(link()->alive());
  world.run_until_idle();

  EXPECT_EQ(client->failure(), StreamError::reset);
  EXPECT_EQ(end().failure, StreamError::reset);
  EXPECT_FALSE(end().stream->write_some(as_bytes("x")));
}

// The twin of J6: what the real network shows in half_open_test.cpp.
TEST_F(MemoryNetworkTest, J6_AHalfOpenLinkIsFoundWithinItsTimeOnBothSides) {
  connect();
  link()->go_silent();
  client->send("into the void");
  client->finish();

  world.advance(14s);
  EXPECT_EQ(end().received, "");
  EXPECT_EQ(end().ends, 0u);
  EXPECT_FALSE(client->failure());
  world.advance(1s);

  EXPECT_EQ(client->failure(), StreamError::timed_out);
  EXPECT_EQ(end().failure, StreamError::timed_out);
}

TEST_F(MemoryNetworkTest, AttemptsMeetTheirFate) {
  using Cause = NetworkError::Cause;
  const std::array<std::pair<Fate, Cause>, 4> table{{{Fate::refused, Cause::refused},
                                                     {Fate::no_answer, Cause::timed_out},
                                                     {Fate::unreachable, Cause::unreachable},
                                                     {Fate::unknown_host, Cause::unknown_host}}};
  for (const auto& [fate, cause]: table) {
    world.network().set_fate(place, fate);
    connect();
    world.advance(10s);
    ASSERT_TRUE(client->connect_error());
    EXPECT_EQ(client->connect_error()->cause, cause);
  }

  world.network().set_fate(place, Fate::as_usual);
  EXPECT_TRUE(connect().connected());
}

TEST_F(MemoryNetworkTest, NoAnswerIsToldWhenTheLimitIsOverNotBefore) {
  world.network().set_fate(place, Fate::no_answer);
  connect();

  world.advance(9999ms);
  EXPECT_FALSE(client->connect_error());
  world.advance(1ms);

  EXPECT_TRUE(client->connect_error());
}

TEST_F(MemoryNetworkTest, OnlyNamesThatWereAddedAreKnown) {
  Endpoint named = place;
  named.host = "relay.example";
  listener.reset();
  const net::Network::ListenPoint point{&world.loop(), &server};
  const auto everywhere = world.network().listen(
      {.kind = Endpoint::Kind::tcp, .host = "", .port = 8080, .path = {}}, {}, {&point, 1});
  RawClient early(world.loop(), world.network(), named);
  world.run_until_idle();

  world.network().add_host("relay.example");
  RawClient late(world.loop(), world.network(), named);
  world.run_until_idle();

  EXPECT_EQ(early.connect_error()->cause, NetworkError::Cause::unknown_host);
  EXPECT_TRUE(late.connected());
}

TEST_F(MemoryNetworkTest, ClientsMayComeFromAnywhere) {
  world.network().connect_from({.family = net::Address::Family::ipv4, .port = 0, .bytes = {10, 1, 2, 3}});

  connect();

  EXPECT_EQ(host_of(server.peers[0]), "10.1.2.3");
}

TEST_F(MemoryNetworkTest, ALinkIsForgottenWithItsStreams) {
  connect();
  EXPECT_EQ(world.network().links().size(), 1u);

  client->close();
  world.run_until_idle();
  EXPECT_EQ(world.network().links().size(), 1u);
  server.connections.clear();

  EXPECT_EQ(world.network().links().size(), 0u);
}

TEST_F(MemoryNetworkTest, AListenerThatGoesResetsWhoWaitsInItsBacklog) {
  RawClient waiting(world.loop(1), world.network(), place);
  world.loop(1).turn();
  EXPECT_TRUE(waiting.connected());

  listener.reset();
  world.run_until_idle();

  EXPECT_EQ(waiting.failure(), StreamError::reset);
  EXPECT_TRUE(server.connections.empty());
}

using MemoryNetworkDeathTest = MemoryNetworkTest;

TEST_F(MemoryNetworkDeathTest, DestroyingAStreamInsideItsOwnCallbackEndsTheTest) {
  struct Careless final : net::StreamEvents {
    void on_bytes(MutableBytes) override { stream.reset(); }
    void on_end() override {}
    void on_failure(StreamError) override {}
    void on_writable() override {}
    std::unique_ptr<net::Stream> stream;
  };
  connect();
  Careless careless;
  careless.stream = std::move(end().stream);
  careless.stream->start(careless);
  client->send("x");

  EXPECT_DEATH(world.run_until_idle(), "calling_");
}

TEST(MemoryWorld, TimersOfAllLoopsFireInTheOrderOfTheirTimes) {
  MemoryWorld world;
  std::string fired;
  net::Timer a(world.loop(0), [&] { fired += "a"; });
  net::Timer b(world.loop(1), [&] { fired += "b"; });
  net::Timer d(world.loop(0), [&] { fired += "d"; });
  net::Timer c(world.loop(0), [&] {
    fired += "c";
    d.start_after(500ms);
  });
  a.start_after(5s);
  b.start_after(3s);
  c.start_after(4s);

  world.advance(4250ms);
  EXPECT_EQ(fired, "bc");
  world.advance(1s);

  EXPECT_EQ(fired, "bcda");
}

TEST(MemoryWorld, EveryLoopKnowsTheTimeAfterAnAdvance) {
  MemoryWorld world;
  world.loop(1);

  world.advance(1h);

  EXPECT_EQ(world.loop(0).now(), world.clock().monotonic());
  EXPECT_EQ(world.loop(1).now(), world.clock().monotonic());
}

TEST(MemoryWorld, WaitingEndsWhenNothingCanHappenAnyMore) {
  MemoryWorld world;
  world.loop();

  EXPECT_FALSE(world.run_until([] { return false; }));
}

TEST(FaultyStream, EveryOperationOfAScenarioFailsOnceAndTheLastRunPasses) {
  std::size_t runs = 0;
  for (std::size_t n = 0;; ++n, ++runs) {
    auto fault = std::make_shared<Fault>(n);
    MemoryWorld world;
    world.network().wrap_streams(
        [&](auto stream) { return std::make_unique<FaultyStream>(std::move(stream), fault); });
    RecordingServer server;
    const net::Network::ListenPoint point{&world.loop(), &server};
    const auto listeners = world.network().listen(place, {}, {&point, 1}).value();
    RawClient client(world.loop(), world.network(), place);
    client.send("question");
    world.run_until_idle();
    if (server.connections[0]->received == "question") {
      (void)server.connections[0]->stream->write_some(as_bytes("answer"));
    }
    world.run_until_idle();

    const bool whole = client.received() == "answer";
    EXPECT_NE(whole, fault->struck());
    if (!fault->struck()) break;
  }
  EXPECT_EQ(runs, 4u);  // a write and a delivery each way
}

TEST(CutAnywhere, FindsADecoderThatDependsOnTheCuts) {
  const auto whole = [](std::span<const Bytes> pieces) {
    std::string text;
    for (const Bytes piece: pieces) text += as_text(piece);
    return text;
  };
  expect_same_result_however_cut(as_bytes("hello"), whole);

  static const auto first_piece = [](std::span<const Bytes> pieces) { return to_string(pieces.front()); };
  ::testing::TestPartResultArray failures;
  {
    const ::testing::ScopedFakeTestPartResultReporter reporter(&failures);
    expect_same_result_however_cut(as_bytes("hello"), first_piece);
  }
  EXPECT_GT(failures.size(), 0);
}

}  // namespace
}  // namespace crosspoint::testing
