// The client library as a program has it: its own threads, real sockets, the real node. Waiting is always for
// something to happen, never for time to pass.

#include <crosspoint/client.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "client/io/test_access.h"
#include "client/io/test_relay.h"
#include "net/system_network.h"
#include "relay/io/node.h"
#include "testing/system_world.h"

namespace crosspoint {
namespace {

using client::TestAccess;
using client::TestRelay;
using Type = Client::Type;
using Sent = Client::Sent;
constexpr auto patience = 20s;

// The node on a thread of its own.
class RunningNode {
 public:
  explicit RunningNode(relay::NodeSettings settings = {}, std::uint16_t port = 0)
      : node_(loops_, network_, clock_, std::move(settings), {}) {
    endpoint_ = *node_.listen({.host = "127.0.0.1", .port = port});
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~RunningNode() {
    loop_.post([this] { node_.stop(3s, [this] { loop_.stop(); }); });
    thread_.join();
  }
  std::string url(const std::string& path) const { return "ws://" + net::to_string(endpoint_) + path; }
  std::uint16_t port() const { return endpoint_.port; }

 private:
  net::SystemClock clock_;
  net::SystemLoop loop_{clock_};
  std::vector<net::Loop*> loops_{&loop_};
  net::SystemNetwork network_;
  relay::Node node_;
  net::Endpoint endpoint_;
  std::thread thread_;
};

// What a program remembers, safe for any thread.
class Memory {
 public:
  void add(std::string_view text) {
    const std::lock_guard lock(mutex_);
    texts_.emplace_back(text);
    changed_.notify_all();
  }
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return texts_.size() >= count; });
  }
  bool wait_for_last(std::string_view text) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return !texts_.empty() && texts_.back() == text; });
  }
  std::vector<std::string> texts() {
    const std::lock_guard lock(mutex_);
    return texts_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> texts_;
};

std::unique_ptr<Client> open(Client::Options options) {
  std::string problem;
  auto client = Client::open(std::move(options), problem);
  EXPECT_NE(client, nullptr) << problem;
  return client;
}

Client::Options options_for(const std::string& url, Memory* memory = nullptr) {
  Client::Options options;
  options.url = url;
  if (memory != nullptr) {
    options.on_message = [memory](Type type, std::string_view message) {
      memory->add((type == Type::text ? "t:" : "b:") + std::string(message));
    };
  }
  return options;
}

TEST(ClientLibrary, CarriesWholeMessagesOfBothTypesInOrder) {
  RunningNode node;
  Memory heard;
  const auto listener = open(options_for(node.url("/t"), &heard));
  const auto sender = open(options_for(node.url("/t")));
  ASSERT_TRUE(listener->wait_until_connected(patience) && sender->wait_until_connected(patience));

  EXPECT_EQ(sender->send(Type::text, "one"), Sent::yes);
  EXPECT_EQ(sender->send(Type::binary, std::string_view("\x00\xff", 2)), Sent::yes);
  EXPECT_EQ(sender->send(Type::text, ""), Sent::yes);

  ASSERT_TRUE(heard.wait_for(3));
  EXPECT_EQ(heard.texts(), (std::vector<std::string>{"t:one", std::string("b:\x00\xff", 4), "t:"}));
  EXPECT_EQ(listener->status().messages_received, 3u);
}

TEST(ClientLibrary, ManyThreadsMaySendAtOnce) {
  RunningNode node;
  Memory heard;
  const auto listener = open(options_for(node.url("/t"), &heard));
  const auto sender = open(options_for(node.url("/t")));
  ASSERT_TRUE(listener->wait_until_connected(patience) && sender->wait_until_connected(patience));
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 100; ++n) EXPECT_EQ(sender->send(Type::text, "x"), Sent::yes);
      });
    }
  }
  EXPECT_TRUE(heard.wait_for(400));
}

