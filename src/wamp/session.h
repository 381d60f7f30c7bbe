#pragma once
// The router's end of one client's conversation (wamp-router §4): HELLO, perhaps CHALLENGE and AUTHENTICATE,
// WELCOME; then requests, which go to the realm; then GOODBYE. A client that breaks the protocol gets ABORT,
// and its transport ends.
//
//   waiting ──HELLO──▶ opening ──WELCOME──▶ established ──GOODBYE──▶ waiting (for another HELLO on the same
//   transport)
//                         │                      │
//                         └──────ABORT──────────▶ over
//                                 (kill, shutdown) ──▶ closing ──GOODBYE or time──▶ over
//
// A message that the gate cannot decide about at once waits, and what the client says after it waits behind
// it, in order (held_messages.h); its transport stops reading meanwhile.
//
// Pure: bytes of whole messages come in, what goes out is given to the Wire. Owned by its transport, as the
// wire is.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "wamp/held_messages.h"
#include "wamp/lobby.h"
#include "wamp/peer.h"
#include "wamp/wire.h"

namespace crosspoint::wamp {

struct SessionSettings {
  Duration hello_time_max = 10s;    // from the connection, or from the last GOODBYE, to HELLO
  Duration opening_time_max = 10s;  // from HELLO to the verdict
  Duration closing_time_max = 2s;   // from our GOODBYE to the client's
  // Behind a message that waits for the gate: what was read before reading stopped. Past it the session ends
  // with wamp.error.unavailable.
  std::size_t held_bytes_max = 1024 * 1024;
};

class Session final : public Peer, private SessionControl {
 public:
  // All outlives the session.
  Session(const SessionSettings& settings, Lobby& lobby, Wire& wire, TransportFacts facts, const Moment& now);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // One message, whole. Nothing is taken once the session is over.
  void on_message(Bytes message, const Moment& now);
  // The transport cannot read what came: undecodable, or the wrong kind of frame.
  void on_garbage(std::string sentence, const Moment& now);
  // The transport is gone: leave the realm.
  void on_lost(const Moment& now);
  // The client does not read, or not fast enough. The transport has thrown away what waited: GOODBYE may
  // still reach it. Never from inside a call to the wire.
  void on_too_slow(const Moment& now);
  // The router ends.
  void shut_down(const Moment& now);

  // When on_time() wants to be called next; none: not before something else happens.
  std::optional<MonotonicTime> deadline() const { return deadline_; }
  void on_time(const Moment& now);

  enum class State : std::uint8_t { waiting, opening, established, closing, over };
  State state() const { return state_; }
  // A message waits for the gate.
  bool holding() const { return held_ != nullptr; }

  // Peer
  data::Format format() const override { return wire_.format(); }
  Sent send(const Outgoing& message) override;
  Sent send_event(SharedEvent& event) override;

 private:
  // SessionControl
  void end(std::string_view reason, std::string_view message, const Moment& now) override;
  void on_decided(const Moment& now) override;

  void end(std::string_view reason, std::string_view message, const Moment& now, SessionEnd why);

  Taken say(Bytes message, const Moment& now);
  Taken take(const Incoming& message, const Moment& now);
  Taken take_request(const Incoming& message, const Moment& now);
  void hold(Bytes message);
  void let_go();
  void take_hello(const Hello& hello, const Moment& now);
  void take_authenticate(const Authenticate& answer, const Moment& now);
  void take_goodbye(const Goodbye& goodbye, const Moment& now);
  void take_verdict(Verdict verdict, const Moment& now);
  void welcome(const Admitted& admitted, const Moment& now);
  void turn_away(const TurnedAway& away, const Moment& now);
  void refuse(std::string_view error, std::string_view message);
  void violate(std::string sentence, const Moment& now);
  void leave(SessionEnd why);
  void finish(Farewell farewell);
  void write(const Outgoing& message);

  const SessionSettings& settings_;
  Lobby& lobby_;
  Wire& wire_;
  const TransportFacts facts_;
  State state_ = State::waiting;
  bool challenged_ = false;                  // AUTHENTICATE is due
  Farewell after_goodbye_ = Farewell::done;  // closing: what follows
  SessionId id_{};
  Features features_;
  Moment opened_;  // when the verdict that is still out was asked for
  std::optional<MonotonicTime> deadline_;
  std::unique_ptr<LoginAttempt> attempt_;  // until the verdict
  std::unique_ptr<Opening> opening_;
  std::unique_ptr<Seat> seat_;
  std::unique_ptr<HeldMessages> held_;  // null: nothing waits
};

}  // namespace crosspoint::wamp
