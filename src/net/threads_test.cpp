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

#include "net/far_streams.h"
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
  ~Threaded() { stop(); }
  void stop() {
    if (!thread_.joinable()) return;
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

// Echoes what its socket, which is on another loop, brings; as slowly as that takes it.
class FarEcho final : public StreamEvents, public Disposable {
 public:
  FarEcho(Loop& loop, std::unique_ptr<Stream> stream, std::atomic<int>& living)
      : loop_(loop), stream_(std::move(stream)), living_(living) {
    ++living_;
    stream_->start(*this);
  }
  ~FarEcho() override { --living_; }

 private:
  void on_bytes(MutableBytes bytes) override {
    append(unsent_, bytes);
    stream_->pause_reading();
    on_writable();
  }
  void on_writable() override {
    const auto taken = stream_->write_some(Bytes(unsent_));
    if (!taken) return leave();
    unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(*taken));
    if (!unsent_.empty()) return stream_->await_writable();
    stream_->resume_reading();
  }
  void on_end() override { leave(); }
  void on_failure(StreamError) override { leave(); }
  void leave() {
    if (!std::exchange(left_, true)) loop_.dispose(std::unique_ptr<Disposable>(this));
  }

  Loop& loop_;
  std::unique_ptr<Stream> stream_;
  std::atomic<int>& living_;
  ByteVector unsent_;
  bool left_ = false;
};

class SendFar final : public Acceptor {
 public:
  SendFar(FarStreams& far, Loop& home, std::atomic<int>& living) : far_(far), home_(home), living_(living) {}
  void on_accept(std::unique_ptr<Stream> stream, const Address&) override {
    far_.send(std::move(stream), [this](auto arrived) {
      (void)new FarEcho(home_, std::move(arrived), living_);  // owns itself: disposes of itself at the end
    });
  }

 private:
  FarStreams& far_;
  Loop& home_;
  std::atomic<int>& living_;
};

TEST(Threads, J12_ConnectionsAreUsedOnAnotherThreadThanTheirSocketsAndLoseNothing) {
  std::atomic<int> living = 0;
  SystemNetwork network;
  Threaded sockets;
  Threaded echoing;
  Threaded asking;
  FarStreams far(echoing.loop, sockets.loop);
  SendFar send_far(far, echoing.loop, living);
  std::unique_ptr<Listener> listener;
  std::vector<std::unique_ptr<RawClient>> clients;
  const std::string block(200'000, 'x');
  const auto said_by = [&](std::size_t i) { return std::to_string(i) + block + std::to_string(i); };
  Endpoint endpoint{.kind = Endpoint::Kind::tcp, .host = "127.0.0.1", .port = 0, .path = {}};
  sockets.run([&] {
    const Network::ListenPoint point{&sockets.loop, &send_far};
    listener = std::move(network.listen(endpoint, {}, {&point, 1}).value().front());
    endpoint = listener->endpoint();
  });
  asking.run([&] {
    for (std::size_t i = 0; i < 20; ++i) {
      clients.push_back(std::make_unique<RawClient>(asking.loop, network, endpoint));
      for (int part = 0; part < 5; ++part) clients.back()->send(said_by(i));
    }
  });

  const auto echoed = [&] {
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (clients[i]->received().size() != 5 * said_by(i).size()) return false;
    }
    return true;
  };
  EXPECT_TRUE(asking.wait_for(echoed));
  asking.run([&] {
    for (std::size_t i = 0; i < clients.size(); ++i) {
      for (std::size_t part = 0; part < 5; ++part) {
        EXPECT_EQ(clients[i]->received().compare(part * said_by(i).size(), said_by(i).size(), said_by(i)), 0);
      }
      if (i % 3 == 0) clients[i]->reset();
    }
    clients.clear();
  });
  EXPECT_TRUE(echoing.wait_for([&] { return living == 0; }));
  sockets.run([&] { listener.reset(); });
  for (auto* each: {&sockets, &echoing, &asking}) each->stop();
}

// Sends each event to many far streams in one segment, which it writes anew once nobody holds it.
class FarFan final : public Acceptor {
 public:
  FarFan(FarStreams& far) : far_(far) {}
  void on_accept(std::unique_ptr<Stream> stream, const Address&) override {
    far_.send(std::move(stream), [this](auto arrived) { receivers.push_back(std::move(arrived)); });
  }
  void say(std::string_view event) {
    if (segment_ && !segment_->shared()) segment_->rewind();
    if (!segment_ || segment_->room() < event.size()) segment_ = Segment::make(10'000);
    const auto begin = segment_->size();
    segment_->append(as_bytes(event));
    const Bytes bytes(segment_->data() + begin, event.size());
    const SegmentRef* const lies_in = &segment_;
    for (const auto& receiver: receivers) {
      if (const auto taken = receiver->write_shared({&bytes, 1}, {&lies_in, 1})) {
        EXPECT_EQ(*taken, event.size());
      }
    }
  }

  std::vector<std::unique_ptr<Stream>> receivers;

 private:
  FarStreams& far_;
  SegmentRef segment_;
};

TEST(Threads, J12_SegmentsThatCrossAreReadAndLetGoOnTheOtherThread) {
  constexpr std::size_t count = 20;
  SystemNetwork network;
  Threaded sockets;
  Threaded speaking;
  Threaded listening;
  FarStreams far(speaking.loop, sockets.loop);
  FarFan fan(far);
  std::unique_ptr<Listener> listener;
  std::vector<std::unique_ptr<RawClient>> clients;
  Endpoint endpoint{.kind = Endpoint::Kind::tcp, .host = "127.0.0.1", .port = 0, .path = {}};
  sockets.run([&] {
    const Network::ListenPoint point{&sockets.loop, &fan};
    listener = std::move(network.listen(endpoint, {}, {&point, 1}).value().front());
    endpoint = listener->endpoint();
  });
  listening.run([&] {
    for (std::size_t i = 0; i < count; ++i)
      clients.push_back(std::make_unique<RawClient>(listening.loop, network, endpoint));
  });
  ASSERT_TRUE(speaking.wait_for([&] { return fan.receivers.size() == count; }));

  std::string said;
  for (int i = 0; i < 60; ++i) {
    const std::string event(2000 + 20 * i, static_cast<char>('0' + i));
    said += event;
    speaking.run([&] { fan.say(event); });
    if (i == 20) listening.run([&] { clients[0]->reset(); });
    if (i == 40) speaking.run([&] { fan.receivers.pop_back(); });  // while its event may be on the way
  }

  const auto all_heard = [&] {
    return std::all_of(clients.begin() + 1, clients.end(), [&](const auto& client) {
      return client->received().size() == said.size() || client->ended();
    });
  };
  EXPECT_TRUE(listening.wait_for(all_heard));
  listening.run([&] {
    std::size_t whole = 0;
    for (std::size_t i = 1; i < count; ++i) {
      EXPECT_TRUE(said.starts_with(clients[i]->received()));
      if (clients[i]->received().size() == said.size()) ++whole;
    }
    EXPECT_EQ(whole, count - 2);
    clients.clear();
  });
  // The router stops with events on their way.
  speaking.run([&] {
    fan.say("the last");
    fan.receivers.clear();
  });
  sockets.run([&] { listener.reset(); });
  for (auto* each: {&sockets, &speaking, &listening}) each->stop();
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
