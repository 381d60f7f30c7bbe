// Row N23: what a PUBLISH costs the broker while there are many subscriptions that it does not match.
//
//   publish_matching [PUBLICATIONS]      1000000 unless said
//
// One subscriber, reached through a peer that does nothing, so that finding it and making the EVENT is what
// remains. The other subscriptions are one tenth wildcards and else exact and prefix by halves, none of which
// matches. The topics published to are 1024, in random order, but for the last row of each table:
//
//   exact        each has its subscriber
//   pattern      one prefix has them all
//   change       as exact; since the last PUBLISH to this topic a pattern has come or gone that has
//                nothing to do with it
//   change, all  as pattern; the same
//   new          topics that were never published to before, and nobody subscribes to
//
// Each PUBLISH is timed, so a row contains the two readings of the clock (given as "clock").

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"
#include "wamp/broker.h"

namespace {

using namespace crosspoint;
using namespace crosspoint::wamp;
using Steady = std::chrono::steady_clock;

class SilentPeer final : public Peer {
 public:
  data::Format format() const override { return data::Format::cbor; }
  Sent send(const Outgoing&) override { return Sent::sent; }
  Sent send_event(SharedEvent&) override { return Sent::sent; }
};

class NoEvents final : public SubscriptionEvents {
 public:
  void on_create(const Participant&, const Subscription&) override {}
  void on_subscribe(const Participant&, const Subscription&) override {}
  void on_unsubscribe(const Participant&, const Subscription&) override {}
  void on_delete(const Participant&, const Subscription&) override {}
};

enum class Case : unsigned char { exact, pattern, change, change_all, fresh };
constexpr std::pair<Case, std::string_view> cases[] = {{Case::exact, "exact"},
                                                       {Case::pattern, "pattern"},
                                                       {Case::change, "change"},
                                                       {Case::change_all, "change, all"},
                                                       {Case::fresh, "new"}};

class Bench {
 public:
  Bench(Case which, int others) : which_(which) {
    for (int i = 0; i < topics; ++i) {
      published_.push_back("com.example.sensor" + std::to_string(i) + ".temperature");
      if (which == Case::exact || which == Case::change) subscribe(published_.back(), Match::exact);
    }
    if (which == Case::pattern || which == Case::change_all) subscribe("com.example.", Match::prefix);
    for (int i = 0; i < others; ++i) {
      const std::string number = std::to_string(i);
      if (i % 10 == 0) {
        subscribe(i % 20 == 0 ? "com..sensor" + number + ".humidity" : "..other" + number + ".temperature",
                  Match::wildcard);
      } else if (i % 2 == 0) {
        subscribe("com.example.sensor" + number + ".pressure", Match::prefix);
      } else {
        subscribe("com.example.sensor" + number + ".humidity", Match::exact);
      }
    }
  }
  ~Bench() { broker_.leave(subscriber_); }

  struct Figures {
    double median, mean, p99;
  };
  Figures run(std::size_t publications) {
    std::vector<double> nanoseconds(publications);
    for (double& each: nanoseconds) {
      Publish message;
      message.topic = next_topic();
      if (which_ == Case::change || which_ == Case::change_all) {
        broker_.publish(&publisher_, message, {}, WallTime{});
        change_something();
      }
      const auto before = Steady::now();
      broker_.publish(&publisher_, message, {}, WallTime{});
      each = std::chrono::duration<double, std::nano>(Steady::now() - before).count();
    }
    return figures(nanoseconds);
  }

  static Figures figures(std::vector<double>& samples) {
    std::ranges::sort(samples);
    const double sum = std::accumulate(samples.begin(), samples.end(), 0.0);
    return {samples[samples.size() / 2], sum / static_cast<double>(samples.size()),
            samples[samples.size() * 99 / 100]};
  }

 private:
  static constexpr int topics = 1024;

  std::string_view next_topic() {
    if (which_ != Case::fresh) return published_[random_.below(topics)];
    fresh_ = "com.example.sensor" + std::to_string(random_.below(10'000'000)) + ".temperature";
    return fresh_;
  }
  // By turns.
  void change_something() {
    constexpr std::string_view pattern = "com.example.passing.";
    const auto* there = broker_.subscriptions().find(pattern, Match::prefix);
    if (there == nullptr) return subscribe(std::string(pattern), Match::prefix);
    Unsubscribe message;
    message.subscription = there->id();
    broker_.unsubscribe(subscriber_, message);
  }

  void subscribe(const std::string& uri, Match match) {
    Subscribe message;
    message.topic = uri;
    message.match = match;
    broker_.subscribe(subscriber_, message, WallTime{});
  }

  static BrokerSettings without_limits() {
    BrokerSettings settings;
    settings.subscriptions_per_session_max = 1'000'000;
    return settings;
  }

  const Case which_;
  std::string fresh_;
  const BrokerSettings settings_ = without_limits();
  SeededRandom random_{1};
  NoEvents events_;
  Broker broker_{settings_, random_, events_};
  SilentPeer peer_;
  Participant subscriber_{SessionId{1}, Identity{}, Features{}, peer_};
  Participant publisher_{SessionId{2}, Identity{}, Features{}, peer_};
  std::vector<std::string> published_;
};

void print(const std::string& name, const Bench::Figures& figures) {
  fmt::print("{:>22} {:>10.0f} {:>10.0f} {:>10.0f}\n", name, figures.median, figures.mean, figures.p99);
}

void print_clock(std::size_t samples) {
  std::vector<double> nanoseconds(samples);
  for (double& each: nanoseconds) {
    const auto before = Steady::now();
    each = std::chrono::duration<double, std::nano>(Steady::now() - before).count();
  }
  print("clock", Bench::figures(nanoseconds));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t publications = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  if (publications == 0) {
    fmt::print(stderr, "usage: publish_matching [PUBLICATIONS]\n");
    return 1;
  }
  fmt::print("{:>22} {:>10} {:>10} {:>10}   ns per PUBLISH\n", "other subscriptions", "median", "mean",
             "p99");
  print_clock(publications);
  for (const auto& [which, name]: cases) {
    for (const int others: {0, 1000, 100'000}) {
      Bench bench(which, others);
      bench.run(publications / 10 + 1);
      print(fmt::format("{}: {}", name, others), bench.run(publications));
    }
  }
}
