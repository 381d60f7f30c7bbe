#pragma once
// What a client says to the router: one struct for each message, as read_message() gives them. Types and
// ranges of what is here have been checked; URIs have not, since what a bad one is answered with depends on
// the message.
//
// Text and bytes are views: of the message as it arrived, or of the reader's own room. They are good until
// the call that handed the message out returns.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wamp/code.h"
#include "wamp/features.h"
#include "wamp/ids.h"
#include "wamp/options.h"
#include "wamp/payload.h"

namespace crosspoint::wamp {

struct Hello {
  std::string_view realm;
  Features features;
  std::vector<std::string> authmethods;      // in the client's order; none: "anonymous"
  std::string_view authid, authrole, agent;  // empty: not given
  Payload authextra;                         // kwargs is the map, or empty; each method reads its own
};

struct Abort {
  std::string_view reason;
};

struct Authenticate {
  std::string_view signature;
  Payload extra;  // kwargs is the map
};

struct Goodbye {
  std::string_view reason;
};

struct Publish {
  RequestId request{};
  std::string_view topic;
  bool acknowledge = false;
  bool exclude_me = true;
  bool retain = false;
  bool disclose_me = false;
  bool acknowledged_delivery = false;  // Autobahn: subscribers that can, say so when they got it
  std::optional<ReceiverLists> lists;  // when any of the six is there
  PassThrough pass_through;
  Payload payload;
};

struct Subscribe {
  RequestId request{};
  std::string_view topic;
  Match match = Match::exact;
  bool get_retained = false;
};

struct Unsubscribe {
  RequestId request{};
  SubscriptionId subscription{};
};

struct EventReceived {
  PublicationId publication{};
};

struct Call {
  RequestId request{};
  std::string_view procedure;
  bool receive_progress = false;
  bool progress = false;  // more of this call's arguments follow
  bool disclose_me = false;
  std::uint64_t timeout_ms = 0;  // 0: none
  PassThrough pass_through;
  Payload payload;
};

struct Cancel {
  RequestId request{};  // of the CALL
  std::optional<CancelMode> mode;
};

struct Register {
  RequestId request{};
  std::string_view procedure;
  Match match = Match::exact;
  Invoke invoke = Invoke::single;
  std::uint64_t concurrency = 0;  // calls at once for this callee; 0: any number
  bool force_reregister = false;  // Autobahn: who is there now has to go
  bool disclose_caller = false;
  bool forward_timeout = false;  // the callee watches CALL.Options.timeout itself
  bool vendor_invoke = false;    // invoke is a vendor\'s policy (`_…`): none that is known here
};

struct Unregister {
  RequestId request{};
  RegistrationId registration{};
};

struct Yield {
  RequestId request{};  // of the INVOCATION
  bool progress = false;
  PassThrough pass_through;
  Payload payload;
};

// A callee's answer to an INVOCATION. Clients send no other ERROR.
struct InvocationError {
  RequestId request{};  // of the INVOCATION
  std::string_view error;
  PassThrough pass_through;
  Payload payload;
};

using Incoming = std::variant<Hello, Abort, Authenticate, Goodbye, Publish, Subscribe, Unsubscribe,
                              EventReceived, Call, Cancel, Register, Unregister, Yield, InvocationError>;

Code code_of(const Incoming& message);

}  // namespace crosspoint::wamp
