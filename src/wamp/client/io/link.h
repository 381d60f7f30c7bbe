#pragma once
// An agent in a realm, and its connection that keeps coming back: dials, joins, notices when the link is
// gone, waits as client/backoff.h says, and dials again, until it is told to leave. Whatever is wrong — no
// such name, refused, no router there, a login that it does not like — is one more failed attempt, and shows
// in the status; whether to go on is the user's to decide.

#include <cstdint>
#include <memory>
#include <string>

#include "client/backoff.h"
#include "wamp/client/agent.h"
#include "wamp/client/io/transport.h"

namespace crosspoint::wamp::client {

enum class LinkState : std::uint8_t {
  idle,        // not started
  connecting,  // an attempt is being made, up to WELCOME
  joined,
  waiting,  // for the next attempt
  leaving,  // GOODBYE was said, or the connection is closing
  closed,   // for good
};

struct LinkStatus {
  LinkState state = LinkState::idle;
  std::uint64_t attempts = 0;
  std::uint64_t joins = 0;  // attempts that succeeded
  std::string last_error;   // a sentence; empty while nothing went wrong
  // Of last_error: the router did not let us in, and trying again will hardly change its mind.
  bool refused = false;
};

class LinkEvents : public AgentEvents {
 public:
  // status().state is another one. Time to look at the status; may be told inside start() and leave().
  virtual void on_link_changed() {}
  // After leave(), or attempts_max: nothing follows.
  virtual void on_closed() {}

 protected:
  ~LinkEvents() = default;
};

struct LinkSettings {
  TransportSettings transport;
  AgentSettings agent;
  crosspoint::client::BackoffPolicy backoff;
  std::uint64_t attempts_max = 0;  // that fail in a row, then it is closed; 0: any number
  std::size_t waiting_bytes_max = std::size_t{16}
                                  << 20;  // for the network; more calls and events are refused
};

class Link final : private Line, private TransportEvents, private AgentEvents, private net::TurnEndHook {
 public:
  // Everything referred to outlives the link. It must not be destroyed inside one of its events.
  Link(net::Loop& loop, net::Network& network, Random& random, LinkSettings settings, LinkEvents& events);
  ~Link() override;

  void start();
  // GOODBYE, where there is a session; then the connection is closed. on_closed follows in a later turn.
  void leave();
  const LinkStatus& status() const { return status_; }

  // May be used from inside events too.
  Agent& agent() {
    loop_.at_turn_end(*this);  // its deadlines may be others afterwards
    return agent_;
  }
  MonotonicTime now() const { return loop_.now(); }

 private:
  // Line
  data::Format format() const override { return settings_.transport.format; }
  Channel channel() override;
  std::size_t message_bytes_max() const override { return transport_->message_bytes_max(); }
  bool has_room_for(std::size_t bytes) const override;
  void send(Bytes message) override { transport_->send(message); }
  void close() override { transport_->close(); }
  // TransportEvents
  void on_open() override;
  void on_message(Bytes message) override;
  void on_closed(std::string sentence) override;
  // AgentEvents
  void on_challenge(std::string_view method, Bytes extra) override { events_.on_challenge(method, extra); }
  void on_joined(const Joined& joined) override;
  void on_ended(const Ending& ending) override;
  void on_pass_through(CallId call, const PassThrough& how) override { events_.on_pass_through(call, how); }
  void on_progress(CallId call, const Payload& payload) override { events_.on_progress(call, payload); }
  void on_result(CallId call, const Result<Payload, Failure>& result) override {
    events_.on_result(call, result);
  }
  void on_published(PublishId id, const Result<PublicationId, Failure>& result) override {
    events_.on_published(id, result);
  }
  void on_granted(WishId wish) override { events_.on_granted(wish); }
  void on_denied(WishId wish, const Failure& failure) override { events_.on_denied(wish, failure); }
  void on_withdrawn(WishId wish, const Result<void, Failure>& result) override {
    events_.on_withdrawn(wish, result);
  }
  void on_event(WishId wish, const Event& event) override { events_.on_event(wish, event); }
  void on_invocation(WishId wish, const Invoked& invoked) override { events_.on_invocation(wish, invoked); }
  void on_more(InvocationId id, const Payload& payload, bool more_follows) override {
    events_.on_more(id, payload, more_follows);
  }
  void on_interrupt(InvocationId invocation) override { events_.on_interrupt(invocation); }

  void on_turn_end() override { watch_deadline(); }
  void enter(LinkState state);
  void attempt();
  void on_timer();
  void conclude();
  void watch_deadline();

  net::Loop& loop_;
  net::Network& network_;
  Random& random_;
  const LinkSettings settings_;
  LinkEvents& events_;
  crosspoint::client::Backoff backoff_;
  LinkStatus status_;
  std::uint64_t failures_ = 0;  // attempts, in a row
  MonotonicTime joined_at_{};
  bool was_joined_ = false;   // on this connection
  bool told_ending_ = false;  // of this connection: last_error is the session's
  bool leaving_for_good_ = false;
  net::Timer timer_;  // the next attempt; closed: tells so
  net::Timer agent_timer_;
  Agent agent_;
  std::unique_ptr<Transport> transport_;
};

}  // namespace crosspoint::wamp::client
