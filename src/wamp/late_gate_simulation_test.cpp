// Many sessions talk through one router whose gate mostly answers later, in any order, while sessions leave,
// cancel and run out of time. What a session said takes effect in the order in which it said it; each CALL
// has one final answer and each PUBLISH one acknowledgement, unless the session is gone; nothing is left of
// anybody.
//
// Each publication and each call carries who said it and a number that grows: receivers see whether an order
// was lost. One seed makes one course of events; CROSSPOINT_SEED=N runs that one alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "testing/seed.h"
#include "wamp/test_client.h"
#include "wamp/test_gate.h"

namespace crosspoint::wamp {
namespace {

using data::Value;

struct LateTotals {
  std::uint64_t calls = 0, results = 0, errors = 0, invocations = 0, events = 0, acknowledged = 0,
                refused = 0;
  std::uint64_t waited = 0, behind = 0, left_waiting = 0;
};

class Talker {
 public:
  Talker(TestRouter& router, int name, SeededRandom& random, LateTotals& totals)
      : name_(name), random_(random), totals_(totals), client_(router) {
    outbox_.push_back("[32," + next() + R"(,{"match":"prefix"},"t."])");
    for (const char* procedure: {"p.one", "p.two"})
      outbox_.push_back("[64," + next() + R"(,{"invoke":"roundrobin"},")" + procedure + "\"]");
  }
  ~Talker() { totals_.left_waiting += client_.session.holding(); }

  void say_something() {
    const auto what = random_.below(100);
    const std::string args = ",[" + std::to_string(name_) + "," + std::to_string(++said_) + "]]";
    if (what < 30) {
      published_.push_back(requests_ + 1);
      outbox_.push_back("[16," + next() + R"(,{"acknowledge":true,"exclude_me":false},"t.)" + letter() +
                        "\"" + args);
    } else if (what < 60) {
      ++totals_.calls;
      owed_.insert(requests_ + 1);
      const auto* timeout = random_.below(4) == 0 ? R"({"timeout":20})" : "{}";
      outbox_.push_back("[48," + next() + "," + timeout +
                        (random_.below(2) == 0 ? R"(,"p.one")" : R"(,"p.two")") + args);
    } else if (what < 66 && !owed_.empty()) {
      outbox_.push_back("[49," + std::to_string(*owed_.rbegin()) + R"(,{"mode":"killnowait"}])");
    } else if (!invoked_.empty()) {
      const auto place = invoked_.begin() + static_cast<std::ptrdiff_t>(random_.below(invoked_.size()));
      outbox_.push_back(random_.below(4) == 0 ? "[8,68," + std::to_string(*place) + R"(,{},"sim.error"])"
                                              : "[70," + std::to_string(*place) + ",{}]");
      invoked_.erase(place);
    }
  }

  // What it said arrives, if its line is read; now and then although it is not: it was read already.
  void deliver() {
    const bool paused = client_.wire.paused > client_.wire.resumed;
    if (outbox_.empty() || (paused && random_.below(10) != 0)) return;
    totals_.behind += client_.session.holding();
    client_.say(outbox_.front());
    outbox_.pop_front();
    totals_.waited += !paused && client_.session.holding();
  }

  void listen() {
    for (const auto& text: client_.hear()) {
      const auto read = data::read_value(data::Format::json, as_bytes(text));
      ASSERT_TRUE(read) << text;
      take(text, *read->array());
    }
  }

  bool quiet() const { return outbox_.empty() && !client_.session.holding(); }
  bool satisfied() const { return owed_.empty() && published_.empty(); }
  void answer_everything() {
    for (const auto invocation: std::exchange(invoked_, {}))
      outbox_.push_back("[70," + std::to_string(invocation) + ",{}]");
  }

 private:
  std::string next() { return std::to_string(++requests_); }
  std::string letter() { return std::string(1, static_cast<char>('a' + random_.below(3))); }
  static std::uint64_t at(const Value::Array& message, std::size_t place) {
    return *message[place].natural();
  }

