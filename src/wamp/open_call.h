#pragma once
// A call that has not had its final answer: from its CALL until Dealer::end(), which alone takes one away.
//
//   CALL --+-- a callee is free ------------> invoked -- answered, canceled, timed out, given up --> (gone)
//          |                                  ^  |  ^
//          |                 a callee is free |  +--+ its callee is unavailable to it, another one is free
//          +-- all are busy ----> waiting ----+
//                                   +-- canceled, timed out, too old, given up --> (gone)
//
// It carries the answer it owes (owed_answer.h), so that it cannot go without giving it. Lies in the dealer's
// pool; owned by its caller (dealer_member.h).

#include <list>
#include <memory>

#include "base/pool.h"
#include "base/time.h"
#include "wamp/call_timers.h"
#include "wamp/kept_call.h"
#include "wamp/owed_answer.h"
#include "wamp/registration.h"

namespace crosspoint::wamp {

class OpenCall final : public Pooled {
 public:
  OpenCall(DealerMember& by, Peer& peer, RequestId id) : caller(by), request(id), answer(peer, id) {}

  bool waiting() const { return callee == nullptr; }
  // Results before the final one are passed on: wamp-router 8.4.
  bool asks_for_progress_of(const Callee& of) const {
    return receive_progress && of.can(Feature::callee_progressive_results);
  }
  bool reroute_announced_with(const Callee& with) const;
  // Another callee may get it after this one: its arguments are worth keeping.
  bool may_reroute_from(const Callee& from) const {
    return from.registration != nullptr && from.registration->invoke() != Invoke::single &&
           reroute_announced_with(from);
  }

  DealerMember& caller;
  const RequestId request;
  OwedAnswer answer;

  bool disclose = false;          // who calls, to the callee
  bool callee_may_ask = true;     // to a callee who wants to know
  bool receive_progress = false;  // asked for, and the caller can
  bool progressive = false;       // it has, or had, more arguments to come than its first CALL brought
  bool more_arguments = false;    // its last CALL has not come
  bool payload_passthru = false;  // the callee has to know `ppt_…`

  // While it is invoked.
  Callee* callee = nullptr;
  RequestId invocation{};
  bool interrupted = false;  // the callee has been told to stop
  bool progressed = false;   // the caller has had progressive results

  // While it waits.
  Registration* waits_at = nullptr;
  std::list<OpenCall*>::iterator place{};

  Duration timeout{};  // 0: none
  MonotonicTime deadline{};
  CallTimers::Place timer{};

  std::unique_ptr<KeptCall> kept;  // null: nothing
};

}  // namespace crosspoint::wamp
