#pragma once
// The client's end of one conversation with a router (wamp-router §4): HELLO, perhaps CHALLENGE and
// AUTHENTICATE, WELCOME; then messages both ways; then GOODBYE. One for each connection: after its end it
// says nothing more.
//
//   opening ──WELCOME──▶ joined ──leave()──▶ leaving ──GOODBYE, or time──▶ over
//      │                    └──GOODBYE from the router, answered──────────▶ over
//      └──ABORT, a bad challenge, silence────────────────────────────────▶ over
//
// A router that breaks the protocol is told so with ABORT, and the line is closed.
//
// Pure: bytes of whole messages come in, what goes out is given to the Line. What the messages say is the
// business of SessionEvents (agent.h).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "data/limits.h"
#include "data/value.h"
#include "wamp/client/line.h"
#include "wamp/client/login.h"
#include "wamp/incoming.h"
#include "wamp/outgoing.h"

namespace crosspoint::wamp::client {

struct SessionSettings {
  std::string realm = "realm1";
  std::string agent = "crosspoint";
  Login login;
  Duration opening_time_max = 15s;  // from HELLO to WELCOME
  Duration closing_time_max = 2s;   // from our GOODBYE to the router's
  data::Limits limits;              // of a message that comes in
  // Announce call_reroute, as caller and as callee: a call may go to another callee when its callee is
  // unavailable, or leaves before it answers. Then it may be carried out twice.
  bool reroute = false;
  bool payload_passthru = false;  // announce it, in every role: what comes may be for who has a key alone
};

// WELCOME: who this client is. The router may have left things out.
struct Joined {
  SessionId session{};
  std::string realm, authid, authrole, authmethod, authprovider, agent;
  data::Value authextra;  // a map, or null
};

struct Ending {
  enum class Cause : std::uint8_t {
    left,       // we said GOODBYE
    goodbye,    // the router did
    refused,    // ABORT before WELCOME, or a challenge that we do not answer
    aborted,    // ABORT later
    violation,  // the router broke the protocol
    silent,     // the router did not answer in time
    lost,       // the transport went
  };
  Cause cause = Cause::lost;
  std::string reason;    // a URI of the router's; empty: it gave none
  std::string sentence;  // for people
};

class SessionEvents {
 public:
  virtual void on_joined(const Joined& joined) = 0;
  // While joined: whatever belongs to neither the opening nor the end. Views are good until the call returns.
  // May end the conversation with violate().
  virtual void on_said(const Outgoing& message) = 0;
  // Nothing follows. May be told inside any member function of the session but its constructor and tell();
  // the session must not be destroyed in it.
  virtual void on_ended(const Ending& ending) = 0;
  // Of a method that the program answers itself (Login::others): authenticate() or decline() follows, at some
  // time. `extra` is a map in the line's format.
  virtual void on_challenge(std::string_view method, Bytes extra) = 0;

 protected:
  ~SessionEvents() = default;
};

// What became of a message that was to be sent.
enum class Told : std::uint8_t {
  yes,
  not_joined,
  too_large,      // longer than the router takes
  not_spellable,  // its payload means nothing in the format of the line
  no_room,        // too much waits to be written already
};

class Session {
 public:
  enum class State : std::uint8_t { opening, joined, leaving, over };

  // Says HELLO. All outlives the session.
  Session(const SessionSettings& settings, Line& line, SessionEvents& events, MonotonicTime now);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // One message, whole. Nothing is taken once the session is over.
  void on_message(Bytes message);
  // The transport is gone; `sentence` says why.
  void on_lost(std::string sentence);
  // The router broke the protocol: ABORT, and the end.
  void violate(std::string sentence);

  // `bounded`: not when too much waits already. What the protocol owes the router goes in any case.
  enum class Queue : std::uint8_t { bounded, whatever_waits };
  Told tell(const Incoming& message, Queue queue = Queue::bounded);
  RequestId next_request() { return requests_.next(); }

  // The answer to on_challenge. `extra`: a map in the line's format, or empty.
  void authenticate(std::string_view signature, Bytes extra);
  void decline(std::string sentence);

  // GOODBYE. Before WELCOME: the line is closed without.
  void leave(MonotonicTime now);

  std::optional<MonotonicTime> deadline() const { return deadline_; }
  void on_time(MonotonicTime now);

  State state() const { return state_; }
  data::Format format() const { return line_.format(); }

 private:
  void take_opening(const Outgoing& message);
  void take_challenge(const Challenge& challenge);
  void take_joined(const Outgoing& message);
  void welcome(const Welcome& message);
  void refuse(std::string sentence);
  void say(const Incoming& message);
  void abort(std::string_view reason);
  void end(Ending::Cause cause, std::string_view reason, std::string sentence);

  const SessionSettings& settings_;
  Line& line_;
  SessionEvents& events_;
  State state_ = State::opening;
  LoginExchange login_;
  std::string trouble_;  // why no HELLO was said
  bool challenged_ = false;
  bool asked_ = false;  // the program, for its answer
  IdSequence<RequestId> requests_;
  std::optional<MonotonicTime> deadline_;
};

}  // namespace crosspoint::wamp::client
