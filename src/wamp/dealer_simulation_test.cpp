// Many sessions call each other through one dealer, and everything that can go wrong does: they leave,
// cancel, run out of time, stop listening, unregister in the middle, have transports that take nothing large.
// Every call gets exactly one final answer, unless its caller has left; nobody who keeps to the protocol is
// told that he broke it.
//
// Messages travel: what a session says waits in its outbox, what it is told in its inbox, both in order, so
// that an answer crosses a CANCEL, an INTERRUPT an answer, arguments the end of their call. What the dealer
// owes is counted where it sends (Client::send), not where the session reads.
//
// One seed makes one course of events. CROSSPOINT_SEED=N runs that seed alone; CROSSPOINT_CALLS=N asks for so
// many calls in all. The whole router, with its transports, is simulated in tests/simulation.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "testing/seed.h"
#include "wamp/dealer.h"
#include "wamp/error_uri.h"
#include "wamp/test_dealer.h"

namespace crosspoint::wamp {
namespace {

constexpr std::array<std::string_view, 6> simulated_procedures{"sim.a",   "sim.b",      "sim.c.d",
                                                               "sim.c.e", "sim.shared", "sim.nobody"};
constexpr std::string_view simulated_args = "[\"0123456789\"]";

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  bool chance(std::uint64_t in_a_thousand) { return random_.below(1000) < in_a_thousand; }
  std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
  template <typename List>
  auto& pick(List& list) {
    return list[below(list.size())];
  }

 private:
  SeededRandom random_;
};

Features some_features(Dice& dice) {
  if (dice.chance(600)) return all_call_features();
  std::vector<Feature> lacking;
  for (int number = 0; number <= static_cast<int>(Feature::callee_payload_passthru); ++number) {
    if (dice.chance(300)) lacking.push_back(static_cast<Feature>(number));
  }
  Features features = no_call_features();
  for (int number = 0; number <= static_cast<int>(Feature::callee_payload_passthru); ++number) {
    const auto feature = static_cast<Feature>(number);
    if (all_call_features().has(feature) && std::ranges::find(lacking, feature) == lacking.end()) {
      features.add(feature);
    }
  }
  return features;
}

// One session: the transport and the application behind it.
class Client final : public Peer {
 public:
  Client(SessionId id, Dice& dice)
      : dice_(dice),
        who(id, {"authid", "role", "ticket", "static"}, some_features(dice), *this),
        narrow_(dice.chance(100)),
        deaf_(dice.chance(50)) {}

  data::Format format() const override { return data::Format::json; }

  // The dealer's side: what it owes is counted here.
  Sent send(const Outgoing& message) override {
    EXPECT_FALSE(gone) << "something was sent to a session that has left: " << spell(message);
    const Payload* payload = find_payload(message);
    if (narrow_ && payload != nullptr && !payload->empty() && dice_.chance(200)) {
      return dice_.chance(500) ? Sent::too_large : Sent::not_spellable;
    }
    if (const auto* result = std::get_if<CallResult>(&message))
      note_answer(result->request, result->progress);
    if (const auto* error = std::get_if<ErrorOut>(&message); error != nullptr && error->type == Code::call) {
      note_answer(error->request, false);
    }
    if (const auto* invocation = std::get_if<Invocation>(&message)) note_invocation(*invocation);
    inbox.push_back(read(message));
    return Sent::sent;
  }
  Sent send_event(SharedEvent&) override { return Sent::sent; }

  // A CALL reaches the dealer.
  void note_call(const Call& message) {
    if (known_.insert(number(message.request)).second) owed.insert(number(message.request));
  }

