// Clients that do not read, or not fast enough: what waits for them is bounded by bytes and by age, and
// whoever has to go is told why.
#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "wamp/error_uri.h"
#include "wamp/io/test_node.h"
#include "websocket/test_frames.h"

namespace crosspoint::wamp {
namespace {

using namespace std::string_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using websocket::Opcode;

constexpr std::size_t event_bytes = 20'000;

constexpr std::size_t waiting_bytes_max = 200'000;

struct SlowTest : NodeTest {
  SlowTest() {
    node.change_waiting(waiting_bytes_max, 30s);
    world.network().set_link_settings({.capacity_bytes = 50'000});
  }
  std::unique_ptr<testing::RawClient> join_by_websocket(const net::Endpoint& at,
                                                        std::string_view offered = "wamp.2.json") {
    auto client = connect_websocket_at(at, offered);
    say(*client, masked_frame(Opcode::text, hello + (offered.ends_with("batched") ? "\x1e" : "")));
    client->take_received();
    return client;
  }
  std::unique_ptr<testing::RawClient> join_by_rawsocket(const net::Endpoint& at) {
    auto client = connect(at);
    say(*client, "\x7f\xf1\0\0\0\0\0"s + static_cast<char>(hello.size()) + hello);
    return client;
  }
  // One of `number` and `bytes` bytes to whoever has come last.
  enum class Kind : std::uint8_t { kept, expendable };
  void publish(int number, Kind kind = Kind::kept, std::size_t bytes = event_bytes) {
    const std::string args = "[" + std::to_string(number) + ",\"" + std::string(bytes, 'x') + "\"]";
    const Payload payload{data::Format::json, as_bytes(args), {}};
    const Event said{.subscription = SubscriptionId{1},
                     .publication = PublicationId{2},
                     .payload = payload,
                     .may_be_missed = kind == Kind::expendable};
    SharedEvent event(said);
    lobby.peer->send_event(event);
    world.run_until_idle();
  }
  void answer(int number, std::size_t bytes = event_bytes) {
    const std::string args = "[" + std::to_string(number) + ",\"" + std::string(bytes, 'x') + "\"]";
    lobby.peer->send(CallResult{RequestId{1}, false, {}, {data::Format::json, as_bytes(args), {}}});
    world.run_until_idle();
  }
  // More than may wait, and what the line holds.
  void fill(bool events) {
    for (int i = 0; i < 20; ++i) events ? publish(i) : answer(i);
  }
  // What a client of WebSocket gets that reads now.
  std::vector<websocket::Heard::One> read_on(testing::RawClient& client) {
    client.resume_reading();
    world.run_until_idle();
    return websocket::hear(client.received(), {.role = websocket::Role::client}).messages;
  }
  // It reads for a moment, and stops again.
  void gulp(testing::RawClient& client) {
    client.resume_reading();
    world.loop(1).turn();
    world.loop(0).turn();
    client.stop_reading();
  }
  static std::string close_1013() { return "\x03\xf5this client is too slow for what is sent to it"; }
  static std::string goodbye() { return std::string(error_uri::close_too_slow); }
};

TEST_F(SlowTest, E1_AClientThatDoesNotReadIsClosedAtTheBoundAndItsSeatLeft) {
  for (const auto* const offered: {"wamp.2.json", "wamp.2.json.batched"}) {
    for (const bool events: {true, false}) {
      SCOPED_TRACE(offered);
      lobby.ends.clear();
      const auto client = join_by_websocket(endpoint, offered);
      client->stop_reading();
      const auto closed = node.counters().closed_too_slow;

      fill(events);

      EXPECT_THAT(lobby.ends, ElementsAre(SessionEnd::too_slow));
      EXPECT_EQ(node.counters().closed_too_slow, closed + 1);
      const auto heard = read_on(*client);
      ASSERT_GE(heard.size(), 2u);
      EXPECT_THAT(heard[heard.size() - 2].payload, HasSubstr(goodbye()));
      EXPECT_EQ(heard.back(), (websocket::Heard::One{Opcode::close, close_1013()}));
      EXPECT_EQ(node.counters().events_dropped, 0u);
    }
  }
}

TEST_F(SlowTest, TheSameOverRawSocket) {
  for (const bool events: {true, false}) {
    SCOPED_TRACE(events);
    lobby.ends.clear();
    const auto client = join_by_rawsocket(rawsocket_endpoint);
    client->stop_reading();
    fill(events);
    EXPECT_THAT(lobby.ends, ElementsAre(SessionEnd::too_slow));
    client->resume_reading();
    world.run_until_idle();
    EXPECT_THAT(client->received().substr(client->received().size() - 100), HasSubstr(goodbye()));
    EXPECT_TRUE(client->over());
  }
  EXPECT_EQ(node.counters().closed_too_slow, 2u);
}

// serve.write-time-max: nothing moves for so long.
TEST_F(SlowTest, AClientThatTakesNothingIsTooSlowHoweverLittleWaits) {
  for (const bool by_websocket: {true, false}) {
    SCOPED_TRACE(by_websocket);
    lobby.ends.clear();
    const auto client = by_websocket ? join_by_websocket(endpoint) : join_by_rawsocket(rawsocket_endpoint);
    client->stop_reading();
    answer(1, 180'000);
    world.advance(10s - 1ns);
    EXPECT_THAT(lobby.ends, ElementsAre());

    world.advance(1ns);

    EXPECT_THAT(lobby.ends, ElementsAre(SessionEnd::too_slow));
    EXPECT_EQ(node.connections(), 1u) << "the reason waits for a second";
    if (by_websocket) {
      EXPECT_EQ(read_on(*client).back().payload, close_1013());
    } else {
      client->resume_reading();
      world.run_until_idle();
      EXPECT_THAT(client->received().substr(client->received().size() - 100), HasSubstr(goodbye()));
    }
    world.advance(1s);
    EXPECT_EQ(node.connections(), 0u);
  }
  EXPECT_EQ(node.counters().closed_too_slow, 2u);
}

TEST_F(SlowTest, WhoDoesNotEvenTakeTheReasonIsCut) {
  for (const bool by_websocket: {true, false}) {
    const auto client = by_websocket ? join_by_websocket(endpoint) : join_by_rawsocket(rawsocket_endpoint);
    client->stop_reading();
    fill(true);
    EXPECT_EQ(node.connections(), 1u);
    world.advance(1s);
    EXPECT_EQ(node.connections(), 0u);
  }
}

// It never stands still for write-time-max, and never has more than waiting-bytes-max before it.
TEST_F(SlowTest, E3_AClientThatReadsALittleNowAndThenIsTooSlowWhenWhatWaitsIsTooOld) {
  for (const bool by_websocket: {true, false}) {
    SCOPED_TRACE(by_websocket);
    lobby.ends.clear();
    world.network().set_link_settings({.capacity_bytes = 1000});
    const auto client = by_websocket ? join_by_websocket(endpoint) : join_by_rawsocket(rawsocket_endpoint);
    client->stop_reading();
    answer(1, 180'000);
    for (int i = 0; i < 5; ++i) {
      world.advance(5s);
      gulp(*client);
    }
    world.advance(5s - 1ns);
    EXPECT_THAT(lobby.ends, ElementsAre());

    world.advance(1ns);

    EXPECT_THAT(lobby.ends, ElementsAre(SessionEnd::too_slow));
  }
  EXPECT_EQ(node.counters().closed_too_slow, 2u);
}

// ---- Events that may be missed (slow-subscriber "drop").

// The numbers of events and results among what was heard.
std::vector<int> numbers_in(const std::vector<websocket::Heard::One>& heard) {
  std::vector<int> numbers;
  for (const auto& one: heard) {
    const auto begin = one.payload.find("{},[");
    if (begin != std::string::npos) numbers.push_back(std::stoi(one.payload.substr(begin + 4)));
  }
  return numbers;
}

TEST_F(SlowTest, TheOldestEventsThatMayBeAreMissedAndTheNewestCome) {
  for (const auto* const offered: {"wamp.2.json", "wamp.2.json.batched"}) {
    SCOPED_TRACE(offered);
    const auto client = join_by_websocket(endpoint, offered);
    const auto dropped = node.counters().events_dropped;
    client->stop_reading();
    for (int i = 0; i < 40; ++i) publish(i, Kind::expendable);

    const auto got = numbers_in(read_on(*client));

    EXPECT_THAT(lobby.ends, Not(Contains(SessionEnd::too_slow)));
    EXPECT_TRUE(std::ranges::is_sorted(got));
    EXPECT_EQ(got.front(), 0) << "it was on its way";
    EXPECT_EQ(got.back(), 39);
    EXPECT_EQ(got.size() + node.counters().events_dropped - dropped, 40u);
    EXPECT_LE((got.size() - 4) * event_bytes, waiting_bytes_max);
  }
}

TEST_F(SlowTest, TheSameEventsAreMissedOverRawSocket) {
  const auto raw = join_by_rawsocket(rawsocket_endpoint);
  raw->stop_reading();
  for (int i = 0; i < 40; ++i) publish(i, Kind::expendable);
  const auto dropped = node.counters().events_dropped;
  EXPECT_GE(dropped, 20u);
  raw->resume_reading();
  world.run_until_idle();
  EXPECT_THAT(raw->received(), HasSubstr(",{},[39,"));
  EXPECT_EQ(raw->received().size() / event_bytes + dropped, 40u);
  EXPECT_THAT(lobby.ends, Not(Contains(SessionEnd::too_slow)));
}

TEST_F(SlowTest, WhatMayNotBeMissedTakesTheRoomOfWhatMay) {
  const auto client = join_by_websocket(endpoint);
  client->stop_reading();
  for (int i = 0; i < 20; ++i) publish(i, Kind::expendable);
  for (int i = 20; i < 24; ++i) answer(i);
  publish(24, Kind::kept);
  for (int i = 25; i < 60; ++i) publish(i, Kind::expendable);
  EXPECT_THAT(lobby.ends, Not(Contains(SessionEnd::too_slow)));

  const auto got = numbers_in(read_on(*client));

  EXPECT_THAT(got, ::testing::IsSupersetOf({20, 21, 22, 23, 24, 59}));
  EXPECT_TRUE(std::ranges::is_sorted(got));
}

TEST_F(SlowTest, F6_AnswersAreNeverMissed) {
  const auto client = join_by_websocket(endpoint);
  client->stop_reading();
  for (int i = 0; i < 20; ++i) publish(i, Kind::expendable);
  fill(false);
  EXPECT_THAT(lobby.ends, ElementsAre(SessionEnd::too_slow));
}

// Fewer than the bound of bytes: they would be there for ever.
TEST_F(SlowTest, EventsThatMayBeMissedAreWhenTheyAreTooOldAndTheClientStays) {
  for (const bool by_websocket: {true, false}) {
    SCOPED_TRACE(by_websocket);
    world.network().set_link_settings({.capacity_bytes = 1000});
    const auto client = by_websocket ? join_by_websocket(endpoint) : join_by_rawsocket(rawsocket_endpoint);
    const auto dropped = node.counters().events_dropped;
    client->stop_reading();
    for (int i = 0; i < 5; ++i) publish(i, Kind::expendable);
    for (int i = 0; i < 6; ++i) {
      world.advance(5s);
      gulp(*client);
    }
    EXPECT_EQ(node.counters().events_dropped - dropped, 4u) << "all but the one that was begun";
    publish(5, Kind::expendable);
    client->resume_reading();
    world.run_until_idle();
    EXPECT_THAT(client->received(), HasSubstr(",{},[5,"));
    EXPECT_THAT(client->received(), Not(HasSubstr(",{},[4,")));
    EXPECT_THAT(lobby.ends, Not(Contains(SessionEnd::too_slow)));
  }
}

TEST_F(SlowTest, NobodyIsGivenMoreThanTwiceTheAgeForOneEvent) {
  world.network().set_link_settings({.capacity_bytes = 1000});
  const auto client = join_by_websocket(endpoint);
  client->stop_reading();
  publish(1, Kind::expendable, 100'000);
  for (int i = 0; i < 11; ++i) {
    world.advance(5s);
    gulp(*client);
    publish(2, Kind::expendable, 10);
    if (i == 8) client->send(masked_frame(Opcode::pong, ""));  // it is alive
  }
  EXPECT_THAT(lobby.ends, Not(Contains(SessionEnd::too_slow)));
  world.advance(5s);
  EXPECT_THAT(lobby.ends, ElementsAre(SessionEnd::too_slow));
}

// One that takes nothing at all is not slow, but dead: there is no use in events for it.
TEST_F(SlowTest, WhoTakesNothingIsClosedWhateverItMayMiss) {
  const auto client = join_by_websocket(endpoint);
  client->stop_reading();
  for (int i = 0; i < 40; ++i) publish(i, Kind::expendable);
  world.advance(10s);
  EXPECT_THAT(lobby.ends, ElementsAre(SessionEnd::too_slow));
}

}  // namespace
}  // namespace crosspoint::wamp
