// What one topic, one viewer or one publisher costs those beside it: counted in turns of the loops, which is
// what a message waits for, on a network in memory (section E of the fault model).

#include <gtest/gtest.h>

#include <algorithm>

#include "json_at.h"
#include "product.h"

namespace crosspoint::journeys {
namespace {

constexpr std::size_t read_bytes = 64 * 1024;  // what a loop in memory reads of a connection at a time

using Clients = std::vector<std::unique_ptr<WebClient>>;

// A node on some loops, and everybody else on a loop of their own, so that turns of the one are not turns of
// the other.
class Neighbourhood {
 public:
  explicit Neighbourhood(std::size_t loops, relay::NodeSettings settings = {})
      : loops_(loops), product(world, std::move(settings), loops) {}

  std::unique_ptr<WebClient> open(const std::string& path) {
    auto client = std::make_unique<WebClient>(world, product.node(), path, WebClient::Options{}, loops_);
    EXPECT_TRUE(world.run_until([&] { return client->open(); }));
    return client;
  }
  Clients open(std::size_t count, const std::string& path) {
    Clients clients;
    while (clients.size() < count) clients.push_back(open(path));
    return clients;
  }

  // One turn of everybody.
  void turn() {
    for (std::size_t i = 0; i <= loops_; ++i) world.loop(i).turn();
  }
  // How many it takes; no time passes.
  std::size_t turns_until(const std::function<bool()>& condition) {
    std::size_t turns = 0;
    for (; !condition() && turns < 1000; ++turns) turn();
    return turns;
  }
  // A topic that lives on the same loop as `other`.
  std::string topic_beside(const std::string& other) {
    auto& gateway = product.gateway();
    for (int i = 0;; ++i) {
      auto name = "/out/quiet" + std::to_string(i);
      if (&gateway.owner_of(name) == &gateway.owner_of(other)) return name;
    }
  }

 private:
  const std::size_t loops_;