  // The application's side: something it may say next.
  void say_something(bool may_call) {
    const std::uint64_t what = dice_.below(100);
    if (what < 45 && may_call) return start_call();
    if (what < 55) return send_more_arguments();
    if (what < 63) return cancel_something();
    if (what < 70) return register_something();
    if (what < 72) return unregister_something();
    if (!deaf_) answer_something();
  }
  // It reads what it was told.
  void read_inbox() {
    if (inbox.empty()) return;
    const Read read = inbox.front();
    inbox.pop_front();
    switch (read.kind) {
      case Read::Kind::answer: std::erase(sending_, read.id); break;
      case Read::Kind::invocation: note_work(read); break;
      case Read::Kind::interrupt: stop_work(read.id); break;
      case Read::Kind::registered: registered_.push_back(read.id); break;
      case Read::Kind::other: break;
    }
  }
  // It answers all that it has to.
  void finish_work() {
    while (!inbox.empty()) read_inbox();
    while (!work_.empty() && !deaf_) answer_something();
  }

  struct Read {
    enum class Kind { answer, invocation, interrupt, registered, other } kind = Kind::other;
    std::uint64_t id = 0;
    bool receive_progress = false;
  };

 private:
  struct Work {
    std::uint64_t invocation;
    bool receive_progress;
  };

  static Read read(const Outgoing& message) {
    if (const auto* result = std::get_if<CallResult>(&message)) {
      return {result->progress ? Read::Kind::other : Read::Kind::answer, number(result->request)};
    }
    if (const auto* error = std::get_if<ErrorOut>(&message))
      return {Read::Kind::answer, number(error->request)};
    if (const auto* invocation = std::get_if<Invocation>(&message)) {
      return {Read::Kind::invocation, number(invocation->request), invocation->receive_progress};
    }
    if (const auto* interrupt = std::get_if<Interrupt>(&message)) {
      return {Read::Kind::interrupt, number(interrupt->request)};
    }
    if (const auto* registered = std::get_if<Registered>(&message)) {
      return {Read::Kind::registered, number(registered->registration)};
    }
    return {};
  }

  void note_answer(RequestId request, bool progress) {
    ASSERT_TRUE(owed.contains(number(request))) << "a call that was answered already, or never made";
    if (!progress) {
      owed.erase(number(request));
      ++answered;
    }
  }
  void note_invocation(const Invocation& invocation) {
    const std::uint64_t id = number(invocation.request);
    ASSERT_LE(id, invocations_ + 1) << "a gap in the numbers of invocations";
    invocations_ = std::max(invocations_, id);
  }

  void note_work(const Read& invocation) {
    const auto same = [&](const Work& work) { return work.invocation == invocation.id; };
    if (invocation.id <= taken_up_ && std::ranges::none_of(work_, same)) return;  // answered before its end
    taken_up_ = std::max(taken_up_, invocation.id);
    if (std::ranges::none_of(work_, same)) work_.push_back({invocation.id, invocation.receive_progress});
  }
  // Told to stop, some say so, some forget about it, some go on.
  void stop_work(std::uint64_t invocation) {
    const auto place =
        std::ranges::find_if(work_, [&](const Work& work) { return work.invocation == invocation; });
    if (place == work_.end() || dice_.chance(300)) return;
    work_.erase(place);
    if (dice_.chance(300)) return;
    outbox.push_back(InvocationError{.request = RequestId{invocation}, .error = error_uri::canceled});
  }

