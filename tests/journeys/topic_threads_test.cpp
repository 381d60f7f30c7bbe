// Topics with more viewers than their loop keeps for itself, so that events cross to copies on other loops,
// and every loop is turned by a thread of its own. Meant for the tsan preset (rows J12 and E6): what the
// threads share, and when they let go of it, is what it looks for. Waiting is for something to happen, never
// for time to pass.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <charconv>
#include <future>
#include <map>
#include <thread>

#include "media/test_stream.h"
#include "net/system_network.h"
#include "relay/io/node.h"
#include "testing/raw_client.h"
#include "testing/system_world.h"
#include "web_client.h"
#include "websocket/test_frames.h"

namespace crosspoint::journeys {
namespace {

constexpr std::size_t node_loops = 3;
constexpr std::size_t kept_by_owner = 6;  // viewers, before topics spill

// A node whose loops run until it is told to stop.
class NodeOnThreads {
 public:
  NodeOnThreads() {
    relay::NodeSettings settings;
    settings.relay.spill_receivers_min = kept_by_owner;
    std::vector<net::Loop*> pointers;
    for (auto& loop: loops_) {
      loop = std::make_unique<net::SystemLoop>(clock_);
      pointers.push_back(loop.get());
    }
    node_ = std::make_unique<relay::Node>(pointers, network_, clock_, settings, std::vector<http::Route>{});
    endpoint_ = *node_->listen({.host = "127.0.0.1", .port = 0});
    for (std::size_t i = 0; i < node_loops; ++i)
      threads_[i] = std::jthread([loop = loops_[i].get()] { loop->run(); });
  }
  ~NodeOnThreads() {
    for (auto& loop: loops_) loop->stop();
    for (auto& thread: threads_) thread.join();
  }

  const net::Endpoint& endpoint() const { return endpoint_; }
  // Of one loop, asked on its thread.
  relay::LoopReport report(std::size_t loop) {
    std::promise<relay::LoopReport> told;
    loops_[loop]->post([&] { told.set_value(node_->gateway(loop).loop_report()); });
    return told.get_future().get();
  }
  void begin_to_stop() {
    loops_.front()->post([this] { node_->stop(10s, [this] { stopped_ = true; }); });
  }
  bool stopped() const { return stopped_; }

 private:
  net::SystemClock clock_;
  std::array<std::unique_ptr<net::SystemLoop>, node_loops> loops_;
  net::SystemNetwork network_;
  std::unique_ptr<relay::Node> node_;
  net::Endpoint endpoint_;
  std::atomic<bool> stopped_ = false;
  std::array<std::jthread, node_loops> threads_;
};

// Says numbered messages of some 4 KiB.
struct Talker {
  std::string name;
  std::unique_ptr<WebClient> client;
  std::vector<std::string> said;

  void say() {
    const auto head = name + std::to_string(said.size()) + ";";
    said.push_back(head + std::string(4000, name[0]));
    client->send(said.back());
  }
};

// A viewer of all talkers. What it got so far: whole messages, of each talker in order and none left out.
struct Listener {
  std::unique_ptr<WebClient> client;
  std::map<char, std::size_t> next;
  std::size_t heard = 0;

  void check(const std::map<char, Talker>& talkers) {
    for (const auto& [type, payload]: client->take()) {
      std::size_t number = 0;
      std::from_chars(payload.data() + 1, payload.data() + payload.size(), number);
      const auto& said = talkers.at(payload.at(0)).said;
      ASSERT_TRUE(number < said.size() && said[number] == payload) << payload.substr(0, 20);
      const auto [expected, first] = next.try_emplace(payload[0], number);
      ASSERT_EQ(number, expected->second) << "none left out, none twice";
      expected->second = number + 1;
      ++heard;
    }
  }
};

struct SpilledTopics : ::testing::Test {
  std::unique_ptr<WebClient> open(const std::string& path) {
    return std::make_unique<WebClient>(world, node.endpoint(), path);
  }
  bool until(const std::function<bool()>& condition) { return world.run_until(condition, 20s); }

  void start_talkers() {
    for (const char name: {'a', 'b'}) {
      auto& talker = talkers[name] = Talker{std::string(1, name), open("/in/data"), {}};
      ASSERT_TRUE(until([&] { return talker.client->open(); }));
    }
    camera = open("/in/video");
    ASSERT_TRUE(until([&] { return camera->open(); }));
  }

  void start_viewers() {
    for (int i = 0; i < 20; ++i) staying.push_back({open("/out/data"), {}});
    for (int i = 0; i < 14; ++i) watching.push_back(open("/out/video"));
    ASSERT_TRUE(until([&] {
      return std::ranges::all_of(staying, [](const auto& viewer) { return viewer.client->open(); }) &&
             std::ranges::all_of(watching, [](const auto& viewer) { return viewer->open(); });
    }));
  }