TEST(ClientLibrary, Check55_ASlowProgramLosesTheOldestMessagesButNotTheConnection) {
  relay::NodeSettings settings;
  // Long enough for a machine that is busy with other things, and shorter than the test.
  settings.relay.client_limits.ping_every = 250ms;
  settings.relay.client_limits.dead_after = 4s;
  RunningNode node(settings);
  std::promise<void> wake;
  auto options = options_for(node.url("/out/t"));
  options.receive_messages_max = 10;
  Memory heard;
  options.on_message = [&, asleep = wake.get_future().share()](Type, std::string_view message) {
    asleep.wait();
    heard.add(message);
  };
  const auto slow = open(options);
  // Another one that talks with itself over the node, so that time passes.
  Memory echoes;
  const auto quick = open(options_for(node.url("/in/t"), nullptr));
  const auto mirror = open(options_for(node.url("/out/t"), &echoes));
  ASSERT_TRUE(slow->wait_until_connected(patience) && quick->wait_until_connected(patience) &&
              mirror->wait_until_connected(patience));

  const auto until = std::chrono::steady_clock::now() + 5s;
  std::size_t count = 0;
  while (count < 50 || std::chrono::steady_clock::now() < until) {
    ASSERT_EQ(quick->send(Type::text, std::to_string(++count)), Sent::yes);
    ASSERT_TRUE(echoes.wait_for(count));
  }
  EXPECT_EQ(slow->status().connections, 1u);
  EXPECT_EQ(slow->status().state, Client::State::connected);
  EXPECT_GT(slow->status().messages_lost, 0u);

  wake.set_value();
  // One in hand, the ten that waited, and on a busy machine some that were still on their way.
  ASSERT_TRUE(heard.wait_for_last(std::to_string(count)));
  EXPECT_GE(heard.texts().size(), 11u);
  EXPECT_LT(heard.texts().size(), count);
}

TEST(ClientLibrary, ComesBackAfterTheNodeWasAway) {
  auto node = std::make_unique<RunningNode>();
  const auto port = node->port();
  Memory states;
  auto options = options_for(node->url("/t"));
  options.on_state = [&](const Client::Status& status) {
    if (status.state == Client::State::waiting) states.add(status.last_error);
  };
  const auto client = open(options);
  ASSERT_TRUE(client->wait_until_connected(patience));

  node.reset();
  ASSERT_TRUE(states.wait_for(1));
  EXPECT_NE(states.texts().front(), "");
  EXPECT_EQ(client->send(Type::text, "nobody is there"), Sent::not_connected);
  node = std::make_unique<RunningNode>(relay::NodeSettings{}, port);
  EXPECT_TRUE(client->wait_until_connected(patience));
  EXPECT_EQ(client->status().connections, 2u);
}