  PassThrough some_keys(Feature feature) {
    if (!who.features().has(feature) || !dice_.chance(50)) return {};
    return {PassThrough::Dialect::ppt, "x_sim", "cbor", "", ""};
  }
  void start_call() {
    const bool progress = who.features().has(Feature::call_progressive_invocations) && dice_.chance(150);
    Call message{.request = RequestId{++requests_},
                 .procedure = dice_.pick(simulated_procedures),
                 .receive_progress = dice_.chance(300),
                 .progress = progress,
                 .timeout_ms = dice_.chance(300) ? 1 + dice_.below(300) : 0,
                 .pass_through = some_keys(Feature::call_payload_passthru)};
    if (dice_.chance(700)) message.payload = json_payload(simulated_args);
    if (progress) sending_.push_back(requests_);
    procedures_[requests_] = message.procedure;
    outbox.push_back(message);
  }
  void send_more_arguments() {
    if (sending_.empty()) return;
    const std::uint64_t request = dice_.pick(sending_);
    const bool progress = dice_.chance(600);
    outbox.push_back(Call{.request = RequestId{request},
                          .procedure = procedures_[request],
                          .progress = progress,
                          .payload = json_payload(simulated_args)});
    if (!progress) std::erase(sending_, request);
  }
  void cancel_something() {
    if (requests_ == 0) return;
    Cancel message{.request = RequestId{requests_ - dice_.below(std::min<std::uint64_t>(requests_, 8))}};
    if (dice_.chance(800)) message.mode = static_cast<CancelMode>(dice_.below(3));
    outbox.push_back(message);
  }
  void register_something() {
    constexpr std::array<std::string_view, 2> patterns{"sim.", "sim.c"};
    Register message{.request = RequestId{++requests_},
                     .procedure = dice_.pick(simulated_procedures),
                     .concurrency = dice_.below(4),
                     .force_reregister = dice_.chance(30),
                     .disclose_caller = dice_.chance(200),
                     .forward_timeout = dice_.chance(200)};
    if (message.procedure == "sim.nobody") return;
    if (message.procedure == "sim.shared") message.invoke = Invoke::roundrobin;
    if (message.procedure == "sim.c.d") message.invoke = Invoke::random;
    if (message.procedure == "sim.a") message.invoke = Invoke::first;
    if (dice_.chance(50)) {
      message.procedure = dice_.pick(patterns);
      message.match = Match::prefix;
    }
    outbox.push_back(message);
  }
  void unregister_something() {
    if (registered_.empty()) return;
    const std::uint64_t id = dice_.pick(registered_);
    std::erase(registered_, id);
    outbox.push_back(Unregister{RequestId{++requests_}, RegistrationId{id}});
  }
  void answer_something() {
    if (work_.empty()) return;
    const std::size_t place = dice_.below(work_.size());
    const Work work = work_[place];
    if (dice_.chance(150)) {  // asked for or not
      outbox.push_back(Yield{
          .request = RequestId{work.invocation}, .progress = true, .payload = json_payload(simulated_args)});
      return;
    }
    work_.erase(work_.begin() + static_cast<std::ptrdiff_t>(place));
    if (dice_.chance(250)) {
      outbox.push_back(InvocationError{.request = RequestId{work.invocation},
                                       .error = dice_.chance(500) ? error_uri::unavailable : "sim.error",
                                       .payload = json_payload(simulated_args)});
      return;
    }
    Yield message{.request = RequestId{work.invocation},
                  .pass_through = some_keys(Feature::callee_payload_passthru)};
    if (dice_.chance(700)) message.payload = json_payload(simulated_args);
    outbox.push_back(message);
  }

  Dice& dice_;

 public:
  Participant who;
  bool gone = false;
  std::deque<Incoming> outbox;
  std::deque<Read> inbox;
  std::unordered_set<std::uint64_t> owed;  // calls without their final answer
  std::uint64_t answered = 0;

