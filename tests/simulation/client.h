#pragma once
// One connection to the router, over the transports of our own client room, and the sessions that it carries
// one after the other. It says whatever the dice say, keeps to the protocol until it is to break it, and
// knows of every end of a session whether there was a reason for it.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "audience.h"
#include "callee.h"
#include "caller.h"
#include "testing/link.h"
#include "wamp/client/io/transport.h"

namespace crosspoint::simulation {

// How a session comes to its end.
enum class End : std::uint8_t {
  none,
  goodbye,    // it says so; then it may join once more on the same connection
  cut,        // its connection is reset, in the middle of a frame where that can be
  silence,    // its connection is half open: nobody is told
  crash,      // it closes its socket without a word
  abort,      // it says ABORT
  violation,  // it says what may not be said
};

class Client final : private wamp::client::TransportEvents {
 public:
  using Company = std::vector<std::unique_ptr<Client>>;

  // Begins to connect; World::run_until_idle() makes the connection.
  explicit Client(Course& course);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void say_something(const Company& company);
  void end(End how);
  testing::Link* link() { return link_.get(); }
  // The link's own settings, with another latency, or with room for little.
  void jitter();
  void narrow_line();
  void restore_line();

  // Lines have been as they should be for a while, and nobody has said anything.
  void check_cancels();
  // Everything that it has begun becomes whole.
  void finish();
  // Nothing is open, and nothing will happen of itself.
  bool quiet() const;
  std::string what_is_open() const;
  // Everything that was said has arrived.
  void settle();

  bool over() const { return phase_ == Phase::over; }
  bool joined() const { return phase_ == Phase::joined && end_ == End::none; }
  wamp::SessionId session() const { return sitting_->session; }
  // Somebody has asked the router to end its session.
  void expect_kill() { may_be_killed_ = true; }

 private:
  enum class Phase : std::uint8_t { connecting, opening, joined, leaving, closing, over };
  struct Sitting final : Seat {
    explicit Sitting(Client& its_client) : Seat(its_client.course_, its_client.nature_), client(its_client) {}
    // Nothing after GOODBYE.
    void say(const wamp::Incoming& message) override {
      if (client.phase_ == Phase::joined) client.say(message);
    }
    Client& client;
    struct Parts {
      Caller caller;
      Callee callee;
      Audience audience;
    } parts{Caller(*this), Callee(*this), Audience(*this)};
  };

  void say(const wamp::Incoming& message);
  void join();
  void meddle(const Company& company);
  void violate();
  void leave_sitting();
  void on_lost();

  // wamp::client::TransportEvents
  void on_open() override;
  void on_message(Bytes message) override;
  void on_closed(std::string sentence) override;

  void take(const wamp::Outgoing& message);
  void take_opening(const wamp::Outgoing& message);
  void take_abort(const wamp::AbortOut& abort);
  void take_goodbye(const wamp::GoodbyeOut& goodbye);
  void take_reason(const wamp::GoodbyeOut& goodbye);
  void dispatch(const wamp::Outgoing& message);

  Course& course_;
  const Nature nature_;
  testing::LinkSettings link_settings_;
  wamp::client::TransportSettings settings_;
  SeededRandom random_;  // of its masks
  Phase phase_ = Phase::connecting;
  End end_ = End::none;
  bool returns_ = false;  // after its GOODBYE, on the same connection
  bool may_be_killed_ = false;
  bool ended_by_router_ = false;  // with ABORT or GOODBYE
  std::shared_ptr<testing::Link> link_;
  std::unique_ptr<wamp::client::Transport> transport_;
  std::unique_ptr<Sitting> sitting_;
};

}  // namespace crosspoint::simulation
