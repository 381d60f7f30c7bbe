#pragma once
// May this session do that here? The realm asks before every CALL, REGISTER, PUBLISH and SUBSCRIBE.
//
// A gate that has to ask somebody else answers `later`. Nothing has been done with the message by then: the
// session keeps it, and everything that comes after it, until the gate has decided, and then says it once
// more. That time the gate answers what was decided.

#include <cstdint>
#include <string_view>

#include "wamp/moment.h"
#include "wamp/options.h"
#include "wamp/participant.h"

namespace crosspoint::wamp {

enum class Action : std::uint8_t { call, register_, publish, subscribe };
std::string_view to_string(Action action);  // "call", "register", …

// A session whose message waits.
class Petitioner {
 public:
  // The gate has decided. Not from inside a call to the gate, and not after forget().
  virtual void on_decided(const Moment& now) = 0;

 protected:
  ~Petitioner() = default;
};

struct Request {
  const Participant& who;
  Action action;
  std::string_view uri;
  Match match = Match::exact;        // of SUBSCRIBE and REGISTER
  Petitioner* petitioner = nullptr;  // null: it cannot be said once more; `unknown` for `later`
};

struct Judgement {
  enum class Kind : std::uint8_t {
    decided,
    later,    // not allowed yet
    failed,   // not allowed: it could not be decided (wamp.error.authorization_failed)
    unknown,  // not allowed: somebody would have to be asked, and there is no petitioner to wait for it
  };
  bool allowed = false;
  bool disclose = false;  // the other side is told who it is, whatever was asked for
  Kind kind = Kind::decided;
};

class Gate {
 public:
  virtual Judgement judge(const Request& request, const Moment& now) = 0;
  // The session is gone: nothing about it need be remembered.
  virtual void forget(SessionId session) = 0;
  // Somebody new answers for this pattern of procedures: what the one before it decided may not hold.
  virtual void on_registration(std::string_view /*realm*/, std::string_view /*procedure*/, Match) {}

 protected:
  ~Gate() = default;
};

}  // namespace crosspoint::wamp
