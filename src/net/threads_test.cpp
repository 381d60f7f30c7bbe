// Loops in threads of their own: the only places where threads meet are post(), stop() and the resolver.
// Meant for the tsan preset above all (row J12); the other presets run it too.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "net/system_clock.h"
#include "net/system_loop.h"
#include "net/system_network.h"
#include "testing/raw_client.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::RawClient;

// A loop that runs in its own thread until this goes.
class Threaded {
 public:
  ~Threaded() {
    loop.stop();
    thread_.join();
  }
  // Runs `work` on the loop and waits for it.
  void run(const std::function<void()>& work) {
    std::mutex mutex;
    std::condition_variable done;
    bool is_done = false;
    loop.post([&] {
      work();
      const std::scoped_lock lock(mutex);
      is_done = true;
      done.notify_one();
    });
    std::unique_lock lock(mutex);
    done.wait(lock, [&] { return is_done; });
  }
  // Waits until `condition`, asked on the loop's thread, holds.
  bool wait_for(const std::function<bool()>& condition) {
    const auto end = clock.monotonic() + 20s;
    bool holds = false;
    while (!holds && clock.monotonic() < end) run([&] { holds = condition(); });
    return holds;
  }

  SystemClock clock;
  SystemLoop loop{clock};

 private:
  std::thread thread_{[this] { loop.run(); }};
};

TEST(Threads, J12_WorkPostedByOneThreadRunsInItsOrderOnTheOther) {
  Threaded a;
  Threaded b;
  constexpr int count = 20'000;
  std::vector<int> at_b;
  std::vector<int> at_a;

  a.run([&] {
    for (int i = 0; i < count; ++i) {
      b.loop.post([&, i] {
        at_b.push_back(i);
        a.loop.post([&, i] { at_a.push_back(i); });
      });
    }
  });

  ASSERT_TRUE(a.wait_for([&] { return at_a.size() == count; }));
  b.run([&] { EXPECT_TRUE(std::is_sorted(at_b.begin(), at_b.end())); });
  a.run([&] { EXPECT_TRUE(std::is_sorted(at_a.begin(), at_a.end())); });
}

TEST(Threads, J12_AQuietLoopIsWokenByAPostAndByItsTimers) {
  Threaded a;
  std::atomic<bool> fired = false;
  std::unique_ptr<Timer> timer;
  a.run([&] {
    timer = std::make_unique<Timer>(a.loop, [&] { fired = true; });
    timer->start_after(5ms);
  });

  EXPECT_TRUE(a.wait_for([&] { return fired.load(); }));
  a.run([&] { timer.reset(); });
}

TEST(Threads, StopBeforeRunEndsAfterOneTurn) {
  const SystemClock clock;
  SystemLoop loop(clock);
  bool ran = false;
  loop.post([&] { ran = true; });
  loop.stop();

  loop.run();

  EXPECT_TRUE(ran);
}

// Accepts on one loop, hands each connection to the other, which echoes.
class EchoEnd final : public StreamEvents, public Disposable {
 public:
  EchoEnd(Loop& loop, std::unique_ptr<Stream> stream, std::atomic<int>& living)
      : loop_(loop), stream_(std::move(stream)), living_(living) {
    ++living_;
    stream_->attach(loop_);
    stream_->start(*this);
  }
  ~EchoEnd() override { --living_; }

 private:
  void on_bytes(MutableBytes bytes) override { EXPECT_EQ(stream_->write_some(Bytes(bytes)), bytes.size()); }
  void on_end() override { loop_.dispose(std::unique_ptr<Disposable>(this)); }
  void on_failure(StreamError) override { on_end(); }
  void on_writable() override {}

  Loop& loop_;
  std::unique_ptr<Stream> stream_;
  std::atomic<int>& living_;
};

class HandOver final : public Acceptor {
 public:
  HandOver(Loop& target, std::atomic<int>& living) : target_(target), living_(living) {}
  void on_accept(std::unique_ptr<Stream> stream, const Address&) override {
    stream->detach();
    target_.post([this, stream = std::move(stream)]() mutable {
      (void)new EchoEnd(target_, std::move(stream), living_);  // owns itself: disposes of itself at the end
    });
  }

 private:
  Loop& target_;
  std::atomic<int>& living_;
};

TEST(Threads, J12_ConnectionsMoveToAnotherThreadAndLoseNothing) {
  std::atomic<int> living = 0;
  SystemNetwork network;
  Threaded accepting;
  Threaded echoing;
  HandOver hand_over(echoing.loop, living);
  std::unique_ptr<Listener> listener;
  std::vector<std::unique_ptr<RawClient>> clients;
  accepting.run([&] {
    const Network::ListenPoint point{&accepting.loop, &hand_over};
    listener =
        std::move(network
                      .listen({.kind = Endpoint::Kind::tcp, .host = "127.0.0.1", .port = 0, .path = {}}, {},
                              {&point, 1})
                      .value()
                      .front());
    for (int i = 0; i < 50; ++i) {
      clients.push_back(std::make_unique<RawClient>(accepting.loop, network, listener->endpoint()));
      clients.back()->send("client " + std::to_string(i));
    }
  });

  const auto echoed = [&] {
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (clients[i]->received() != "client " + std::to_string(i)) return false;
    }
    return true;
  };
  EXPECT_TRUE(accepting.wait_for(echoed));
  accepting.run([&] {
    clients.clear();
    listener.reset();
  });
  EXPECT_TRUE(echoing.wait_for([&] { return living == 0; }));
}

TEST(Threads, J12_NamesResolveForSeveralLoopsAtOnceAndGivingUpIsSafe) {
  SystemNetwork network;
  Threaded a;
  Threaded b;
  const Endpoint nowhere{.kind = Endpoint::Kind::tcp, .host = "localhost", .port = 1, .path = {}};
  for (Threaded* each: {&a, &b}) {
    std::vector<std::unique_ptr<Connecting>> given_up;
    std::vector<std::unique_ptr<Connecting>> kept;
    int told = 0;
    each->run([&] {
      for (int i = 0; i < 20; ++i) {
        given_up.push_back(network.connect(each->loop, nowhere, {}, 5s, [](auto) { ADD_FAILURE(); }));
        kept.push_back(network.connect(each->loop, nowhere, {}, 20s, [&](auto result) {
          EXPECT_FALSE(result);
          ++told;
        }));
      }
      given_up.clear();
    });
    EXPECT_TRUE(each->wait_for([&] { return told == 20; }));
    each->run([&] { kept.clear(); });
  }
}

}  // namespace
}  // namespace crosspoint::net
