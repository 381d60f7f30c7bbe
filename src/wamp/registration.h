#pragma once
// A procedure, or a pattern of procedures, that somebody is ready to be called for: the sessions that are,
// and which of them gets the next call (wamp-router: shared registrations).

#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "wamp/features.h"
#include "wamp/ids.h"
#include "wamp/incoming.h"

namespace crosspoint::wamp {

class Registration;
class OpenCall;
struct DealerMember;

// What a call asks of its callee, beside a free place.
struct CallNeeds {
  bool progressive = false;            // more arguments will follow
  bool payload_passthru = false;       // `ppt_…`
  std::span<const SessionId> tried{};  // who said that it is unavailable
};

// How a callee and a call fit, the better the greater.
enum class Fitness : std::uint8_t {
  unable,      // it cannot do what the call needs, has been tried, or is leaving
  overloaded,  // it has as many calls as a session may have (calls_per_callee_max)
  busy,        // it has as many as it asked for (Register.concurrency)
  free,
};

// One session at one registration. Belongs to the session (dealer_member.h), and stays there after UNREGISTER
// for as long as it has calls to answer.
struct Callee {
  Callee(DealerMember& session, RegistrationId id_of_registration, Match match_of_registration)
      : member(session), registration_id(id_of_registration), match(match_of_registration) {}

  // As REGISTER says.
  void take(const Register& options) {
    concurrency = options.concurrency;
    forward_timeout = options.forward_timeout;
    disclose_caller = options.disclose_caller;
  }
  bool can(Feature feature) const;
  // It gets CALL.Options.timeout and sees to it; else the dealer does.
  bool watches_timeout() const { return forward_timeout && can(Feature::callee_timeout); }
  Fitness fitness(const CallNeeds& needs, std::size_t calls_per_callee_max) const;

  DealerMember& member;
  const RegistrationId registration_id;
  const Match match;
  Registration* registration = nullptr;  // null: unregistered, and answering its last calls
  std::uint64_t concurrency = 0;         // calls at once; 0: any number
  bool forward_timeout = false;
  bool disclose_caller = false;
  std::uint64_t in_flight = 0;  // calls it has and has not answered
};

struct CalleeChoice {
  Callee* callee = nullptr;
  Fitness best = Fitness::unable;  // of all; free exactly when there is a callee
};

class Registration {
 public:
  Registration(RegistrationId id, const Register& first, WallTime created)
      : id_(id), procedure_(first.procedure), match_(first.match), invoke_(first.invoke), created_(created) {}
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

  RegistrationId id() const { return id_; }
  const std::string& procedure() const { return procedure_; }
  Match match() const { return match_; }
  Invoke invoke() const { return invoke_; }
  WallTime created() const { return created_; }

  // In the order in which they came.
  const std::vector<Callee*>& callees() const { return callees_; }
  void add(Callee& callee);
  void remove(Callee& callee);

  // Who gets a call: the first, the last, the next after the previous, any, of those that are free.
  CalleeChoice choose(const CallNeeds& needs, std::size_t calls_per_callee_max, Random& random);

  // Calls that wait until one of the callees is free, the longest waiting first.
  std::list<OpenCall*>& waiting() { return waiting_; }
  bool being_served = false;  // somebody is going through `waiting` already

 private:
  std::size_t in_turn(std::size_t step, std::size_t begin) const;

  const RegistrationId id_;
  const std::string procedure_;
  const Match match_;
  const Invoke invoke_;
  const WallTime created_;
  std::vector<Callee*> callees_;
  std::size_t next_ = 0;  // roundrobin: where the search begins
  std::list<OpenCall*> waiting_;
};

}  // namespace crosspoint::wamp
