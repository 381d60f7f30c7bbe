#pragma once
// Who decides whether a client may join a realm, and as whom. A session asks; the answer may be a challenge,
// and it may come later.

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "wamp/extra.h"
#include "wamp/incoming.h"
#include "wamp/participant.h"

namespace crosspoint::wamp {

struct Admitted {
  std::string realm;  // usually the one that was asked for
  Identity identity;
  Extra authextra;  // for WELCOME.Details
};
struct Challenged {
  std::string method;
  Extra extra;
};
struct TurnedAway {
  std::string error;    // an error URI
  std::string message;  // for people; no hint whether a user exists
};
// The answer comes by way of Opening's callback.
struct Undecided {};

using Verdict = std::variant<Admitted, Challenged, TurnedAway, Undecided>;

// What a transport knows about its client beside what the client says.
struct TransportFacts {
  std::string peer;                      // an address, "203.0.113.7:53202"
  std::string protocol;                  // "websocket", "rawsocket"; as WELCOME and meta events show it
  std::string cookie;                    // the value of our tracking cookie, if it brought one
  std::string tls_exporter, tls_unique;  // channel bindings (raw bytes), where there is TLS
  std::string certificate_fingerprint;   // of the client's certificate, SHA-1 in hex with colons
  bool secure = false;
  bool local = false;  // a Unix socket
};

// One client's opening, from HELLO to a verdict that is final.
class Opening {
 public:
  virtual ~Opening() = default;
  virtual Verdict on_authenticate(const Authenticate& answer) = 0;
};

class Doorkeeper {
 public:
  struct Answer {
    Verdict verdict;
    std::unique_ptr<Opening> opening;  // there if the verdict is not final
  };
  // `decided` is called later, and once, if a verdict is Undecided: not from inside a call to the doorkeeper
  // or the opening, and not after the opening was destroyed. `session` is the id that the session will have.
  virtual Answer on_hello(const Hello& hello, const TransportFacts& facts, SessionId session,
                          std::function<void(Verdict)> decided) = 0;

 protected:
  ~Doorkeeper() = default;
};

}  // namespace crosspoint::wamp
