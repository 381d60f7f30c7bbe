#include "client.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "data/value.h"
#include "wamp/error_uri.h"
#include "wamp/read_reply.h"
#include "wamp/write_request.h"

namespace crosspoint::simulation {
namespace {

namespace error_uri = wamp::error_uri;
using data::Value;

// Bytes come in pieces, late, or slowly, as the dice say.
testing::LinkSettings some_link(Dice& dice) {
  testing::LinkSettings link;
  if (dice.chance(400)) link.segment_bytes_max = dice.between(1, 80);
  if (dice.chance(300)) link.write_bytes_max = dice.between(8, 300);
  if (dice.chance(200)) link.capacity_bytes = dice.between(1024, 8192);
  if (dice.chance(200)) link.bytes_per_second = dice.between(1'000'000, 20'000'000);
  link.latency = dice.chance(200) ? Duration::zero() : dice.up_to(2ms);
  return link;
}

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace

Client::Client(Course& course)
    : course_(course),
      nature_(some_nature(course)),
      link_settings_(some_link(course.dice)),
      random_(course.dice.below(UINT64_MAX)) {
  settings_.place = *wamp::client::parse_place(nature_.address);
  settings_.format = nature_.format;
  settings_.message_bytes_max = nature_.message_bytes_max;
  settings_.stream.dead_link_after = 3s;
  auto first = link_settings_;
  first.latency = Duration::zero();
  first.bytes_per_second = 0;
  course.world.network().set_link_settings(first);
  transport_ = wamp::client::connect(course.world.loop(1), course.world.network(), random_, settings_, *this);
}

// A transport that was disposed of refers to the settings.
Client::~Client() {
  transport_.reset();
  course_.world.loop(1).destroy_disposed();
}

// No other is being made at the same time: the newest link is this one's.
void Client::on_open() {
  link_ = course_.world.network().newest_link();
  link_->set(link_settings_);
  join();
}

void Client::jitter() {
  auto settings = link_settings_;
  settings.latency = course_.dice.up_to(4ms);
  if (link_) link_->set(settings);
}

void Client::narrow_line() {
  auto settings = link_settings_;
  settings.capacity_bytes = 1024;
  if (link_) link_->set(settings);
}

void Client::restore_line() {
  if (link_) link_->set(link_settings_);
}

void Client::say(const wamp::Incoming& message) {
  if (!transport_ || phase_ == Phase::closing) return;
  ByteVector bytes;
  if (wamp::write_request(nature_.format, message, bytes) != wamp::Sent::sent)
    return course_.findings.add("a message of a client cannot be spelt");
  transport_->send(bytes);
}

void Client::join() {
  sitting_ = std::make_unique<Sitting>(*this);
  phase_ = Phase::opening;
  end_ = End::none;
  may_be_killed_ = ended_by_router_ = false;
  wamp::Hello hello{.realm = realm_name, .features = nature_.features, .agent = "simulation"};
  if (nature_.role != "guest") {
    hello.authmethods = {"ticket"};
    hello.authid = nature_.role;
  }
  say(hello);
}

void Client::say_something(const Company& company) {
  if (!joined()) return;
  auto& dice = course_.dice;
  auto& [caller, callee, audience] = sitting_->parts;
  if (callee.has_work() && !nature_.deaf && dice.chance(600)) return callee.answer_something();
  const auto what = dice.below(1000);
  if (what < 400) return caller.call_something();
  if (what < 480) return caller.send_more_arguments();
  if (what < 550) return caller.cancel_something();
  if (what < 730) {
    std::vector<wamp::SessionId> sessions;
    for (const auto& other: company) {
      if (other->joined()) sessions.push_back(other->session());
    }
    return audience.publish_something(sessions);
  }
  if (what < 800) return audience.subscribe_to_something();
  if (what < 830) return audience.unsubscribe_from_something();
  if (what < 940) return callee.register_something();
  if (what < 970) return callee.unregister_something();
  meddle(company);
}

// The router's own procedures, among them those that end what others have.
void Client::meddle(const Company& company) {
  auto& dice = course_.dice;
  const auto call = [&](std::string_view procedure, Value::Array args) {
    sitting_->parts.caller.call_router(procedure, data::write_value(nature_.format, std::move(args)));
  };
  const auto what = dice.below(1000);
  if (what < 100) {
    auto& other = *dice.pick(company);
    if (!other.joined() || &other == this) return;
    other.expect_kill();
    return call("wamp.session.kill", {wamp::number(other.session())});
  }
  if (what < 400) {
    const auto& registrations = course_.house.realm()->dealer().registrations();
    const auto ids = registrations.list(wamp::Match::exact);
    if (ids.empty()) return;
    const auto id = dice.pick(ids);
    const auto* callee = dice.pick(registrations.find(id)->callees());
    return call("wamp.registration.remove_callee",
                {wamp::number(id), wamp::number(callee->member.participant.id()), "sim.removed"});
  }
  call(what < 700 ? "wamp.session.count" : "wamp.subscription.list", {});
}

void Client::end(End how) {
  if (!joined()) return;
  end_ = how;
  auto& totals = course_.totals;
  auto& dice = course_.dice;
  switch (how) {
    case End::none: return;
    case End::goodbye:
      ++totals.goodbyes;
      phase_ = Phase::leaving;
      returns_ = dice.chance(400);
      return say(wamp::Goodbye{error_uri::close_normal});
    case End::cut:
      ++totals.cuts;
      sitting_->parts.caller.call_something();
      course_.world.loop(1).turn();
      for (auto turns = dice.below(4); turns > 0; --turns) course_.world.loop(0).turn();
      return link_->cut();
    case End::silence: ++totals.silences; return link_->go_silent();
    case End::crash:
      ++totals.crashes;
      transport_.reset();
      return on_lost();
    case End::abort: ++totals.aborts; return say(wamp::Abort{error_uri::close_normal});
    case End::violation: ++totals.violations; return violate();
  }
}

void Client::violate() {
  const auto never = sitting_->parts.callee.last_invocation() + 100'000;
  const Value::Array broken[] = {
      {999, 1},                                                                 // no message
      {2, 1, Value::Map{}},                                                     // a router's
      {1, "sim", Value::Map{{"roles", Value::Map{{"caller", Value::Map{}}}}}},  // a second HELLO
      {48, "one", Value::Map{}, "sim.p.one"},                                   // a request id that is none
      {48, sitting_->requests + 1, Value::Map{{"timeout", "soon"}}, "sim.p.one"},
      {70, never, Value::Map{}},  // an answer to nobody
      {8, 48, 1, Value::Map{}, "sim.error"},
      {},
  };
  const auto which = course_.dice.below(std::size(broken) + 1);
  if (which < std::size(broken)) return transport_->send(data::write_value(nature_.format, broken[which]));
  // As text, so that WebSocket itself finds nothing wrong with it.
  transport_->send(as_bytes(data::is_text(nature_.format) ? "{[no message" : "\xc1\xff no message"));
}

// What a student says may wait for the authorizer.
void Client::check_cancels() {
  if (joined() && !nature_.is_student()) sitting_->parts.caller.check_cancels();
}

void Client::finish() {
  if (!joined()) return;
  sitting_->parts.caller.finish();
  sitting_->parts.callee.finish();
}

bool Client::quiet() const {
  if (over()) return true;
  return joined() && sitting_->parts.caller.quiet() && sitting_->parts.callee.quiet() &&
         sitting_->parts.audience.quiet();
}

std::string Client::what_is_open() const {
  if (!sitting_)
    return fmt::format("a connection of {} (phase {})", nature_.address, std::to_underlying(phase_));
  const auto& parts = sitting_->parts;
  return fmt::format("client {} ({}, {}), phase {}, end {}: {} calls (the first {}); {}{}", sitting_->tag,
                     nature_.role, nature_.address, std::to_underlying(phase_), std::to_underlying(end_),
                     parts.caller.open(), parts.caller.first_open(), parts.callee.what_is_open(),
                     parts.audience.quiet() ? "" : "; publications or subscriptions");
}

void Client::settle() {
  may_be_killed_ = false;
  sitting_->note_rerouting();
  sitting_->parts.callee.settle();
  sitting_->parts.audience.settle();
}

void Client::leave_sitting() {
  if (!sitting_) return;
  sitting_->parts.caller.session_over();
  sitting_->parts.audience.session_over();
  sitting_.reset();
}

void Client::on_lost() {
  leave_sitting();
  phase_ = Phase::over;
}

void Client::on_closed(std::string sentence) {
  course_.world.loop(1).dispose(std::move(transport_));
  // Who broke the protocol is owed ABORT; whoever did nothing is owed the connection.
  const bool explained = end_ == End::violation || end_ == End::none ? ended_by_router_ : true;
  if (!explained) course_.note_unexplained(fmt::format("{}: {}", what_is_open(), sentence));
  on_lost();
}

void Client::on_message(Bytes message) {
  course_.findings.note_heard(message);
  wamp::ReplyReader reader(nature_.format, message);
  const auto read = reader.read();
  if (!read) return course_.findings.add("the router's message: " + read.error().sentence);
  take(*read);
}

void Client::take(const wamp::Outgoing& message) {
  if (phase_ == Phase::closing) return;
  if (phase_ == Phase::opening) return take_opening(message);
  if (!sitting_) return course_.findings.add("the router says something before HELLO");
  if (const auto* abort = std::get_if<wamp::AbortOut>(&message)) return take_abort(*abort);
  if (const auto* goodbye = std::get_if<wamp::GoodbyeOut>(&message)) return take_goodbye(*goodbye);
  dispatch(message);
}

void Client::take_opening(const wamp::Outgoing& message) {
  if (const auto* welcome = std::get_if<wamp::Welcome>(&message)) {
    sitting_->session = welcome->session;
    phase_ = Phase::joined;
    ++course_.totals.sessions;
    if (nature_.is_operator() && course_.dice.chance(700)) sitting_->parts.callee.become_authorizer();
  } else if (std::holds_alternative<wamp::Challenge>(message)) {
    say(wamp::Authenticate{ticket, {nature_.format, {}, {}}});
  } else if (const auto* abort = std::get_if<wamp::AbortOut>(&message)) {
    sitting_->finding(fmt::format("was not let in: {} ({})", abort->reason, abort->message));
  } else {
    sitting_->finding("something else than WELCOME or CHALLENGE answers HELLO");
  }
}

void Client::take_abort(const wamp::AbortOut& abort) {
  if (end_ != End::violation || abort.reason != error_uri::protocol_violation)
    sitting_->finding(fmt::format("ABORT {} ({})", abort.reason, abort.message));
  ended_by_router_ = true;
  leave_sitting();
  phase_ = Phase::closing;
}

// As many are too slow as the router says there were.
void Client::take_reason(const wamp::GoodbyeOut& goodbye) {
  const auto said = fmt::format("GOODBYE {} ({})", goodbye.reason, goodbye.message);
  if (goodbye.reason == error_uri::close_too_slow) return course_.note_unexplained(said);
  if (!may_be_killed_ || goodbye.reason != error_uri::close_killed) sitting_->finding(said);
  ++course_.totals.killed;
}

void Client::take_goodbye(const wamp::GoodbyeOut& goodbye) {
  const bool answer = phase_ == Phase::leaving && goodbye.reason == error_uri::close_goodbye_and_out;
  if (!answer) {
    take_reason(goodbye);
    ended_by_router_ = true;
    say(wamp::Goodbye{error_uri::close_goodbye_and_out});
  }
  leave_sitting();
  if (answer && returns_) {
    ++course_.totals.returns;
    return join();
  }
  phase_ = Phase::closing;
  if (answer) transport_->close();
}

void Client::dispatch(const wamp::Outgoing& message) {
  auto& parts = sitting_->parts;
  std::visit(Overloaded{[&](const wamp::CallResult& result) { parts.caller.take(result); },
                        [&](const wamp::Invocation& invocation) { parts.callee.take(invocation); },
                        [&](const wamp::Interrupt& interrupt) { parts.callee.take(interrupt); },
                        [&](const wamp::Registered& registered) { parts.callee.take(registered); },
                        [&](const wamp::Unregistered& gone) { parts.callee.take(gone); },
                        [&](const wamp::RegistrationRevoked& revoked) { parts.callee.take(revoked); },
                        [&](const wamp::Published& published) { parts.audience.take(published); },
                        [&](const wamp::Subscribed& subscribed) { parts.audience.take(subscribed); },
                        [&](const wamp::Unsubscribed& gone) { parts.audience.take(gone); },
                        [&](const wamp::Event& event) { parts.audience.take(event); },
                        [&](const wamp::ErrorOut& error) {
                          switch (error.type) {
                            case wamp::Code::call: return parts.caller.take(error);
                            case wamp::Code::register_:
                            case wamp::Code::unregister: return parts.callee.take(error);
                            default: return parts.audience.take(error);
                          }
                        },
                        [&](const auto&) { sitting_->finding("a message that has no place here"); }},
             message);
}

}  // namespace crosspoint::simulation
