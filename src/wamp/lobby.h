#pragma once
// Between a session, which knows one client, and the realms, which know many: what a session asks for when
// its client wants to come in.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "wamp/doorkeeper.h"
#include "wamp/gate.h"
#include "wamp/moment.h"
#include "wamp/refused_login.h"
#include "wamp/session_end.h"
#include "wamp/violation.h"

namespace crosspoint::wamp {

// What became of a message.
enum class Taken : std::uint8_t {
  done,
  later,  // nothing yet, since the gate has not decided (gate.h): it is to be said once more, and what
          // follows it waits until then
};

// What of this router's features depends on a realm: WELCOME announces what is there.
struct RealmFeatures {
  bool publisher_identification = true;  // somebody's subscribers may be told who publishes
  bool caller_identification = true;     // somebody's callees may be told who calls
  bool event_history = true;             // of some topic
  bool event_retention = true;
  bool testaments = true;
};

// A session's place in a realm. Leaving is destroying it.
class Seat {
 public:
  virtual ~Seat() = default;
  virtual RealmFeatures features() const = 0;
  // What the client said after WELCOME, but for GOODBYE and ABORT.
  virtual Result<Taken, Violation> take(const Incoming& message, const Moment& now) = 0;
};

// By this a realm ends a session (kill procedures, changed permissions), and a gate tells it to go on.
class SessionControl : public Petitioner {
 public:
  // The client gets GOODBYE with this reason; Details.message, where there is one. The seat is destroyed
  // before this returns.
  virtual void end(std::string_view reason, std::string_view message, const Moment& now) = 0;

 protected:
  ~SessionControl() = default;
};

struct Entry {
  SessionId session;
  const Admitted& admitted;
  Features features;
  Peer& peer;
  SessionControl& control;
  const TransportFacts& facts;
};

enum class EntryRefusal : std::uint8_t {
  no_such_realm,    // (any more)
  too_many_realms,  // it would have come into being, and there are as many as there may be
};

class Lobby {
 public:
  // A random id that no session has.
  virtual SessionId allot_session_id() = 0;
  virtual Doorkeeper& doorkeeper() = 0;
  // More waits behind a message of one session than may; it has to go.
  virtual void on_held_too_much() {}
  virtual Result<std::unique_ptr<Seat>, EntryRefusal> enter(const Entry& entry, const Moment& now) = 0;
  // A session that had entered has left.
  virtual void on_left(SessionEnd) {}
  // A HELLO was answered with ABORT in the end, for another reason than a broken protocol.
  virtual void on_refused(const RefusedLogin&, const Moment&) {}
  // A client broke the protocol: its session, if it had come as far as HELLO, is over.
  virtual void on_violation(SessionId, std::string_view /*peer*/, std::string_view /*sentence*/,
                            const Moment&) {}

 protected:
  ~Lobby() = default;
};

}  // namespace crosspoint::wamp