 public:
  testing::MemoryWorld world;
  Product product;
};

// The most turns that a message on a quiet topic is on its way, beside one with sixteen viewers to whom so
// much is said before each turn; and the most that one of these is handed in a turn.
struct Beside {
  std::size_t turns = 0;
  std::size_t busy_bytes = 0;
};
Beside a_busy_topic(std::size_t loops, std::size_t burst_messages) {
  relay::NodeSettings settings;
  settings.relay.spill_receivers_min = 8;
  settings.relay.topics.bounds.bytes_max = 1 << 30;
  Neighbourhood there(loops, settings);
  there.world.network().set_link_settings({.capacity_bytes = 8 << 20});
  const auto quiet_topic = there.topic_beside("/out/busy");
  const auto viewer = there.open(quiet_topic);
  const auto sender = there.open("/in" + quiet_topic.substr(4));
  const auto crowd = there.open(16, "/out/busy");
  const auto busy = there.open("/in/busy");
  const std::string message(4096, 'b');

  Beside most;
  for (std::size_t i = 0; i < 10; ++i) {
    for (std::size_t n = 0; n < burst_messages; ++n) busy->send_binary(as_bytes(message));
    sender->send("x");
    std::size_t turns = 0;
    for (; viewer->messages.size() == i && turns < 1000; ++turns) {
      const auto before = crowd.front()->messages.size();
      there.turn();
      most.busy_bytes = std::max(most.busy_bytes, (crowd.front()->messages.size() - before) * message.size());
    }
    most.turns = std::max(most.turns, turns);
  }
  there.world.run_until_idle();
  for (const auto& each: crowd) EXPECT_EQ(each->messages.size(), 10 * burst_messages);
  return most;
}

class QuietTopic : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Loops, QuietTopic, ::testing::Values(1, 3));

TEST_P(QuietTopic, E5_WaitsNoTurnLongerBesideABusyOne) {
  const auto alone = a_busy_topic(GetParam(), 0);
  const auto beside = a_busy_topic(GetParam(), 25);

  EXPECT_EQ(beside.turns, alone.turns);
  EXPECT_GT(beside.busy_bytes, read_bytes / 2) << "nobody was busy";
  EXPECT_LE(beside.busy_bytes, read_bytes) << "and a turn is no longer than what is read of each at a time";
}

// The most turns that a message to forty viewers is on its way to those who read, while so many do not.
std::size_t turns_beside_stalled(std::size_t stalled) {
  Neighbourhood there(1);
  there.world.network().set_link_settings({.capacity_bytes = 64 * 1024});
  const auto healthy = there.open(40 - stalled, "/out/v");
  const auto asleep = there.open(stalled, "/out/v");
  for (const auto& each: asleep) each->stop_reading();
  const auto sender = there.open("/in/v");
  const std::string message(20'000, 'm');

  std::size_t most = 0;
  for (std::size_t n = 1; n <= 40; ++n) {
    sender->send_binary(as_bytes(message));
    most = std::max(most, there.turns_until([&] {
      return std::ranges::all_of(healthy, [&](const auto& each) { return each->messages.size() == n; });
    }));
    there.world.advance(80ms);
  }
  for (const auto& each: healthy) EXPECT_TRUE(each->open());
  EXPECT_EQ(there.product.gateway().sessions(), healthy.size() + 1)
      << "who did not read is out, as data topics owe";
  return most;
}

TEST(Neighbours, E1_WhoReadsWaitsNoTurnForThoseWhoDoNot) {
  EXPECT_EQ(turns_beside_stalled(20), turns_beside_stalled(0));
}

// 400 kB a second of data, over a link that carries a quarter of it.
TEST(Neighbours, E2_ALinkTooSlowForADataTopicEndsItsViewerAndHoldsUpNobodyElse) {
  Neighbourhood there(1);
  const auto slow = there.open("/out/data");
  const auto link = there.world.network().newest_link();
  link->set({.capacity_bytes = 16 * 1024, .bytes_per_second = 100'000});
  const auto quick = there.open("/out/data"), sender = there.open("/in/data");
  const auto other = there.open("/out/other"), other_sender = there.open("/in/other");
  std::vector<Received> sent;
  std::size_t most_waiting = 0;

  for (int n = 0; n < 100; ++n) {
    sent.push_back(binary(std::to_string(n) + std::string(20'000, 'd')));
    sender->send_binary(as_bytes(sent.back().payload));
    other_sender->send("o");
    there.world.run_until_idle();
    ASSERT_EQ(quick->messages.size(), sent.size()) << "the publisher is not held up, nor who can follow";
    ASSERT_EQ(other->messages.size(), sent.size());
    for (const auto& client: there.product.gateway().report())
      most_waiting = std::max(most_waiting, static_cast<std::size_t>(client.waiting_bytes));
    there.world.advance(50ms);
  }
  there.world.run_until_idle();

  EXPECT_EQ(quick->messages, sent);
  ASSERT_TRUE(slow->closed);
  EXPECT_EQ(slow->closed->code, websocket::CloseCode::try_again_later);
  EXPECT_FALSE(slow->messages.empty());
  EXPECT_TRUE(std::equal(slow->messages.begin(), slow->messages.end(), sent.begin()))
      << "nothing is left out silently";
  EXPECT_LE(most_waiting, 1'000'000u) << "what a second and a half brings, and a turn";
}

TEST(Neighbours, E2_APublisherOverItsRateIsHeldUpOnItsOwnTopicAlone) {
  relay::NodeSettings settings;
  settings.relay.client_limits.receive_bytes_per_second_max = 50'000;
  Neighbourhood there(1, settings);
  there.world.network().set_link_settings({.capacity_bytes = 16 * 1024, .segment_bytes_max = 2048});
  const auto hasty = there.open("/in/a"), viewer = there.open("/out/a");
  const auto modest = there.open("/in/b"), other = there.open("/out/b");
  std::vector<Received> sent;
  for (int n = 0; n < 250; ++n) {
    sent.push_back(binary(std::to_string(n) + std::string(2000, 'a')));
    hasty->send_binary(as_bytes(sent.back().payload));
  }

  for (std::size_t n = 1; n <= 50; ++n) {
    modest->send("b");
    EXPECT_LE(there.turns_until([&] { return other->messages.size() == n; }), 3u);
    there.world.advance(100ms);
  }
  EXPECT_GT(viewer->messages.size(), 100u);
  EXPECT_LT(viewer->messages.size(), 160u) << "of half a megabyte, five seconds and a burst";
  there.world.advance(10s);
  EXPECT_EQ(viewer->messages, sent);
}

// What is told about the one viewer there is to whoever asks on /ws.
std::string report_of_viewer(Neighbourhood& there, WebClient& stats) {
  stats.take();
  stats.send("-");
  there.world.run_until_idle();
  for (const auto& message: stats.messages) {
    if (at(message.payload, "/broadcaster") == "false") return message.payload;
  }
  return "{}";
}

TEST(Neighbours, E4_WhatASlowViewerMissesIsCountedAndToldToWhoeverAsks) {
  relay::NodeSettings settings;
  settings.relay.topics.slow_viewer = relay::SlowViewer::latest;
  Neighbourhood there(1, settings);
  there.world.network().set_link_settings({.capacity_bytes = 64 * 1024});
  const auto viewer = there.open("/out/v"), sender = there.open("/in/v"), stats = there.open("/ws");
  EXPECT_EQ(at(report_of_viewer(there, *stats), "/dropped"), "0");

  std::size_t sent = 0;
  for (; sent < 300; ++sent) {
    if (sent == 50) viewer->stop_reading();
    if (sent == 250) viewer->resume_reading();
    sender->send_binary(as_bytes(std::to_string(1000 + sent) + std::string(20'000, 'v')));
    there.world.advance(40ms);
  }

  const auto report = report_of_viewer(there, *stats);
  const auto missed = std::stoul(at(report, "/dropped"));
  EXPECT_GT(missed, 50u);
  EXPECT_EQ(viewer->messages.size() + missed, sent);
  EXPECT_EQ(at(report, "/messagesOut"), std::to_string(viewer->messages.size()));
  EXPECT_TRUE(std::ranges::is_sorted(viewer->messages, {}, &Received::payload));
  EXPECT_EQ(viewer->messages.back().payload.substr(0, 4), "1299");
}

}  // namespace
}  // namespace crosspoint::journeys
