// The messages that carry a payload.
#include <fmt/core.h>

#include <array>

#include "wamp/pass_through.h"
#include "wamp/read_message.h"

namespace crosspoint::wamp {
namespace {

ReceiverLists& lists_of(Publish& publish) { return publish.lists ? *publish.lists : publish.lists.emplace(); }

void take_receivers(Elements& in, std::size_t key, Publish& publish) {
  switch (key) {
    case 0: lists_of(publish).exclude = in.session_ids("Options.exclude"); break;
    case 1: lists_of(publish).exclude_authid = in.texts("Options.exclude_authid"); break;
    case 2: lists_of(publish).exclude_authrole = in.texts("Options.exclude_authrole"); break;
    case 3: lists_of(publish).eligible = in.session_ids("Options.eligible"); break;
    case 4: lists_of(publish).eligible_authid = in.texts("Options.eligible_authid"); break;
    case 5: lists_of(publish).eligible_authrole = in.texts("Options.eligible_authrole"); break;
    default: break;
  }
}

void take_publish_option(Elements& in, std::size_t key, Publish& publish) {
  constexpr std::size_t own_keys = 5, list_keys = 6;
  if (key >= own_keys + list_keys)
    return take_pass_through(in, key - own_keys - list_keys, publish.pass_through);
  if (key >= own_keys) return take_receivers(in, key - own_keys, publish);
  switch (key) {
    case 0: publish.acknowledge = in.boolean("Options.acknowledge"); break;
    case 1: publish.exclude_me = in.boolean("Options.exclude_me"); break;
    case 2: publish.retain = in.boolean("Options.retain"); break;
    case 3: publish.disclose_me = in.boolean("Options.disclose_me"); break;
    case 4: publish.acknowledged_delivery = in.boolean("Options.x_acknowledged_delivery"); break;
    default: break;
  }
}

void take_call_option(Elements& in, std::size_t key, Call& call) {
  switch (key) {
    case 0: call.receive_progress = in.boolean("Options.receive_progress"); break;
    case 1: call.progress = in.boolean("Options.progress"); break;
    case 2: call.disclose_me = in.boolean("Options.disclose_me"); break;
    case 3: call.timeout_ms = in.natural("Options.timeout"); break;
    default: take_pass_through(in, key - 4, call.pass_through); break;
  }
}

}  // namespace

Publish read_publish(Elements& in) {
  static constexpr auto keys = with_pass_through(std::array<std::string_view, 11>{
      "acknowledge", "exclude_me", "retain", "disclose_me", "x_acknowledged_delivery", "exclude",
      "exclude_authid", "exclude_authrole", "eligible", "eligible_authid", "eligible_authrole"});
  Publish publish;
  publish.request = in.id<RequestId>("Request");
  in.map("Options", keys, [&](std::size_t key) { take_publish_option(in, key, publish); });
  publish.topic = in.text("Topic");
  publish.payload = read_payload(in, publish.pass_through);
  return publish;
}

Call read_call(Elements& in) {
  static constexpr auto keys = with_pass_through(
      std::array<std::string_view, 4>{"receive_progress", "progress", "disclose_me", "timeout"});
  Call call;
  call.request = in.id<RequestId>("Request");
  in.map("Options", keys, [&](std::size_t key) { take_call_option(in, key, call); });
  call.procedure = in.text("Procedure");
  call.payload = read_payload(in, call.pass_through);
  return call;
}

Yield read_yield(Elements& in) {
  static constexpr auto keys = with_pass_through(std::array<std::string_view, 1>{"progress"});
  Yield yield;
  yield.request = in.id<RequestId>("Request");
  in.map("Options", keys, [&](std::size_t key) {
    if (key == 0)
      yield.progress = in.boolean("Options.progress");
    else
      take_pass_through(in, key - 1, yield.pass_through);
  });
  yield.payload = read_payload(in, yield.pass_through);
  return yield;
}

InvocationError read_error(Elements& in) {
  static constexpr auto keys = with_pass_through(std::array<std::string_view, 0>{});
  InvocationError error;
  const auto type = in.natural("REQUEST.Type");
  if (in.ok() && type != number(Code::invocation)) {
    in.refuse(
        fmt::format("ERROR.REQUEST.Type is {}: a client's ERROR answers an INVOCATION, which is 68", type));
  }
  error.request = in.id<RequestId>("REQUEST.Request");
  in.map("Details", keys, [&](std::size_t key) { take_pass_through(in, key, error.pass_through); });
  error.error = in.text("Error");
  error.payload = read_payload(in, error.pass_through);
  return error;
}

}  // namespace crosspoint::wamp
