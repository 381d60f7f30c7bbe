#pragma once
// May this session do that here? The realm asks before every CALL, REGISTER, PUBLISH and SUBSCRIBE.

#include <cstdint>
#include <string_view>

#include "wamp/moment.h"
#include "wamp/options.h"
#include "wamp/participant.h"

namespace crosspoint::wamp {

enum class Action : std::uint8_t { call, register_, publish, subscribe };
std::string_view to_string(Action action);  // "call", "register", …

struct Request {
  const Participant& who;
  Action action;
  std::string_view uri;
  Match match = Match::exact;  // of SUBSCRIBE and REGISTER
};

struct Judgement {
  bool allowed = false;
  bool disclose = false;  // the other side is told who it is, whatever was asked for
};

class Gate {
 public:
  virtual Judgement judge(const Request& request, const Moment& now) = 0;
  // The session is gone: nothing about it need be remembered.
  virtual void forget(SessionId session) = 0;

 protected:
  ~Gate() = default;
};

}  // namespace crosspoint::wamp
