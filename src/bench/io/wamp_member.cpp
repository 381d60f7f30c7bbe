#include "bench/io/wamp_member.h"

#include <fmt/core.h>

#include <variant>

#include "wamp/read_reply.h"
#include "wamp/write_request.h"

namespace crosspoint::bench {
namespace {

constexpr wamp::RequestId first_request{1};

wamp::Role wamp_role(WampMember::Role role) {
  switch (role) {
    case WampMember::Role::callee: return wamp::Role::callee;
    case WampMember::Role::caller: return wamp::Role::caller;
    case WampMember::Role::subscriber: return wamp::Role::subscriber;
    case WampMember::Role::publisher: break;
  }
  return wamp::Role::publisher;
}

}  // namespace

WampMember::WampMember(net::Loop& loop, net::Network& network, Random& random, const LoadSettings& settings,
                       const wamp::client::TransportSettings& transport, Role role, std::size_t index,
                       WampMemberEvents& events)
    : settings_(settings), role_(role), index_(index), events_(events) {
  TransportEvents& own = *this;
  transport_ = wamp::client::connect(loop, network, random, transport, own);
}

WampMember::~WampMember() = default;

void WampMember::send(const wamp::Incoming& message) {
  outgoing_.clear();
  wamp::write_request(settings_.serializer, message, outgoing_);
  transport_->send(outgoing_);
}

void WampMember::on_open() {
  if (settings_.mode == Mode::bare_call) return enter_ready();
  phase_ = Phase::joining;
  wamp::Hello hello;
  hello.realm = settings_.realm;
  hello.features.add(wamp_role(role_));
  send(hello);
}

void WampMember::on_message(Bytes bytes) {
  if (settings_.mode == Mode::bare_call) return events_.on_bare_message(*this, bytes);
  wamp::ReplyReader reader(settings_.serializer, bytes);
  const auto message = reader.read();
  if (!message)
    return events_.on_lost(*this, "the router said what it must not: " + message.error().sentence);
  if (phase_ == Phase::ready) return events_.on_message(*this, *message, bytes.size());
  take_opening(*message);
}

void WampMember::take_opening(const wamp::Outgoing& message) {
  if (std::holds_alternative<wamp::Welcome>(message) && phase_ == Phase::joining) return ask();
  if (const auto* registered = std::get_if<wamp::Registered>(&message);
      registered && phase_ == Phase::asking) {
    granted_ = wamp::number(registered->registration);
    return enter_ready();
  }
  if (const auto* subscribed = std::get_if<wamp::Subscribed>(&message);
      subscribed && phase_ == Phase::asking) {
    granted_ = wamp::number(subscribed->subscription);
    return enter_ready();
  }
  if (const auto* abort = std::get_if<wamp::AbortOut>(&message))
    return events_.on_lost(*this, fmt::format("{} {}", abort->reason, abort->message));
  if (const auto* error = std::get_if<wamp::ErrorOut>(&message))
    return events_.on_lost(*this, std::string(error->error));
  events_.on_lost(*this, "the router's opening is none that this load understands");
}

void WampMember::ask() {
  phase_ = Phase::asking;
  switch (role_) {
    case Role::callee: return send(wamp::Register{.request = first_request, .procedure = uri});
    case Role::subscriber: return send(wamp::Subscribe{.request = first_request, .topic = uri});
    case Role::caller:
    case Role::publisher: return enter_ready();
  }
}

void WampMember::enter_ready() {
  phase_ = Phase::ready;
  events_.on_ready(*this);
}

}  // namespace crosspoint::bench
