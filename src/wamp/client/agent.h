#pragma once
// Acts for a program in a realm, over sessions that come and go: its calls and publications, the topics it
// has subscribed to and the procedures it has registered, the invocations that it has not answered yet.
//
// Subscriptions and registrations are wishes: they are kept while there is no session, and asked for again
// in each new one, in the order in which they were made. Calls and publications are not: without a session
// they are refused at once, and what was under way when a session ended has failed with connection_lost,
// since nobody knows how far it came.
//
// A procedure that is taken, after it was ours in an earlier session, is asked for again until it is free:
// the router may not have noticed yet that the earlier connection is gone.
//
// Pure: messages in, messages out through Session, time is an argument. What comes for the program is told to
// AgentEvents, by the ids that were given out here. All of it may be called from inside those events.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "wamp/client/session.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp::client {

// Of what this side says itself; everything else is the router's or another client's (error_uri.h).
namespace own_error {
inline constexpr std::string_view connection_lost = "crosspoint.error.connection_lost";
inline constexpr std::string_view not_joined = "crosspoint.error.not_joined";
inline constexpr std::string_view queue_full = "crosspoint.error.queue_full";
}  // namespace own_error

// Counted by the agent, over all its sessions.
enum class CallId : std::uint64_t {};
enum class PublishId : std::uint64_t {};
enum class WishId : std::uint64_t {};
enum class InvocationId : std::uint64_t {};

struct Failure {
  std::string_view uri;
  std::string_view sentence;  // when it was this side that failed; otherwise empty
  Payload payload;            // of whoever said ERROR
  PassThrough pass_through = {};
};
// What `told` means for whoever asked; not of Told::yes.
Failure failure_of(Told told);

struct CallOrder {
  std::string_view procedure;
  Payload payload;
  bool receive_progress = false;
  bool disclose_me = false;
  Duration timeout{};  // zero: none. In milliseconds; the router watches it, and this side a little later
  bool more_follows = false;  // more of its arguments: Agent::call_more
  PassThrough pass_through = {};
};

struct PublishOrder {
  std::string_view topic;
  Payload payload;
  bool acknowledge = false;
  bool exclude_me = true;
  bool retain = false;
  bool disclose_me = false;
  std::optional<ReceiverLists> lists = {};
  PassThrough pass_through = {};
};

struct SubscribeOrder {
  std::string topic;
  Match match = Match::exact;
  bool get_retained = false;
};

struct RegisterOrder {
  std::string procedure;
  Match match = Match::exact;
  Invoke invoke = Invoke::single;
  std::uint64_t concurrency = 0;  // 0: any number
  bool force_reregister = false;
  bool disclose_caller = false;  // be told who calls, whether they say so or not
  bool forward_timeout = false;  // Invoked::timeout_ms is ours to keep
  bool progressive = false;      // arguments may come in parts: on_more. Else such calls are refused
};

struct Invoked {
  InvocationId id{};
  std::string_view procedure;  // as it was called, also where a pattern is registered
  std::optional<Disclosed> caller;
  bool receive_progress = false;
  std::uint64_t timeout_ms = 0;
  bool more_follows = false;  // of its arguments
  Payload payload;
  PassThrough pass_through;
};

// Views are good until the call returns.
class AgentEvents {
 public:
  // Of a method in Login::others, before there is a session: Agent::authenticate or decline follows.
  virtual void on_challenge(std::string_view method, Bytes extra) { (void)method, (void)extra; }
  virtual void on_joined(const Joined&) {}
  virtual void on_ended(const Ending&) {}
  // Of the payload that the next on_progress or on_result brings, where it is one that is passed through.
  virtual void on_pass_through(CallId, const PassThrough&) {}
  virtual void on_progress(CallId, const Payload&) {}
  virtual void on_result(CallId, const Result<Payload, Failure>&) {}
  virtual void on_published(PublishId, const Result<PublicationId, Failure>&) {}
  // A wish was granted (in each session anew), or will not be: then it is no more.
  virtual void on_granted(WishId) {}
  virtual void on_denied(WishId, const Failure&) {}
  // `event.topic` is set in any case.
  virtual void on_event(WishId, const Event&) {}
  virtual void on_invocation(WishId, const Invoked&) {}
  virtual void on_more(InvocationId, const Payload&, bool more_follows) { (void)more_follows; }
  // After withdraw() that said so: the router knows, or has gone, or its word on why not.
  virtual void on_withdrawn(WishId, const Result<void, Failure>&) {}
  // The caller wants no answer any more, or cannot get one. Whether it is given one all the same is free.
  virtual void on_interrupt(InvocationId) {}

 protected:
  ~AgentEvents() = default;
};

struct AgentSettings {
  SessionSettings session;
  std::size_t requests_max = 10'000;               // without an answer: calls, acknowledged publications, …
  std::size_t invocations_max = 10'000;            // not answered yet; more are answered with unavailable
  Duration answer_grace = 1s;                      // after a timeout or CANCEL, for the router's own word
  Duration retry_first = 1s, retry_longest = 10s;  // for a procedure that is still taken
};

class Agent final : private SessionEvents {
 public:
  Agent(AgentSettings settings, AgentEvents& events) : settings_(std::move(settings)), events_(events) {}
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  // ---- The connection. A line that is there has a session, from HELLO on; there is one at a time.
  // `line` outlives the session, which is over after on_lost(). Not from inside an event.
  void begin(Line& line, MonotonicTime now);
  void on_message(Bytes message, MonotonicTime now);
  void on_lost(std::string sentence);
  // The answer to on_challenge; too late, it means nothing.
  void authenticate(std::string_view signature, Bytes extra) {
    if (session_) session_->authenticate(signature, extra);
  }
  void decline(std::string sentence) {
    if (session_) session_->decline(std::move(sentence));
  }
  void leave(MonotonicTime now);  // GOODBYE; on_ended follows
  bool joined() const { return session_ && session_->state() == Session::State::joined; }
  bool in_session() const { return session_ && session_->state() != Session::State::over; }
  std::optional<MonotonicTime> deadline() const;
  void on_time(MonotonicTime now);

