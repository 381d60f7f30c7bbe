#include "wamp/client/session.h"

#include <fmt/core.h>

#include <utility>

#include "data/value.h"
#include "wamp/error_uri.h"
#include "wamp/read_reply.h"
#include "wamp/write_request.h"

namespace crosspoint::wamp::client {
namespace {

// What we do, and no more.
Features own_features(const SessionSettings& settings) {
  Features features;
  for (const auto role: {Role::publisher, Role::subscriber, Role::caller, Role::callee}) features.add(role);
  for (const auto feature:
       {Feature::call_progressive_results, Feature::call_canceling, Feature::call_timeout,
        Feature::callee_progressive_results, Feature::callee_canceling, Feature::callee_timeout,
        Feature::callee_registration_revocation, Feature::subscriber_revocation,
        Feature::call_progressive_invocations, Feature::callee_progressive_invocations}) {
    features.add(feature);
  }
  if (settings.payload_passthru) {
    for (const auto feature: {Feature::call_payload_passthru, Feature::callee_payload_passthru,
                              Feature::publisher_payload_passthru, Feature::subscriber_payload_passthru})
      features.add(feature);
  }
  if (settings.reroute) {
    features.add(Feature::call_reroute);
    features.add(Feature::callee_reroute);
  }
  return features;
}

// "…: no such realm (wamp.error.no_such_realm)": what a router said at the end, for people. It goes to
// terminals and logs: control characters do not.
std::string with_reason(std::string_view what, std::string_view reason, std::string_view message) {
  auto text = message.empty() ? fmt::format("{}: {}", what, reason)
                              : fmt::format("{}: {} ({})", what, message, reason);
  for (auto& c: text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

std::string text_in(const data::Value& details, std::string_view key) {
  const auto* value = details.find(key);
  const auto* text = value == nullptr ? nullptr : value->string();
  return text == nullptr ? std::string() : *text;
}

}  // namespace

Session::Session(const SessionSettings& settings, Line& line, SessionEvents& events, MonotonicTime now)
    : settings_(settings),
      line_(line),
      events_(events),
      login_(settings.login, line.channel()),
      trouble_(login_.trouble()),
      deadline_(now + settings.opening_time_max) {
  if (!trouble_.empty()) {
    deadline_ = now;  // told by on_time, since nothing is from in here
    return;
  }
  const auto extra = login_.hello_extra(line.format());
  Hello hello;
  hello.realm = settings.realm;
  hello.features = own_features(settings);
  hello.authmethods = methods_of(settings.login);
  hello.authid = settings.login.authid;
  hello.agent = settings.agent;
  hello.authextra = {line.format(), {}, extra};
  say(hello);
}

void Session::on_message(Bytes message) {
  if (state_ == State::over) return;
  ReplyReader reader(line_.format(), message, settings_.limits);
  const auto read = reader.read();
  if (!read) return violate("the router's message: " + read.error().sentence);
  switch (state_) {
    case State::opening: return take_opening(*read);
    case State::joined: return take_joined(*read);
    case State::leaving:
      if (std::holds_alternative<GoodbyeOut>(*read) || std::holds_alternative<AbortOut>(*read))
        end(Ending::Cause::left, {}, "left the realm");
      return;
    case State::over: return;
  }
}

void Session::take_opening(const Outgoing& message) {
  if (const auto* welcomed = std::get_if<Welcome>(&message)) return welcome(*welcomed);
  if (const auto* challenge = std::get_if<Challenge>(&message)) return take_challenge(*challenge);
  if (const auto* refusal = std::get_if<AbortOut>(&message)) {
    return end(Ending::Cause::refused, refusal->reason,
               with_reason("the router refused the session", refusal->reason, refusal->message));
  }
  violate("the router said something else than WELCOME, CHALLENGE or ABORT to HELLO");
}

void Session::take_challenge(const Challenge& challenge) {
  if (std::exchange(challenged_, true)) return violate("the router sent a second CHALLENGE");
  if (login_.is_others(challenge.method)) {
    asked_ = true;
    return events_.on_challenge(challenge.method, challenge.extra);
  }
  auto answer = login_.answer(challenge.method, line_.format(), challenge.extra);
  if (!answer) return refuse(std::move(answer.error()));
  say(Authenticate{answer->signature.view(), {line_.format(), {}, answer->extra}});
}

void Session::authenticate(std::string_view signature, Bytes extra) {
  if (state_ != State::opening || !std::exchange(asked_, false)) return;
  say(Authenticate{signature, {line_.format(), {}, extra}});
}

void Session::decline(std::string sentence) {
  if (state_ == State::opening && std::exchange(asked_, false)) refuse(std::move(sentence));
}

void Session::refuse(std::string sentence) {
  abort(error_uri::authentication_failed);
  end(Ending::Cause::refused, {}, std::move(sentence));
}

void Session::welcome(const Welcome& message) {
  const auto details = data::read_value(line_.format(), message.details, settings_.limits);
  if (!details) return violate("WELCOME.Details cannot be read: " + data::to_string(details.error()));
  const auto method = text_in(*details, "authmethod");
  if (auto proven = login_.check_welcome(method, details->find("authextra")); !proven)
    return refuse(std::move(proven.error()));
  state_ = State::joined;
  deadline_.reset();
  Joined joined{message.session,
                text_in(*details, "realm"),
                text_in(*details, "authid"),
                text_in(*details, "authrole"),
                method,
                text_in(*details, "authprovider"),
                text_in(*details, "agent"),
                {}};
  if (const auto* extra = details->find("authextra"); extra != nullptr && extra->map() != nullptr)
    joined.authextra = *extra;
  if (joined.realm.empty()) joined.realm = settings_.realm;
  events_.on_joined(joined);
}

void Session::take_joined(const Outgoing& message) {
  if (std::holds_alternative<Welcome>(message) || std::holds_alternative<Challenge>(message))
    return violate("the router opened a session that is open already");
  if (const auto* goodbye = std::get_if<GoodbyeOut>(&message)) {
    say(Goodbye{error_uri::close_goodbye_and_out});
    return end(Ending::Cause::goodbye, goodbye->reason,
               with_reason("the router ended the session", goodbye->reason, goodbye->message));
  }
  if (const auto* aborted = std::get_if<AbortOut>(&message)) {
    return end(Ending::Cause::aborted, aborted->reason,
               with_reason("the router aborted the session", aborted->reason, aborted->message));
  }
  events_.on_said(message);
}

void Session::on_lost(std::string sentence) {
  if (state_ == State::over) return;
  if (state_ == State::leaving) return end(Ending::Cause::left, {}, "left the realm");
  end(Ending::Cause::lost, {}, std::move(sentence));
}

void Session::violate(std::string sentence) {
  if (state_ == State::over) return;
  abort(error_uri::protocol_violation);
  end(Ending::Cause::violation, {}, std::move(sentence));
}

void Session::leave(MonotonicTime now) {
  if (state_ == State::opening) {
    abort(error_uri::close_realm);
    return end(Ending::Cause::left, {}, "left before the realm was joined");
  }
  if (state_ != State::joined) return;
  say(Goodbye{error_uri::close_realm});
  state_ = State::leaving;
  deadline_ = now + settings_.closing_time_max;
}

void Session::on_time(MonotonicTime now) {
  if (!deadline_ || now < *deadline_) return;
  if (state_ == State::leaving) return end(Ending::Cause::left, {}, "left the realm");
  if (!trouble_.empty()) return end(Ending::Cause::refused, {}, trouble_);
  end(Ending::Cause::silent, {}, "the router did not answer to HELLO in time");
}

Told Session::tell(const Incoming& message, Queue queue) {
  if (state_ != State::joined) return Told::not_joined;
  ByteVector bytes;
  if (write_request(line_.format(), message, bytes) != Sent::sent) return Told::not_spellable;
  if (bytes.size() > line_.message_bytes_max()) return Told::too_large;
  if (queue == Queue::bounded && !line_.has_room_for(bytes.size())) return Told::no_room;
  line_.send(bytes);
  return Told::yes;
}

// Of the opening and the end: short, and sent whatever waits.
void Session::say(const Incoming& message) {
  ByteVector bytes;
  (void)write_request(line_.format(), message, bytes);
  line_.send(bytes);
}

void Session::abort(std::string_view reason) { say(Abort{reason}); }

void Session::end(Ending::Cause cause, std::string_view reason, std::string sentence) {
  state_ = State::over;
  deadline_.reset();
  if (cause != Ending::Cause::lost) line_.close();
  events_.on_ended({cause, std::string(reason), std::move(sentence)});
}

}  // namespace crosspoint::wamp::client