  void take(const std::string& text, const Value::Array& message) {
    switch (at(message, 0)) {
      case 8:
        if (at(message, 1) == 48) return take_answer(at(message, 2), totals_.errors);
        if (at(message, 1) == 16) return take_acknowledgement(at(message, 2), totals_.refused);
        return;
      case 17: return take_acknowledgement(at(message, 1), totals_.acknowledged);
      case 50: return take_answer(at(message, 1), totals_.results);
      case 36: return check_order(message, 4, "event", totals_.events);
      case 68:
        invoked_.push_back(at(message, 1));
        return check_order(message, 4, "invocation", totals_.invocations);
      case 33:
      case 65:
      case 69: return;
      default: FAIL() << text;
    }
  }
  void take_answer(std::uint64_t request, std::uint64_t& count) {
    ASSERT_EQ(owed_.erase(request), 1u) << "answered twice, or never called: " << request;
    ++count;
  }
  void take_acknowledgement(std::uint64_t request, std::uint64_t& count) {
    ASSERT_FALSE(published_.empty());
    ASSERT_EQ(published_.front(), request) << "out of order";
    published_.pop_front();
    ++count;
  }
  void check_order(const Value::Array& message, std::size_t args, const std::string& what,
                   std::uint64_t& count) {
    const auto& said = *message[args].array();
    auto& last = heard_[what + std::to_string(at(said, 0))];
    ASSERT_LT(last, at(said, 1)) << what << " of session " << at(said, 0) << " out of order";
    last = at(said, 1);
    ++count;
  }

  const int name_;
  SeededRandom& random_;
  LateTotals& totals_;
  TestClient client_;
  std::uint64_t requests_ = 0, said_ = 0;
  std::deque<std::string> outbox_;
  std::set<std::uint64_t> owed_;
  std::deque<std::uint64_t> published_;
  std::vector<std::uint64_t> invoked_;
  std::map<std::string, std::uint64_t> heard_;
};

class LateSimulation {
 public:
  LateSimulation(std::uint64_t seed, LateTotals& totals) : random_(seed), totals_(totals) {
    gate_.at_once = [this](const Request&) -> std::optional<Judgement> {
      if (random_.below(10) < 6) return std::nullopt;
      return Judgement{.allowed = random_.below(10) != 0};
    };
    for (int i = 0; i < 8; ++i) join();
  }

  void run(int steps) {
    for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) step();
    finish();
  }

 private:
  void join() { talkers_.push_back(std::make_unique<Talker>(router_, ++names_, random_, totals_)); }

  void step() {
    auto& talker = talkers_[random_.below(talkers_.size())];
    const auto what = random_.below(1000);
    if (what < 300) {
      talker->say_something();
    } else if (what < 650) {
      talker->deliver();
    } else if (what < 850) {
      talker->listen();
    } else if (what < 980) {
      decide_something();
    } else if (what < 997) {
      router_.pass(std::chrono::milliseconds(random_.below(8)));
    } else {
      talker.reset();
      talker = std::move(talkers_.back());
      talkers_.pop_back();
      join();
    }
  }

  void decide_something() {
    if (gate_.waiting.empty()) return;
    auto chosen = gate_.waiting.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(random_.below(gate_.waiting.size())));
    const auto what = random_.below(10);
    gate_.decide(
        chosen->first,
        {.allowed = what < 7, .kind = what == 9 ? Judgement::Kind::failed : Judgement::Kind::decided},
        router_.now);
  }

  // Everything arrives and is decided about and answered; then they leave one by one.
  void finish() {
    for (int round = 0; round < 2000 && !::testing::Test::HasFailure(); ++round) {
      while (!gate_.waiting.empty()) decide_something();
      for (auto& talker: talkers_) {
        talker->deliver();
        talker->listen();
        talker->answer_everything();
      }
      router_.pass(1ms);
      if (std::ranges::all_of(talkers_,
                              [](const auto& talker) { return talker->quiet() && talker->satisfied(); }))
        break;
    }
    for (auto& talker: talkers_) {
      EXPECT_TRUE(talker->quiet());
      EXPECT_TRUE(talker->satisfied());
    }
    talkers_.clear();
    EXPECT_TRUE(gate_.waiting.empty());
    EXPECT_FALSE(gate_.mixed_up);
    EXPECT_EQ(router_.router.find("realm1"), nullptr);
    EXPECT_EQ(router_.router.next_due(), std::nullopt);
  }

  SeededRandom random_;
  LateTotals& totals_;
  LateGate gate_;
  TestRouter router_{&gate_};
  std::vector<std::unique_ptr<Talker>> talkers_;
  int names_ = 0;
};

TEST(LateGateSimulation, OrderIsKeptAndEverythingHasOneAnswer) {
  LateTotals totals;
  testing::for_each_seed(8, [&](std::uint64_t seed) { LateSimulation(seed, totals).run(6000); });
  if (std::getenv("CROSSPOINT_SEED") != nullptr) return;
  for (const auto count:
       {totals.calls, totals.results, totals.errors, totals.invocations, totals.events, totals.acknowledged,
        totals.refused, totals.waited, totals.behind, totals.left_waiting})
    EXPECT_GT(count, 0u) << "this never came up";
}

}  // namespace
}  // namespace crosspoint::wamp
