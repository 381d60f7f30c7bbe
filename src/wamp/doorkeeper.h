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
  // For the log of who runs the node, which may say what the client must not learn; never a secret. Empty:
  // the message says it all.
  std::string why = {};
  std::string method = {};  // by which it was tried; empty: by none
};
// The answer comes by way of Opening's callback.
struct Undecided {};

using Verdict = std::variant<Admitted, Challenged, TurnedAway, Undecided>;

// What TLS tells of a connection; what it does not have is empty.
struct TlsFacts {
  // Channel bindings, as RFC 5929 and RFC 9266 define them; and one that they do not.
  ByteVector unique, exporter, server_end_point, server_finished;
  // Of the client's certificate, whose key it has.
  ByteVector certificate_sha1, certificate_sha256;
};

// What a transport knows about its client beside what the client says.
struct TransportFacts {
  std::string peer;                     // an address, "203.0.113.7:53202"
  std::string protocol;                 // "websocket", "rawsocket"; as WELCOME and meta events show it
  std::string cookie;                   // by which its browser is recognised; empty: none
  std::shared_ptr<const TlsFacts> tls;  // null: TLS does not end in this program
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
  // A session said goodbye for good (wamp.close.logout): its browser is to be recognised no longer.
  virtual void on_logout(const TransportFacts&) {}

 protected:
  ~Doorkeeper() = default;
};

}  // namespace crosspoint::wamp
