#pragma once
// Calls that the router makes in its own name: to procedures that say who somebody is, or what somebody may
// do (wamp-router 11.7). In a realm where it calls it is one caller more to the dealer, and nobody to
// everybody else: no inhabitant, no news, no permission is asked.
//
//   pending = calls.call(caller, what, answered, now)   null: as many are under way as may be
//   settle_soon()        called when there is something to do; then, soon and not from inside:
//   calls.settle(now)    calls `answered`
//
// Each call has one answer: the callee's, or an error that the dealer, or the time, gives in its place.
// Whoever no longer wants it destroys `pending`: then `answered` is not called, and the callee is told to
// stop.
//
// Nothing here depends on what a callee promised: one that watches its time itself (forward_timeout) does not
// keep the router waiting.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "data/value.h"
#include "wamp/dealer.h"
#include "wamp/payload.h"

namespace crosspoint::wamp {

struct OwnCallSettings {
  std::size_t calls_max = 4096;               // under way, in all realms
  std::size_t answer_bytes_max = 256 * 1024;  // longer: wamp.error.payload_size_exceeded
};

struct OwnCallCounters {
  std::uint64_t calls = 0;
  std::uint64_t refused = 0;  // calls_max
  std::uint64_t timed_out = 0;
  std::uint64_t abandoned = 0;  // nobody wanted the answer any more
};

struct OwnCall {
  std::string_view procedure;
  data::Value::Array args;
  Duration time_max{};
};

struct OwnAnswer {
  std::string error;    // an error URI; empty: it is a result
  KeptPayload payload;  // of the result, or of the callee's error
};

// A call that is under way. The router outlives it.
class PendingCall {
 public:
  virtual ~PendingCall() = default;
};

class OwnCalls {
 public:
  using Answered = std::function<void(const OwnAnswer&)>;
  class Caller;

  OwnCalls() = default;
  explicit OwnCalls(OwnCallSettings settings) : settings_(settings) {}
  OwnCalls(const OwnCalls&) = delete;
  OwnCalls& operator=(const OwnCalls&) = delete;

  // `in`: null where there is no realm of that name, and so no such procedure.
  std::unique_ptr<PendingCall> call(Caller* in, const OwnCall& call, Answered answered, MonotonicTime now);

  // May be called from inside of everything; set once.
  std::function<void()> settle_soon = [] {};
  void settle(MonotonicTime now);

  std::optional<MonotonicTime> next_due() const;
  void on_time(MonotonicTime now);

  std::size_t under_way() const { return records_.size(); }
  const OwnCallCounters& counters() const { return counters_; }

 private:
  using Key = std::uint64_t;
  class Handle;
  struct Record {
    Answered answered;  // empty: nobody wants it
    Caller* caller = nullptr;
    RequestId request{};
    MonotonicTime due{};
    bool timed_out = false;
    std::optional<OwnAnswer> answer;
  };

  void take_answer(Key key, OwnAnswer answer);
  void drop(Key key);

  const OwnCallSettings settings_;
  std::unordered_map<Key, Record> records_;
  std::set<std::pair<MonotonicTime, Key>> timers_;  // of those that have no answer
  std::vector<Key> ready_, abandoned_;              // or were, until they went
  Key last_key_ = 0;
  OwnCallCounters counters_;
};

// The router in one realm.
class OwnCalls::Caller final : private Peer {
 public:
  // `touched` is called after the dealer has been given something to do. Calls and dealer outlive the caller;
  // it goes when nobody is left in the realm who could answer.
  Caller(OwnCalls& calls, Dealer& dealer, SessionId id, std::function<void()> touched);
  ~Caller();

 private:
  friend class OwnCalls;
  void start(Key key, const OwnCall& call, MonotonicTime now);
  void cancel(RequestId request, MonotonicTime now);
  Sent give(RequestId request, std::string_view error, const Payload& payload);

  // Peer
  data::Format format() const override { return data::Format::cbor; }
  Sent send(const Outgoing& message) override;
  Sent send_event(SharedEvent&) override { return Sent::sent; }

  OwnCalls& calls_;
  Dealer& dealer_;
  Participant participant_;
  std::function<void()> touched_;
  IdSequence<RequestId> requests_;
  std::unordered_map<RequestId, Key> waiting_;
};

}  // namespace crosspoint::wamp
