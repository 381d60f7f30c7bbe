#include "wamp/session.h"

#include <fmt/core.h>

#include <utility>

#include "wamp/audit.h"
#include "wamp/error_uri.h"
#include "wamp/read_message.h"
#include "wamp/welcome.h"
#include "wamp/write_message.h"

namespace crosspoint::wamp {
namespace {

// Where messages are spelt before they are framed: each is gone before the next begins.
ByteVector& scratch() {
  static thread_local ByteVector bytes;
  constexpr std::size_t kept_bytes_max = 1024 * 1024;
  if (bytes.capacity() > kept_bytes_max) ByteVector().swap(bytes);
  bytes.clear();
  return bytes;
}

// Of a session that had joined.
SessionEnd end_by(Farewell farewell) {
  switch (farewell) {
    case Farewell::done: return SessionEnd::goodbye;
    case Farewell::refused: return SessionEnd::held_too_much;  // the one refusal after WELCOME
    case Farewell::protocol_violation: return SessionEnd::protocol_violation;
    case Farewell::too_slow: return SessionEnd::too_slow;
    case Farewell::silent:
    case Farewell::shutdown: return SessionEnd::shutdown;
  }
  return SessionEnd::lost;
}

LoginAttempt attempt_of(const Hello& hello) {
  std::string methods;
  for (const auto& method: hello.authmethods) {
    methods += methods.empty() ? method : ", " + method;
    if (beginning_of(methods).size() < methods.size()) break;
  }
  return {std::string(beginning_of(hello.realm)), std::string(beginning_of(hello.authid)),
          std::string(beginning_of(methods))};
}

TurnedAway refusal_of(EntryRefusal why, const Admitted& admitted) {
  switch (why) {
    case EntryRefusal::no_such_realm:
      return {std::string(error_uri::no_such_realm), fmt::format("there is no realm {}", admitted.realm)};
    case EntryRefusal::too_many_realms:
      return {std::string(error_uri::unavailable), "there are as many realms as there may be; try again"};
  }
  return {};
}

}  // namespace

Session::Session(const SessionSettings& settings, Lobby& lobby, Wire& wire, TransportFacts facts,
                 const Moment& now)
    : settings_(settings),
      lobby_(lobby),
      wire_(wire),
      facts_(std::move(facts)),
      deadline_(now.monotonic + settings.hello_time_max) {}

Session::~Session() { leave(SessionEnd::lost); }

void Session::on_message(Bytes message, const Moment& now) {
  if (state_ == State::over) return;
  if (held_ != nullptr) return hold(message);
  if (say(message, now) == Taken::done) return;
  held_ = std::make_unique<HeldMessages>(message);
  wire_.pause_reading();
}

Taken Session::say(Bytes message, const Moment& now) {
  MessageReader reader(wire_.format(), message);
  auto read = reader.read();
  if (read) return take(*read, now);
  if (state_ != State::closing) violate(std::move(read.error().sentence), now);
  return Taken::done;
}

void Session::hold(Bytes message) {
  if (held_->add(message, settings_.held_bytes_max)) return;
  lobby_.on_held_too_much();
  refuse(error_uri::unavailable, "more waits behind a message that is not decided about than may");
}

// What waited is said once more, until something has to wait again.
void Session::on_decided(const Moment& now) {
  while (held_ != nullptr && !held_->empty()) {
    auto message = held_->take();
    if (say(message, now) == Taken::later) return held_->put_back(std::move(message));
  }
  let_go();  // if saying it did not end the session, and everything that waited
}

// Nothing waits any more.
void Session::let_go() {
  if (held_ == nullptr) return;
  held_.reset();
  wire_.resume_reading();
}

void Session::on_garbage(std::string sentence, const Moment& now) {
  if (state_ != State::over && state_ != State::closing) violate(std::move(sentence), now);
}

void Session::on_lost(const Moment&) {
  held_.reset();
  leave(SessionEnd::lost);
  state_ = State::over;
  deadline_.reset();
}

void Session::on_too_slow(const Moment&) {
  if (state_ == State::over) return;
  if (state_ == State::established)
    write(GoodbyeOut{error_uri::close_too_slow, "this client is too slow for what is sent to it"});
  finish(Farewell::too_slow);
}

void Session::shut_down(const Moment& now) {
  if (state_ == State::established) {
    end(error_uri::close_system_shutdown, "the router ends", now, SessionEnd::shutdown);
  } else if (state_ != State::closing && state_ != State::over) {
    finish(Farewell::shutdown);
  }
}

void Session::on_time(const Moment& now) {
  if (!deadline_ || now.monotonic < *deadline_) return;
  switch (state_) {
    case State::waiting: finish(Farewell::silent); break;
    case State::opening:
      turn_away({std::string(error_uri::authentication_failed), "it took too long"}, now);
      break;
    case State::closing: finish(after_goodbye_); break;
    case State::established:
    case State::over: deadline_.reset(); break;
  }
}

Taken Session::take(const Incoming& message, const Moment& now) {
  if (const auto* goodbye = std::get_if<Goodbye>(&message)) {
    take_goodbye(*goodbye, now);
  } else if (state_ == State::closing) {
    // After our GOODBYE nothing but theirs is of interest.
  } else if (std::holds_alternative<Abort>(message)) {
    finish(Farewell::done);
  } else if (const auto* hello = std::get_if<Hello>(&message)) {
    take_hello(*hello, now);
  } else if (const auto* answer = std::get_if<Authenticate>(&message)) {
    take_authenticate(*answer, now);
  } else if (state_ != State::established) {
    violate(fmt::format("{} before WELCOME", to_string(code_of(message))), now);
  } else {
    return take_request(message, now);
  }
  return Taken::done;
}

Taken Session::take_request(const Incoming& message, const Moment& now) {
  auto taken = seat_->take(message, now);
  if (taken) return *taken;
  violate(std::move(taken.error().sentence), now);
  return Taken::done;
}

void Session::take_hello(const Hello& hello, const Moment& now) {
  if (state_ != State::waiting) return violate("HELLO comes first, and once", now);
  state_ = State::opening;
  deadline_ = now.monotonic + settings_.opening_time_max;
  opened_ = now;
  features_ = hello.features;
  attempt_ = std::make_unique<LoginAttempt>(attempt_of(hello));
  id_ = lobby_.allot_session_id();
  auto answer = lobby_.doorkeeper().on_hello(hello, facts_, id_, [this](Verdict verdict) {
    if (state_ == State::opening) take_verdict(std::move(verdict), opened_);
  });
  opening_ = std::move(answer.opening);
  take_verdict(std::move(answer.verdict), now);
}

void Session::take_authenticate(const Authenticate& answer, const Moment& now) {
  if (state_ != State::opening || !std::exchange(challenged_, false)) {
    return violate("AUTHENTICATE answers a CHALLENGE, and there is none", now);
  }
  opened_ = now;
  take_verdict(opening_->on_authenticate(answer), now);
}

void Session::take_verdict(Verdict verdict, const Moment& now) {
  if (const auto* admitted = std::get_if<Admitted>(&verdict)) return welcome(*admitted, now);
  if (const auto* away = std::get_if<TurnedAway>(&verdict)) return turn_away(*away, now);
  const auto* challenge = std::get_if<Challenged>(&verdict);
  if (challenge == nullptr) return;
  challenged_ = true;
  attempt_->method = challenge->method;
  ByteVector extra;
  data::Writer writer(wire_.format(), extra);
  wamp::write(writer, challenge->extra);
  write(Challenge{challenge->method, extra});
}

void Session::welcome(const Admitted& admitted, const Moment& now) {
  // The seat comes first: whoever learns of this session can reach it. Nothing is sent to it before WELCOME.
  auto entered = lobby_.enter({id_, admitted, features_, *this, *this, facts_}, now);
  if (!entered) return turn_away(refusal_of(entered.error(), admitted), now);
  seat_ = std::move(*entered);
  opening_.reset();
  attempt_.reset();
  deadline_.reset();
  write(Welcome{id_, welcome_details(wire_.format(), admitted, seat_->features())});
  state_ = State::established;
}

void Session::take_goodbye(const Goodbye& goodbye, const Moment& now) {
  if (state_ == State::closing) return finish(after_goodbye_);
  if (state_ != State::established) return violate("GOODBYE before WELCOME", now);
  leave(SessionEnd::goodbye);
  if (goodbye.reason == error_uri::close_logout) lobby_.doorkeeper().on_logout(facts_);
  write(GoodbyeOut{error_uri::close_goodbye_and_out, {}});
  state_ = State::waiting;  // the transport may be used again
  deadline_ = now.monotonic + settings_.hello_time_max;
}

void Session::end(std::string_view reason, std::string_view message, const Moment& now) {
  end(reason, message, now, SessionEnd::put_out);
}

void Session::end(std::string_view reason, std::string_view message, const Moment& now, SessionEnd why) {
  if (state_ != State::established) return;
  write(GoodbyeOut{reason, message});
  state_ = State::closing;
  after_goodbye_ = why == SessionEnd::shutdown ? Farewell::shutdown : Farewell::done;
  deadline_ = now.monotonic + settings_.closing_time_max;
  wire_.deadline_changed();
  leave(why);
  let_go();
}

// A HELLO comes to nothing.
void Session::turn_away(const TurnedAway& away, const Moment& now) {
  if (!away.method.empty()) attempt_->method = away.method;
  lobby_.on_refused({*attempt_, facts_.peer, away.error, away.why.empty() ? away.message : away.why}, now);
  refuse(away.error, away.message);
}

void Session::refuse(std::string_view error, std::string_view message) {
  write(AbortOut{error, message});
  finish(Farewell::refused);
}

void Session::violate(std::string sentence, const Moment& now) {
  lobby_.on_violation(id_, facts_.peer, sentence, now);
  write(AbortOut{error_uri::protocol_violation, sentence});
  finish(Farewell::protocol_violation);
}

void Session::leave(SessionEnd why) {
  opening_.reset();
  attempt_.reset();
  if (seat_ == nullptr) return;
  seat_.reset();
  lobby_.on_left(why);
}

void Session::finish(Farewell farewell) {
  state_ = State::over;
  deadline_.reset();
  leave(end_by(farewell));
  let_go();
  wire_.close(farewell);
}

void Session::write(const Outgoing& message) {
  auto& bytes = scratch();
  if (write_message(wire_.format(), message, bytes) == Sent::sent) wire_.send(bytes);
}

Sent Session::send(const Outgoing& message) {
  if (state_ != State::established) return Sent::sent;
  auto& bytes = scratch();
  const auto sent = write_message(wire_.format(), message, bytes);
  if (sent != Sent::sent) return sent;
  if (bytes.size() > wire_.message_bytes_max()) return Sent::too_large;
  wire_.send(bytes);
  return Sent::sent;
}

Sent Session::send_event(SharedEvent& event) {
  if (state_ != State::established) return Sent::sent;
  const auto* spelt = event.find(wire_.kind());
  if (spelt == nullptr) {
    auto& bytes = scratch();
    SharedEvent::Spelt made{write_event(wire_.format(), event.event(), bytes), {}, bytes.size()};
    if (made.outcome == Sent::sent) made.frame = wire_.frame_for_many(bytes);
    spelt = &event.keep(wire_.kind(), std::move(made));
  }
  if (spelt->outcome != Sent::sent) return spelt->outcome;
  if (spelt->message_bytes > wire_.message_bytes_max()) return Sent::too_large;
  wire_.send_frame(spelt->frame,
                   event.event().may_be_missed ? fanout::Keep::while_there_is_room : fanout::Keep::always);
  return Sent::sent;
}

}  // namespace crosspoint::wamp
