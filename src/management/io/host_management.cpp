#include "management/io/host_management.h"

#include <fmt/core.h>

#include <utility>

#include "access/actor.h"
#include "base/audit.h"
#include "base/counted.h"
#include "client/io/reconnecting_socket.h"
#include "host/io/change_words.h"
#include "wamp/client/lines.h"

namespace crosspoint::management {
namespace {

using host::CommandFailure;
using host::CommandResult;
using wamp::client::Agent;
using wamp::client::Failure;
using wamp::client::Invoked;
using wamp::client::WishId;

constexpr std::string_view no_such_stream = "crosspoint.error.no_such_stream";

// As REST says 400 and 404.
std::string_view uri_of(CommandFailure::Kind kind) {
  return kind == CommandFailure::Kind::no_such_stream ? no_such_stream : wamp::error_uri::invalid_argument;
}

CommandResult perform(host::Commands& commands, HostVerb verb, const std::string& subject) {
  switch (verb) {
    case HostVerb::healthcheck: return commands.health();
    case HostVerb::status: return commands.status();
    case HostVerb::add_stream: return commands.set_stream(subject);
    case HostVerb::list_streams:
      return subject.empty() ? CommandResult(commands.streams()) : commands.stream(subject);
    case HostVerb::delete_stream: return commands.remove_stream(subject);
    case HostVerb::add_destination: return commands.set_destination(subject);
    case HostVerb::list_destinations:
      return subject.empty() ? CommandResult(commands.destinations()) : commands.destination(subject);
    case HostVerb::delete_destination: return commands.remove_destination(subject);
  }
  return std::string();
}

std::string caller_in_words(const Invoked& invoked) {
  if (!invoked.caller) return "by somebody whom the router does not name";
  return fmt::format("by {} (role {}, session {})", log::quoted(invoked.caller->authid),
                     log::quoted(invoked.caller->authrole), number(invoked.caller->session));
}

void write_down(HostVerb verb, const std::string& answer, const Invoked& invoked) {
  log::audit("host", "{} {}, {}, over WAMP", name_of(verb), host::change_in_words(answer),
             caller_in_words(invoked));
}

}  // namespace

HostManagement::HostManagement(net::Loop& loop, net::Network& network, Random& random,
                               host::Commands& commands, HostManagementSettings settings)
    : commands_(commands),
      settings_(std::move(settings)),
      link_(loop, network, random, settings_.link, *this),
      ask_again_timer_(loop, [this] { ask_again(); }) {
  for (const auto verb: host_verbs()) ask_for(verb);
}

HostManagement::~HostManagement() = default;

void HostManagement::leave(std::function<void()> left) {
  left_ = std::move(left);
  ask_again_timer_.stop();
  link_.leave();
}

void HostManagement::ask_for(HostVerb verb) {
  wishes_.emplace(link_.agent().register_procedure(
                      {.procedure = settings_.prefix + std::string(name_of(verb)), .disclose_caller = true}),
                  verb);
}

void HostManagement::ask_again() {
  for (const auto verb: std::exchange(refused_, {})) ask_for(verb);
}

void HostManagement::on_joined(const wamp::client::Joined& joined) {
  log::info("host", "in realm {} as {} (role {}): procedures {}…", joined.realm, joined.authid,
            joined.authrole, settings_.prefix);
}

void HostManagement::on_ended(const wamp::client::Ending&) { granted_.clear(); }

void HostManagement::on_granted(WishId wish) { granted_.insert(wishes_.at(wish)); }

// The role may get its permission later, and whoever has the procedure may go.
void HostManagement::on_denied(WishId wish, const Failure& failure) {
  const auto found = wishes_.find(wish);
  const auto verb = found->second;
  wishes_.erase(found);
  granted_.erase(verb);
  refused_.insert(verb);
  if (const auto skipped = log_limit_.admit(link_.now())) {
    log::warning("host", "{}{} could not be registered: {}{}", settings_.prefix, name_of(verb),
                 wamp::client::failure_line(failure), and_more(*skipped));
  }
  if (!ask_again_timer_.running() && !left_) ask_again_timer_.start_after(settings_.ask_again_after);
}

void HostManagement::on_invocation(WishId wish, const Invoked& invoked) {
  const auto verb = wishes_.at(wish);
  const auto give = [&](std::string_view error, std::string_view text) {
    const auto args = data::write_value(data::Format::json, data::Value(data::Value::Array{text}));
    link_.agent().refuse(invoked.id, error, {data::Format::json, args, {}});
  };
  const auto arguments = wamp::MetaArguments::read(invoked.payload, {});
  if (!arguments) return give(arguments.error().error, arguments.error().text);
  const auto subject = read_subject(verb, *arguments);
  if (!subject) return give(subject.error().error, subject.error().text);
  const auto result = perform(commands_, verb, *subject);
  if (!result) return give(uri_of(result.error().kind), result.error().sentence);
  if (changes_rules(verb)) write_down(verb, *result, invoked);
  const auto args = "[" + *result + "]";
  (void)link_.agent().answer(invoked.id, {data::Format::json, as_bytes(args), {}}, Agent::Part::last);
}

void HostManagement::on_link_changed() {
  const auto& status = link_.status();
  if (status.state != wamp::client::LinkState::waiting) return;
  if (const auto skipped = log_limit_.admit(link_.now())) {
    log::warning("host", "{}: {}{}", printable(settings_.link.transport.place), status.last_error,
                 and_more(*skipped));
  }
}

void HostManagement::on_closed() {
  if (left_) std::exchange(left_, nullptr)();
}

}  // namespace crosspoint::management
