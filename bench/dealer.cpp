// What a call costs in the dealer alone: CALL in, INVOCATION out, YIELD in, RESULT out, to peers that throw
// everything away. No serializer, no socket.
//
//   dealer_bench [CALLS]      2000000 unless said

#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "wamp/dealer.h"

namespace {

using namespace crosspoint;
using namespace crosspoint::wamp;

class NullPeer final : public Peer {
 public:
  data::Format format() const override { return data::Format::json; }
  Sent send(const Outgoing& message) override {
    if (const auto* invocation = std::get_if<Invocation>(&message)) last = invocation->request;
    return Sent::sent;
  }
  Sent send_event(SharedEvent&) override { return Sent::sent; }
  RequestId last{};  // invocation
};

class NoEvents final : public RegistrationEvents {
 public:
  void on_create(const Participant&, const Registration&) override {}
  void on_register(const Participant&, RegistrationId) override {}
  void on_unregister(const Participant&, RegistrationId) override {}
  void on_delete(const Participant&, RegistrationId) override {}
};

struct Session {
  explicit Session(std::uint64_t id) : who(SessionId{id}, {}, features(), peer) {}
  static Features features() {
    Features all;
    for (const Feature feature: {Feature::call_canceling, Feature::callee_canceling,
                                 Feature::call_progressive_results, Feature::callee_progressive_results}) {
      all.add(feature);
    }
    return all;
  }
  NullPeer peer;
  Participant who;
};

struct Case {
  const char* name;
  Match match = Match::exact;
  std::size_t callees = 1;
  std::size_t outstanding = 1;
  std::size_t registrations = 1;
  std::uint64_t timeout_ms = 0;
};

double nanoseconds_per_call(const Case& of, std::uint64_t calls) {
  const DealerSettings settings;
  SeededRandom random(1);
  NoEvents events;
  Dealer dealer(settings, random, events);
  const MonotonicTime now{std::chrono::hours(1)};
  std::vector<std::unique_ptr<Session>> callees;
  for (std::size_t i = 0; i < of.callees; ++i) {
    callees.push_back(std::make_unique<Session>(100 + i));
    for (std::size_t n = 0; n < of.registrations; ++n) {
      const std::string procedure = "com.example.procedure" + std::to_string(n) + ".";
      const Invoke invoke = of.callees == 1 ? Invoke::single : Invoke::roundrobin;
      const std::string name = of.match == Match::exact ? procedure + "add" : procedure;
      dealer.register_procedure(
          callees.back()->who,
          {.request = RequestId{1}, .procedure = name, .match = of.match, .invoke = invoke}, now, WallTime{});
    }
  }
  Session caller(1);
  Call call{.procedure = "com.example.procedure0.add", .timeout_ms = of.timeout_ms};
  std::uint64_t request = 0;

  const std::clock_t began = std::clock();
  for (std::uint64_t done = 0; done < calls; done += of.outstanding) {
    for (std::size_t i = 0; i < of.outstanding; ++i) {
      call.request = RequestId{++request};
      if (!dealer.call(caller.who, call, {}, now)) std::abort();
    }
    // They went round: each callee has its share of them, and the numbers up to its last one tell which.
    for (const auto& callee: callees) {
      const std::uint64_t share = of.outstanding / of.callees;
      for (std::uint64_t n = 0; n < share; ++n) {
        const RequestId invocation{number(callee->peer.last) - share + 1 + n};
        if (!dealer.yield(callee->who, {.request = invocation}, now)) std::abort();
      }
    }
  }
  const double took = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  for (const auto& callee: callees) dealer.leave(callee->who, now);
  dealer.leave(caller.who, now);
  return took * 1e9 / static_cast<double>(calls);
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t calls = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2'000'000;
  const Case cases[] = {
      {.name = "one at a time"},
      {.name = "32 in flight", .outstanding = 32},
      {.name = "1024 in flight", .outstanding = 1024},
      {.name = "among 10000 procedures", .registrations = 10'000},
      {.name = "a prefix among 10000", .match = Match::prefix, .registrations = 10'000},
      {.name = "8 callees in turn", .callees = 8, .outstanding = 32},
      {.name = "with a timeout", .outstanding = 32, .timeout_ms = 1000},
  };
  fmt::print("{:<24} {:>12}\n", "CALL to RESULT", "ns per call");
  for (const Case& each: cases) {
    nanoseconds_per_call(each, calls / 20);  // warms up
    fmt::print("{:<24} {:>12.0f}\n", each.name, nanoseconds_per_call(each, calls));
  }
}
