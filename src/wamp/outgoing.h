#pragma once
// What the router says to a client: one struct for each message, written by write_message(). Views are good
// until the call returns that sends.

#include <optional>
#include <string_view>
#include <variant>

#include "wamp/code.h"
#include "wamp/ids.h"
#include "wamp/options.h"
#include "wamp/payload.h"

namespace crosspoint::wamp {

// Who published or called, as far as it is disclosed.
struct Disclosed {
  SessionId session{};
  std::string_view authid, authrole;
};

// Details and Extra of the opening are put together elsewhere (welcome.h, authentication), as a map in the
// format of the peer.
struct Welcome {
  SessionId session{};
  Bytes details;
};
struct Challenge {
  std::string_view method;
  Bytes extra;
};
struct AbortOut {
  std::string_view reason;
  std::string_view message;  // Details.message: for people
};
struct GoodbyeOut {
  std::string_view reason;
  std::string_view message;  // Details.message; empty: none
};

// The answer to a request that failed: `type` is the request's own code (48 for a CALL).
struct ErrorOut {
  Code type{};
  RequestId request{};
  std::string_view error;
  std::string_view text;  // becomes the only element of Args, when there is no payload
  PassThrough pass_through;
  Payload payload;  // of a callee's ERROR, untouched
};

struct Published {
  RequestId request{};
  PublicationId publication{};
};
struct Subscribed {
  RequestId request{};
  SubscriptionId subscription{};
};
struct Unsubscribed {
  RequestId request{};
};
// The router ended a subscription: [35, 0, {"subscription": …, "reason": …}].
struct SubscriptionRevoked {
  SubscriptionId subscription{};
  std::string_view reason;
};

struct Event {
  SubscriptionId subscription{};
  PublicationId publication{};
  std::string_view topic;  // empty: an exact subscription, which knows it
  std::optional<Disclosed> publisher;
  bool retained = false;
  bool acknowledged_delivery = false;
  PassThrough pass_through;
  Payload payload;
  bool may_be_missed = false;  // not part of the message: a subscriber that is too slow goes without it
};

struct CallResult {  // RESULT
  RequestId request{};
  bool progress = false;
  PassThrough pass_through;
  Payload payload;
};
struct Registered {
  RequestId request{};
  RegistrationId registration{};
};
struct Unregistered {
  RequestId request{};
};
// The router ended a registration: [67, 0, {"registration": …, "reason": …}].
struct RegistrationRevoked {
  RegistrationId registration{};
  std::string_view reason;
};

struct Invocation {
  RequestId request{};
  RegistrationId registration{};
  std::string_view procedure;  // empty: an exact registration, which knows it
  std::optional<Disclosed> caller;
  bool receive_progress = false;
  bool progress = false;
  std::uint64_t timeout_ms = 0;  // 0: the callee need not watch it
  PassThrough pass_through;
  Payload payload;
};
struct Interrupt {
  RequestId request{};  // of the INVOCATION
  CancelMode mode = CancelMode::killnowait;
  std::string_view reason;  // an error URI; empty: none
};

using Outgoing = std::variant<Welcome, Challenge, AbortOut, GoodbyeOut, ErrorOut, Published, Subscribed,
                              Unsubscribed, SubscriptionRevoked, Event, CallResult, Registered, Unregistered,
                              RegistrationRevoked, Invocation, Interrupt>;

}  // namespace crosspoint::wamp