  void post_picture() {
    const bool key = pictures % 6 == 0;
    const media::Timestamp at = 90'000 + 3600 * pictures++;
    if (key) stream.tables();
    key ? stream.key_frame(at, 3000) : stream.other_frame(at, 1000);
    camera->send_binary(stream.take());
  }

  // Some come, some of those who came go: with a goodbye, or without.
  void come_and_go() {
    passing.push_back({open("/out/data"), {}});
    passing.push_back({open("/out/data"), {}});
    watching.push_back(open("/out/video"));
    for (std::size_t i = 0; i < passing.size();) {
      auto& viewer = passing[i];
      const auto chance = random.below(6);
      if (chance == 0 && viewer.client->open()) viewer.client->close();
      if (chance == 1 || viewer.client->closed) {
        viewer.check(talkers);
        passing.erase(passing.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        ++i;
      }
    }
    // One who is gone in the middle of a message.
    gone.push_back(std::make_unique<testing::RawClient>(world.loop(), world.network(), node.endpoint()));
    gone.back()->send(
        "GET /in/data HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: "
        "websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
        websocket::masked_frame(websocket::Opcode::text, "half", {.final = false}));
    if (gone.size() > 2) {
      gone.front()->reset();
      gone.erase(gone.begin());
    }
  }

  void live_for(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      for (auto& [name, talker]: talkers) {
        for (int i = 0; i < 4; ++i) talker.say();
      }
      post_picture();
      post_picture();
      if (round % 3 == 0) asking->send("-");
      come_and_go();
      auto& first = staying.front();
      ASSERT_TRUE(until([&] {
        first.check(talkers);
        return first.heard + 8 >= all_said();  // the others may be behind, and what was said last on its way
      }));
    }
    ASSERT_TRUE(until([&] {
      return std::ranges::all_of(staying, [&](auto& viewer) {
        viewer.check(talkers);
        return viewer.heard == all_said();
      });
    }));
  }
  std::size_t all_said() const {
    std::size_t all = 0;
    for (const auto& [name, talker]: talkers) all += talker.said.size();
    return all;
  }

  void check_pictures() {
    for (const auto& viewer: watching) {
      EXPECT_EQ(media::continuity_complaints(as_bytes(viewer->bytes())), std::vector<std::string>{});
    }
  }

  // Before the world: whoever is connected goes before its loops do.
  testing::SystemWorld world;
  NodeOnThreads node;
  SeededRandom random{1};
  std::map<char, Talker> talkers;
  std::vector<Listener> staying, passing;
  std::unique_ptr<WebClient> camera, asking;
  std::vector<std::unique_ptr<WebClient>> watching;
  std::vector<std::unique_ptr<testing::RawClient>> gone;
  media::TestStream stream;
  std::uint64_t pictures = 0;
};

TEST_F(SpilledTopics, J12_E6_LiveWithViewersWhoComeAndGoEndAndLiveAgain) {
  asking = open("/ws");
  ASSERT_TRUE(until([&] { return asking->open(); }));
  for (int life = 0; life < 2; ++life) {
    ASSERT_NO_FATAL_FAILURE(start_talkers());
    ASSERT_NO_FATAL_FAILURE(start_viewers());
    ASSERT_NO_FATAL_FAILURE(live_for(10));
    for (std::size_t loop = 0; loop < node_loops; ++loop) EXPECT_GT(node.report(loop).clients, kept_by_owner);

    check_pictures();
    if (life == 1) break;
    // Viewers go in the middle of what is said; then those who said it: the topics end.
    for (auto& [name, talker]: talkers) talker.say();
    post_picture();
    for (auto* viewers: {&staying, &passing}) viewers->clear();
    watching.clear();
    gone.clear();
    for (auto& [name, talker]: talkers) talker.say();
    talkers.clear();
    camera.reset();
    ASSERT_TRUE(until([&] {
      std::size_t left = 0;
      for (std::size_t loop = 0; loop < node_loops; ++loop) left += node.report(loop).topics;
      return left == 0;
    }));
  }
  EXPECT_FALSE(asking->messages.empty());

  // The node ends with everybody there.
  for (auto& [name, talker]: talkers) talker.say();
  node.begin_to_stop();
  EXPECT_TRUE(until([&] { return node.stopped(); }));
  EXPECT_TRUE(until([&] { return watching.front()->closed.has_value(); }));
  EXPECT_EQ(watching.front()->closed->code, websocket::CloseCode::going_away);
}

}  // namespace
}  // namespace crosspoint::journeys
