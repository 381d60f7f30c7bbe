#include "wamp/own_calls.h"

#include "base/assert.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp {
namespace {

Features features_of_the_router() {
  Features features;
  features.add(Role::caller);
  features.add(Feature::call_canceling);
  return features;
}

// As a callee sees it that asks who calls (disclose_caller).
Identity identity_of_the_router() { return {"router", "internal", "internal", "internal"}; }

}  // namespace

class OwnCalls::Handle final : public PendingCall {
 public:
  Handle(OwnCalls& calls, Key key) : calls_(calls), key_(key) {}
  ~Handle() override { calls_.drop(key_); }

 private:
  OwnCalls& calls_;
  const Key key_;
};

std::unique_ptr<PendingCall> OwnCalls::call(Caller* in, const OwnCall& call, Answered answered,
                                            MonotonicTime now) {
  if (records_.size() >= settings_.calls_max) {
    ++counters_.refused;
    return nullptr;
  }
  ++counters_.calls;
  const Key key = ++last_key_;
  Record& record = records_[key];
  record.answered = std::move(answered);
  record.due = now + call.time_max;
  timers_.emplace(record.due, key);
  if (in == nullptr) {
    take_answer(key, {std::string(error_uri::no_such_procedure), {}});
  } else {
    in->start(key, call, now);
  }
  return std::make_unique<Handle>(*this, key);
}

void OwnCalls::take_answer(Key key, OwnAnswer answer) {
  const auto found = records_.find(key);
  CROSSPOINT_ASSERT(found != records_.end());
  Record& record = found->second;
  record.caller = nullptr;
  timers_.erase({record.due, key});
  if (!record.answered) {
    records_.erase(found);
    return;
  }
  if (record.timed_out) answer.error = error_uri::timeout;
  record.answer = std::move(answer);
  ready_.push_back(key);
  settle_soon();
}

// The dealer is told in settle(): this may come from inside of anything.
void OwnCalls::drop(Key key) {
  const auto found = records_.find(key);
  if (found == records_.end()) return;
  ++counters_.abandoned;
  if (found->second.answer) {
    records_.erase(found);
    return;
  }
  found->second.answered = nullptr;
  abandoned_.push_back(key);
  settle_soon();
}

void OwnCalls::settle(MonotonicTime now) {
  for (const Key key: std::exchange(abandoned_, {})) {
    const auto found = records_.find(key);
    if (found != records_.end()) found->second.caller->cancel(found->second.request, now);
  }
  for (const Key key: std::exchange(ready_, {})) {
    auto record = records_.extract(key);
    if (record.empty()) continue;
    record.mapped().answered(*record.mapped().answer);
  }
}

std::optional<MonotonicTime> OwnCalls::next_due() const {
  if (timers_.empty()) return std::nullopt;
  return timers_.begin()->first;
}

void OwnCalls::on_time(MonotonicTime now) {
  while (!timers_.empty() && timers_.begin()->first <= now) {
    Record& record = records_.at(timers_.begin()->second);
    timers_.erase(timers_.begin());  // whatever the dealer does: it is asked once
    ++counters_.timed_out;
    record.timed_out = true;
    record.caller->cancel(record.request, now);
  }
}

OwnCalls::Caller::Caller(OwnCalls& calls, Dealer& dealer, SessionId id, std::function<void()> touched)
    : calls_(calls),
      dealer_(dealer),
      participant_(id, identity_of_the_router(), features_of_the_router(), *this),
      touched_(std::move(touched)) {}

OwnCalls::Caller::~Caller() {
  CROSSPOINT_ASSERT(waiting_.empty());
  dealer_.leave(participant_, MonotonicTime{});
}

// The answer may come before this returns.
void OwnCalls::Caller::start(Key key, const OwnCall& call, MonotonicTime now) {
  const RequestId request = requests_.next();
  waiting_.emplace(request, key);
  Record& record = calls_.records_.at(key);
  record.caller = this;
  record.request = request;
  const auto args = data::write_value(data::Format::cbor, data::Value(call.args));
  const auto called = dealer_.call(
      participant_,
      {.request = request, .procedure = call.procedure, .payload = {data::Format::cbor, args, {}}}, {}, now);
  CROSSPOINT_ASSERT(called);
  touched_();
}

void OwnCalls::Caller::cancel(RequestId request, MonotonicTime now) {
  dealer_.cancel(participant_, {request, CancelMode::killnowait}, now);
  touched_();
}

Sent OwnCalls::Caller::send(const Outgoing& message) {
  if (const auto* result = std::get_if<CallResult>(&message)) {
    return give(result->request, {}, result->payload);
  }
  if (const auto* error = std::get_if<ErrorOut>(&message)) {
    return give(error->request, error->error, error->payload);
  }
  return Sent::sent;
}

// Of what is too large, the dealer says so in a message without a payload.
Sent OwnCalls::Caller::give(RequestId request, std::string_view error, const Payload& payload) {
  if (payload.bytes() > calls_.settings_.answer_bytes_max) return Sent::too_large;
  const auto found = waiting_.find(request);
  CROSSPOINT_ASSERT(found != waiting_.end());
  const Key key = found->second;
  waiting_.erase(found);
  calls_.take_answer(key, {std::string(error), KeptPayload(payload)});
  return Sent::sent;
}

}  // namespace crosspoint::wamp