  // ---- The program. The error is never Told::yes.
  Result<CallId, Told> call(const CallOrder& order, MonotonicTime now);
  // More arguments, of a call that said that they follow.
  Told call_more(CallId call, const Payload& payload, bool more_follows);
  // Asks the router for the end of a call. Its answer comes as ever; where the mode does not wait for the
  // callee, it comes from here if the router does not give one.
  void cancel(CallId call, CancelMode mode, MonotonicTime now);
  // Acknowledged: on_published follows.
  Result<PublishId, Told> publish(const PublishOrder& order);
  WishId subscribe(SubscribeOrder order);
  WishId register_procedure(RegisterOrder order);
  // True: it is no more. False: on_withdrawn follows.
  bool withdraw(WishId wish);
  // The answer to an invocation, or a part of it. Told::not_joined: it is not waited for any more. What
  // cannot be sent becomes an error for the caller, and the end of the invocation: nothing is missing unsaid.
  enum class Part : std::uint8_t { progress, last };
  Told answer(InvocationId invocation, const Payload& payload, Part part, const PassThrough& how = {});
  // A `uri` that is none becomes wamp.error.runtime_error.
  void refuse(InvocationId invocation, std::string_view uri, const Payload& payload);

  std::size_t requests_open() const { return asked_.size(); }
  std::size_t invocations_open() const { return invocations_.size(); }
  // Answers to requests that nobody made or that were given up, events of topics that were left.
  std::uint64_t strays() const { return strays_; }

 private:
  struct Asked {
    Code code;
    std::uint64_t owner;  // a CallId, PublishId or WishId
  };
  struct OpenCall {
    RequestId request;
    std::optional<MonotonicTime> due = {};
    bool canceled = false;      // and the callee is not waited for
    std::string more_for = {};  // the procedure, while more arguments may follow
  };
  struct Wish {
    bool is_subscription;
    SubscribeOrder topic;
    RegisterOrder procedure;
    enum class State : std::uint8_t { idle, asked, granted, leaving } state = State::idle;
    std::uint64_t id = 0;  // the router's, while granted
    bool was_granted = false;
    Duration retry_delay{};
    std::optional<MonotonicTime> retry_at = {};
  };
  struct Open {
    RequestId request;
    WishId wish;
    bool more_follows;
  };

  // SessionEvents
  void on_challenge(std::string_view method, Bytes extra) override { events_.on_challenge(method, extra); }
  void on_joined(const Joined& joined) override;
  void on_said(const Outgoing& message) override;
  void on_ended(const Ending& ending) override;

  // agent.cpp
  std::optional<Asked> take_asked(RequestId request, Code code);
  void stray() { ++strays_; }
  void take(const ErrorOut& error);

  // agent_calls.cpp
  void take(const CallResult& result);
  void take(const Published& published);
  void finish_call(CallId call, const Result<Payload, Failure>& outcome);
  void give_up_at(std::uint64_t id, OpenCall& call, MonotonicTime due);
  void give_up_late_calls(MonotonicTime now);
  void fail_open_requests();

  // agent_wishes.cpp
  void ask_for(std::uint64_t id, Wish& wish);
  void ask_for_all();
  void take(const Subscribed& subscribed);
  void take(const Registered& registered);
  void take(const SubscriptionRevoked& revoked);
  void take(const RegistrationRevoked& revoked);
  void take(const Event& event);
  void deny(std::uint64_t id, const Failure& failure);
  void on_refusal(std::uint64_t id, const ErrorOut& error);
  bool shared(const Wish& wish) const;
  bool say_farewell(std::uint64_t id, Wish& wish);
  void end_withdrawal(std::uint64_t id);
  void forget(std::uint64_t id);
  void retry(MonotonicTime now);
  void forget_grants();

  // agent_invocations.cpp
  void take(const Invocation& invocation);
  void take_more(const Invocation& invocation);
  void take(const Interrupt& interrupt);
  void interrupt_all();

  void take(const Unsubscribed& done) { take_withdrawn(done.request, Code::unsubscribe); }
  void take(const Unregistered& done) { take_withdrawn(done.request, Code::unregister); }
  void take_withdrawn(RequestId request, Code code) {
    if (const auto asked = take_asked(request, code)) events_.on_withdrawn(WishId{asked->owner}, {});
  }
  void take(const auto&) {}  // of the opening: the session keeps them

  const AgentSettings settings_;
  AgentEvents& events_;
  std::unique_ptr<Session> session_;
  MonotonicTime now_{};  // of the message that is being taken

  std::uint64_t ids_ = 0;
  std::unordered_map<std::uint64_t, Asked> asked_;  // by request id
  std::unordered_map<std::uint64_t, OpenCall> calls_;
  std::set<std::pair<MonotonicTime, std::uint64_t>> calls_due_;
  std::map<std::uint64_t, Wish> wishes_;  // in the order they were made
  std::unordered_map<std::uint64_t, std::vector<std::uint64_t>> by_subscription_;
  std::unordered_map<std::uint64_t, std::uint64_t> by_registration_;
  std::unordered_map<std::uint64_t, Open> invocations_;
  std::unordered_map<std::uint64_t, std::uint64_t> by_invocation_request_;
  std::uint64_t strays_ = 0;
};

}  // namespace crosspoint::wamp::client