TEST(ClientLibrary, PumpedCallbacksRunInPollOnly) {
  RunningNode node;
  std::vector<std::string> heard;  // without a lock: one thread touches it
  auto options = options_for(node.url("/t"));
  options.delivery = Client::Delivery::pumped;
  options.on_message = [&](Type, std::string_view message) { heard.emplace_back(message); };
  const auto listener = open(options);
  const auto sender = open(options_for(node.url("/t")));
  ASSERT_TRUE(listener->wait_until_connected(patience) && sender->wait_until_connected(patience));

  for (const auto* text: {"one", "two", "three"}) sender->send(Type::text, text);
  while (heard.size() < 3) listener->poll(10ms);
  EXPECT_EQ(heard, (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_EQ(listener->poll(), 0u);
}

TEST(ClientLibrary, WhatCannotBeSentIsRefused) {
  RunningNode node;
  auto options = options_for(node.url("/t"));
  options.message_bytes_max = 1000;
  const auto client = open(options);
  ASSERT_TRUE(client->wait_until_connected(patience));
  EXPECT_EQ(client->send(Type::text, "\xff"), Sent::not_utf8);
  EXPECT_EQ(client->send(Type::binary, std::string(1000, 'x')), Sent::yes);
  EXPECT_EQ(client->send(Type::binary, std::string(1001, 'x')), Sent::too_long);
  client->close();
  while (client->status().state != Client::State::closed) std::this_thread::yield();
  EXPECT_EQ(client->send(Type::text, "x"), Sent::not_connected);
}

TEST(ClientLibrary, AQueueForARelayThatDoesNotReadIsBoundedAndTakesAgainLater) {
  testing::SystemWorld world;
  TestRelay relay(world, "127.0.0.1", 0);
  auto options = options_for(relay.url("/t"));
  options.send_bytes_max = 256 * 1024;
  const auto client = open(options);
  ASSERT_TRUE(world.run_until([&] { return client->status().state == Client::State::connected; }, patience));

  // From here on nobody turns the relay's loop.
  const std::string piece(64 * 1024, 'x');
  std::size_t taken = 0;
  for (auto sent = Sent::yes; sent == Sent::yes && taken < 4096; ++taken)
    sent = client->send(Type::binary, piece);
  ASSERT_LT(taken, 4096u) << "256 MiB were taken";
  EXPECT_TRUE(world.run_until([&] { return client->send(Type::text, "last") == Sent::yes; }, patience));
  EXPECT_TRUE(world.run_until(
      [&] {
        return !relay.guests.empty() && !relay.guest().messages.empty() &&
               relay.guest().messages.back().payload == "last";
      },
      patience));
}

TEST(ClientLibrary, AsksAnAccessServiceForAnAddressWithItsToken) {
  testing::SystemWorld world;
  TestRelay relay(world, "127.0.0.1", 0);
  TestAccess access(world, "127.0.0.1", 0);
  access.address = relay.url("/session/t1");
  auto options = options_for(access.url("/session/t1"));
  options.token = "a.to.ken";
  const auto client = open(options);
  ASSERT_TRUE(world.run_until([&] { return client->status().state == Client::State::connected; }, patience));
  EXPECT_EQ(access.token_shown(), "a.to.ken");
  EXPECT_EQ(relay.guest().request.head.target, "/session/t1?code=c0de-1");

  access.mood = TestAccess::Mood::broken;
  relay.guest().socket.abort();
  ASSERT_TRUE(world.run_until(
      [&] { return access.requests.size() > 1 && client->status().state == Client::State::waiting; },
      patience));
  EXPECT_EQ(client->status().last_error.find("a.to.ken"), std::string::npos);
}

TEST(ClientLibrary, OptionsThatCannotBeRightAreASentence) {
  const auto problem = [](auto change) {
    Client::Options options;
    options.url = "ws://127.0.0.1:1/t";
    change(options);
    std::string sentence;
    EXPECT_EQ(Client::open(options, sentence), nullptr);
    EXPECT_EQ(sentence.find("S3cret"), std::string::npos) << sentence;
    return sentence;
  };
  EXPECT_NE(problem([](auto& o) { o.url = "relay"; }).find("url: "), std::string::npos);
  EXPECT_NE(problem([](auto& o) { o.url = "https://lab.example/session/t"; }).find("needs a token"),
            std::string::npos);
  EXPECT_NE(problem([](auto& o) { o.token = "S3cret two"; }).find("the token holds"), std::string::npos);
  EXPECT_NE(problem([](auto& o) { o.token = o.token_file = "S3cret"; }).find("exclude"), std::string::npos);
  EXPECT_NE(problem([](auto& o) { o.ca_file = "/nowhere.pem"; }).find("/nowhere.pem"), std::string::npos);
  EXPECT_NE(problem([](auto& o) { o.http_proxy = "ftp://u:S3cret@h"; }).find("http_proxy"),
            std::string::npos);
}

TEST(ClientLibrary, MayBeDestroyedAtAnyMoment) {
  RunningNode node;
  for (int i = 0; i < 12; ++i) {
    const auto client = open(options_for(node.url("/t")));
    if (i % 2 == 0) client->wait_until_connected(patience);
    if (i % 3 == 0) client->send(Type::text, "x");
    if (i % 4 == 0) client->close();
  }
  const auto nobody = open(options_for("ws://127.0.0.1:1/t"));
}

TEST(ClientLibrary, TheExampleListens) {
  RunningNode node;
  std::atomic<bool> done = false;
  // Says the same again and again, each time when it has come back: the example may join at any moment.
  std::jthread talker([&] {
    Memory echoes;
    const auto mirror = open(options_for(node.url("/out/demo"), &echoes));
    const auto sender = open(options_for(node.url("/in/demo")));
    mirror->wait_until_connected(patience);
    sender->wait_until_connected(patience);
    for (std::size_t n = 1; !done; ++n) {
      if (sender->send(Type::text, "hello") != Sent::yes || !echoes.wait_for(n)) break;
    }
  });
  const auto command = std::string(CROSSPOINT_LISTEN) + " " + node.url("/out/demo") + " 2 2>/dev/null";
  std::string output(256, '\0');
  auto* const pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  output.resize(std::fread(output.data(), 1, output.size(), pipe));
  EXPECT_EQ(::pclose(pipe), 0);
  done = true;
  EXPECT_EQ(output, "hello\nhello\n");
}

}  // namespace
}  // namespace crosspoint
