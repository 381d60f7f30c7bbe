#pragma once
// A client's procedures: what it has registered, what it was called for, and how it answers. An operator may
// be the authorizer as well, who answers at once, late, or never.

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "seat.h"
#include "uris.h"
#include "wamp/outgoing.h"

namespace crosspoint::simulation {

class Callee {
 public:
  explicit Callee(Seat& seat) : seat_(seat) {}

  void register_something();
  void become_authorizer() { register_as(authorizer); }
  void unregister_something();
  void answer_something();

  void take(const wamp::Registered& registered);
  void take(const wamp::Unregistered& unregistered);
  void take(const wamp::RegistrationRevoked& revoked);
  void take(const wamp::ErrorOut& error);  // of REGISTER or UNREGISTER
  void take(const wamp::Invocation& invocation);
  void take(const wamp::Interrupt& interrupt);

  // Everything that it was asked is answered.
  void finish();
  bool quiet() const { return work_.empty() && registering_.empty() && unregistering_.empty(); }
  std::string what_is_open() const;
  bool has_work() const { return !work_.empty(); }
  // Everything that was said has arrived: does the router know the same registrations?
  void settle();
  std::uint64_t last_invocation() const { return last_; }

 private:
  struct Work {
    std::uint64_t invocation = 0;
    bool receive_progress = false;
    bool more = false;  // arguments follow
    Mark mark = {};     // of the next ones
    std::uint64_t results = 0;
    std::string question = {};  // of the authorizer: the URI; empty: it is an ordinary call
  };
  static constexpr Offer authorizer{authorizer_procedure, wamp::Match::exact, wamp::Invoke::single};

  void register_as(const Offer& offer);
  bool holds(const Offer& offer) const;
  Work* find_work(std::uint64_t invocation);
  void take_new(const wamp::Invocation& invocation);
  void take_more(const wamp::Invocation& invocation, Work& work);
  void take_question(const wamp::Invocation& invocation);
  void check_place(const wamp::Invocation& invocation, const Offer& offer);
  void check_order(const wamp::Invocation& invocation, const Mark& mark);
  void answer(const Work& work);
  void fail(const Work& work, std::string_view error);
  void judge(const Work& work);

  Seat& seat_;
  std::map<std::uint64_t, const Offer*> registrations_;   // by id
  std::map<std::uint64_t, const Offer*> registering_;     // by request
  std::map<std::uint64_t, std::uint64_t> unregistering_;  // by request: the id
  std::vector<Work> work_;
  std::uint64_t last_ = 0;  // invocation
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t>
      order_;  // by registration and caller: its call
};

}  // namespace crosspoint::simulation