 private:
  const bool narrow_;  // its transport does not take every message
  const bool deaf_;    // it never answers
  std::unordered_set<std::uint64_t> known_;
  std::uint64_t requests_ = 0;
  std::unordered_map<std::uint64_t, std::string_view> procedures_;
  std::vector<std::uint64_t> sending_;  // calls that more arguments follow for
  std::vector<std::uint64_t> registered_;
  std::vector<Work> work_;
  std::uint64_t taken_up_ = 0;
  std::uint64_t invocations_ = 0;
};

class Simulation {
 public:
  Simulation(std::uint64_t seed, std::uint64_t calls) : dice_(seed), random_(seed + 1), calls_wanted_(calls) {
    settings_.calls_per_caller_max = 5 + dice_.below(60);
    settings_.calls_per_callee_max = 5 + dice_.below(100);
    settings_.queued_calls_max = dice_.chance(300) ? 0 : dice_.below(30);
    settings_.kept_bytes_per_caller_max = 500 + dice_.below(10'000);
    settings_.kept_bytes_max = 1000 + dice_.below(50'000);
    dealer_ = std::make_unique<Dealer>(settings_, random_, events_);
    while (clients_.size() < 16) join();
  }

  void run() {
    while (calls_ < calls_wanted_ && !::testing::Test::HasFailure()) step(true);
    for (int i = 0; i < 5000 && !::testing::Test::HasFailure(); ++i) step(false);
    finish();
  }

  const DealerCounters& counters() const { return dealer_->counters(); }
  std::uint64_t calls() const { return calls_; }

 private:
  void join() { clients_.push_back(std::make_unique<Client>(SessionId{++sessions_}, dice_)); }

  void step(bool may_call) {
    Client& client = *dice_.pick(clients_);
    const std::uint64_t what = dice_.below(1000);
    if (what < 330) {
      client.say_something(may_call);
    } else if (what < 660) {
      deliver_one(client);
    } else if (what < 960) {
      client.read_inbox();
    } else if (what < 994) {
      now_ += std::chrono::microseconds(dice_.below(20'000));
      dealer_->on_time(now_);
    } else if (what < 996) {
      remove_some_callee();
    } else if (what < 997) {
      leave(client);
      join();
    }
  }

  void deliver_one(Client& client) {
    if (client.outbox.empty()) return;
    const Incoming message = client.outbox.front();
    client.outbox.pop_front();
    std::visit([&](const auto& said) { deliver(client, said); }, message);
  }
  void deliver(Client& client, const Call& message) {
    const std::size_t before = client.owed.size();
    client.note_call(message);
    calls_ += client.owed.size() - before;
    if (dice_.chance(5)) {
      dealer_->refuse(client.who, message, error_uri::not_authorized, "no", now_);
    } else {
      expect_no(dealer_->call(client.who, message, {.disclose = dice_.chance(200)}, now_));
    }
  }
  void deliver(Client& client, const Cancel& message) { dealer_->cancel(client.who, message, now_); }
  void deliver(Client& client, const Yield& message) { expect_no(dealer_->yield(client.who, message, now_)); }
  void deliver(Client& client, const InvocationError& message) {
    expect_no(dealer_->error(client.who, message, now_));
  }
  void deliver(Client& client, const Register& message) {
    dealer_->register_procedure(client.who, message, now_, WallTime{});
  }
  void deliver(Client& client, const Unregister& message) { dealer_->unregister(client.who, message, now_); }
  template <typename Other>
  void deliver(Client&, const Other&) {
    FAIL() << "nothing else is said here";
  }
  static void expect_no(const Result<void, Violation>& outcome) {
    EXPECT_TRUE(outcome) << "nobody broke the protocol: " << outcome.error().sentence;
  }

  void remove_some_callee() {
    const auto ids = dealer_->registrations().list(Match::exact);
    if (ids.empty()) return;
    const RegistrationId id = ids[dice_.below(ids.size())];
    const auto& callees = dealer_->registrations().find(id)->callees();
    const SessionId session = callees[dice_.below(callees.size())]->member.participant.id();
    dealer_->remove_callee(id, session, "sim.removed", now_);
  }

  void leave(Client& client) {
    client.gone = true;
    dealer_->leave(client.who, now_);
    abandoned_ += client.owed.size();
    answered_ += client.answered;
    std::erase_if(clients_, [&](const auto& known) { return known.get() == &client; });
  }

  // Everything that was said arrives, everybody but the deaf answers; then the callees leave one by one.
  void finish() {
    for (int round = 0; round < 50; ++round) {
      for (auto& client: clients_) {
        client->finish_work();
        while (!client->outbox.empty()) deliver_one(*client);
      }
    }
    const std::uint64_t abandoned_before = abandoned_;
    std::uint64_t owed_by_the_deaf = 0;
    for (auto& client: clients_) owed_by_the_deaf += client->owed.size();
    EXPECT_EQ(owed_by_the_deaf, dealer_->open_calls());
    while (!clients_.empty()) leave(*clients_.back());
    EXPECT_LE(abandoned_ - abandoned_before, owed_by_the_deaf);
    EXPECT_EQ(answered_ + abandoned_, calls_);
    EXPECT_EQ(dealer_->open_calls(), 0u);
    EXPECT_EQ(dealer_->members(), 0u);
    EXPECT_EQ(dealer_->kept_bytes(), 0u);
    EXPECT_EQ(dealer_->registrations().size(), 0u);
    EXPECT_EQ(dealer_->next_due(), std::nullopt);
  }

  Dice dice_;
  SeededRandom random_;
  DealerSettings settings_;
  RecordedRegistrationEvents events_;
  std::unique_ptr<Dealer> dealer_;
  std::vector<std::unique_ptr<Client>> clients_;
  MonotonicTime now_{1h};
  const std::uint64_t calls_wanted_;
  std::uint64_t sessions_ = 0;
  std::uint64_t calls_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t abandoned_ = 0;
};

void add(DealerCounters& sum, const DealerCounters& counters) {
  sum.results += counters.results;
  sum.progressive_results += counters.progressive_results;
  sum.callee_errors += counters.callee_errors;
  sum.no_such_procedure += counters.no_such_procedure;
  sum.canceled += counters.canceled;
  sum.timed_out += counters.timed_out;
  sum.callers_left += counters.callers_left;
  sum.rerouted += counters.rerouted;
  sum.queued += counters.queued;
  sum.late_messages += counters.late_messages;
  sum.calls_refused_for_caller += counters.calls_refused_for_caller;
  sum.calls_refused_for_callee += counters.calls_refused_for_callee;
  sum.calls_refused_for_concurrency += counters.calls_refused_for_concurrency;
  sum.calls_refused_for_memory += counters.calls_refused_for_memory;
}

void report(std::uint64_t calls, const DealerCounters& sum) {
  const std::pair<const char*, std::uint64_t> rows[] = {
      {"results", sum.results},
      {"progressive results", sum.progressive_results},
      {"errors of callees", sum.callee_errors},
      {"no such procedure", sum.no_such_procedure},
      {"canceled", sum.canceled},
      {"timed out", sum.timed_out},
      {"callers left", sum.callers_left},
      {"re-routed", sum.rerouted},
      {"queued", sum.queued},
      {"late messages", sum.late_messages},
      {"refused: caller", sum.calls_refused_for_caller},
      {"refused: callee", sum.calls_refused_for_callee},
      {"refused: concurrency", sum.calls_refused_for_concurrency},
      {"refused: memory", sum.calls_refused_for_memory},
  };
  std::string text = std::to_string(calls) + " calls";
  for (const auto& [name, count]: rows) {
    text += "; " + std::string(name) + " " + std::to_string(count);
    if (std::getenv("CROSSPOINT_SEED") == nullptr) EXPECT_GT(count, 0u) << name << ": this never came up";
  }
  std::printf("%s\n", text.c_str());
}

TEST(DealerSimulation, F5_EveryCallGetsExactlyOneFinalAnswer) {
  const char* wanted = std::getenv("CROSSPOINT_CALLS");
  const std::uint64_t calls_wanted = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 12'500;
  constexpr std::uint64_t calls_of_a_seed = 2500;

  std::uint64_t calls = 0;
  DealerCounters sum;
  testing::for_each_seed(std::max<std::uint64_t>(calls_wanted / calls_of_a_seed, 1), [&](std::uint64_t seed) {
    if (::testing::Test::HasFailure()) return;
    Simulation simulation(seed, calls_of_a_seed);
    simulation.run();
    calls += simulation.calls();
    add(sum, simulation.counters());
    if (::testing::Test::HasFailure()) FAIL() << "CROSSPOINT_SEED=" << seed << " runs this again";
  });

  report(calls, sum);
}

}  // namespace
}  // namespace crosspoint::wamp
