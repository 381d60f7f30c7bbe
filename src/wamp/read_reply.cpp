#include "wamp/read_reply.h"

#include <fmt/core.h>

#include <array>
#include <optional>

#include "wamp/pass_through.h"

namespace crosspoint::wamp {
namespace {

using data::Kind;

// Details: what is of another type, or no id, counts as absent.
std::string_view text_detail(Elements& in) {
  if (in.next_is(Kind::string)) return in.text("Details.*");
  in.pass_over();
  return {};
}
bool flag_detail(Elements& in) {
  if (in.next_is(Kind::boolean)) return in.boolean("Details.*");
  in.pass_over();
  return false;
}
std::uint64_t natural_detail(Elements& in, std::string_view name) {
  if (in.next_is(Kind::integer)) return in.natural(name);
  in.pass_over();
  return 0;
}

Welcome read_welcome(Elements& in) {
  Welcome welcome;
  welcome.session = in.id<SessionId>("Session");
  welcome.details = in.raw("Details", Kind::map);
  in.end();
  return welcome;
}

Challenge read_challenge(Elements& in) {
  Challenge challenge;
  challenge.method = in.text("AuthMethod");
  challenge.extra = in.raw("Extra", Kind::map);
  in.end();
  return challenge;
}

// ABORT and GOODBYE. Some routers put arguments behind them.
template <typename Message>
Message read_farewell(Elements& in) {
  static constexpr std::string_view keys[] = {"message"};
  Message message;
  in.map("Details", keys, [&](std::size_t) { message.message = text_detail(in); });
  message.reason = in.text("Reason");
  in.payload(false);
  in.end();
  return message;
}

bool is_request(Code code) {
  switch (code) {
    case Code::publish:
    case Code::subscribe:
    case Code::unsubscribe:
    case Code::call:
    case Code::register_:
    case Code::unregister: return true;
    default: return false;
  }
}

ErrorOut read_request_error(Elements& in) {
  static constexpr auto keys = with_pass_through(std::array<std::string_view, 0>{});
  ErrorOut error;
  const auto type = in.natural("REQUEST.Type");
  const auto code = find_code(type);
  if (in.ok() && (!code || !is_request(*code)))
    in.refuse(fmt::format("ERROR.REQUEST.Type is {}: that is no request of a client", type));
  error.type = code.value_or(Code::call);
  error.request = in.id<RequestId>("REQUEST.Request");
  in.map("Details", keys, [&](std::size_t key) { take_pass_through(in, key, error.pass_through); });
  error.error = in.text("Error");
  error.payload = read_payload(in, error.pass_through);
  return error;
}

// [33, Request, Id] and its like.
template <typename Message, typename Id>
Message read_granted(Elements& in, std::string_view name) {
  const auto request = in.id<RequestId>("Request");
  const Message message{request, in.id<Id>(name)};
  in.end();
  return message;
}

SubscriptionId id_of(const SubscriptionRevoked& revoked) { return revoked.subscription; }
RegistrationId id_of(const RegistrationRevoked& revoked) { return revoked.registration; }

// [35, Request], or [35, 0, {"subscription": Id, "reason": URI}] when the router ends it.
template <typename Message, typename Revoked, typename Id>
Outgoing read_ended(Elements& in, std::string_view what) {
  const auto request = in.natural("Request");
  if (in.ok() && request != 0 && !is_id(request))
    in.refuse(fmt::format("Request is {}: ids are 1 to 2^53", request));
  if (request != 0) {
    in.end(1);
    return Message{RequestId{request}};
  }
  const std::string_view keys[] = {what, "reason"};
  Revoked revoked;
  in.map("Details", keys, [&](std::size_t key) {
    if (key == 0)
      revoked = {in.id<Id>("Details.*"), revoked.reason};
    else
      revoked.reason = text_detail(in);
  });
  in.end();
  if (in.ok() && number(id_of(revoked)) == 0) in.refuse(fmt::format("Details.{} is missing", what));
  return revoked;
}

void take_disclosed(Elements& in, std::size_t key, std::optional<Disclosed>& disclosed) {
  if (!disclosed) disclosed.emplace();
  switch (key) {
    case 0: disclosed->session = SessionId{natural_detail(in, "Details.*")}; break;
    case 1: disclosed->authid = text_detail(in); break;
    default: disclosed->authrole = text_detail(in); break;
  }
}

// Somebody without a session is nobody.
void check_disclosed(std::optional<Disclosed>& disclosed) {
  if (disclosed && !is_id(number(disclosed->session))) disclosed.reset();
}

Event read_event(Elements& in) {
  static constexpr auto keys = with_pass_through(std::array<std::string_view, 6>{
      "publisher", "publisher_authid", "publisher_authrole", "topic", "retained", "x_acknowledged_delivery"});
  Event event;
  event.subscription = in.id<SubscriptionId>("Subscription");
  event.publication = in.id<PublicationId>("Publication");
  in.map("Details", keys, [&](std::size_t key) {
    if (key < 3) return take_disclosed(in, key, event.publisher);
    switch (key) {
      case 3: event.topic = text_detail(in); break;
      case 4: event.retained = flag_detail(in); break;
      case 5: event.acknowledged_delivery = flag_detail(in); break;
      default: take_pass_through(in, key - 6, event.pass_through); break;
    }
  });
  check_disclosed(event.publisher);
  event.payload = read_payload(in, event.pass_through);
  return event;
}

CallResult read_result(Elements& in) {
  static constexpr auto keys = with_pass_through(std::array<std::string_view, 1>{"progress"});
  CallResult result;
  result.request = in.id<RequestId>("Request");
  in.map("Details", keys, [&](std::size_t key) {
    if (key == 0)
      result.progress = flag_detail(in);
    else
      take_pass_through(in, key - 1, result.pass_through);
  });
  result.payload = read_payload(in, result.pass_through);
  return result;
}

Invocation read_invocation(Elements& in) {
  static constexpr auto keys = with_pass_through(std::array<std::string_view, 7>{
      "caller", "caller_authid", "caller_authrole", "procedure", "receive_progress", "progress", "timeout"});
  Invocation invocation;
  invocation.request = in.id<RequestId>("Request");
  invocation.registration = in.id<RegistrationId>("Registration");
  in.map("Details", keys, [&](std::size_t key) {
    if (key < 3) return take_disclosed(in, key, invocation.caller);
    switch (key) {
      case 3: invocation.procedure = text_detail(in); break;
      case 4: invocation.receive_progress = flag_detail(in); break;
      case 5: invocation.progress = flag_detail(in); break;
      case 6: invocation.timeout_ms = natural_detail(in, "Details.timeout"); break;
      default: take_pass_through(in, key - 7, invocation.pass_through); break;
    }
  });
  check_disclosed(invocation.caller);
  invocation.payload = read_payload(in, invocation.pass_through);
  return invocation;
}

Interrupt read_interrupt(Elements& in) {
  static constexpr std::string_view keys[] = {"mode", "reason"};
  Interrupt interrupt;
  interrupt.request = in.id<RequestId>("Request");
  in.map("Options", keys, [&](std::size_t key) {
    if (key == 0)
      interrupt.mode = find_cancel_mode(text_detail(in)).value_or(CancelMode::killnowait);
    else
      interrupt.reason = text_detail(in);
  });
  in.end();
  return interrupt;
}

Outgoing read_reply_by_code(Elements& in, Code code) {
  switch (code) {
    case Code::welcome: return read_welcome(in);
    case Code::challenge: return read_challenge(in);
    case Code::abort: return read_farewell<AbortOut>(in);
    case Code::goodbye: return read_farewell<GoodbyeOut>(in);
    case Code::error: return read_request_error(in);
    case Code::published: return read_granted<Published, PublicationId>(in, "Publication");
    case Code::subscribed: return read_granted<Subscribed, SubscriptionId>(in, "Subscription");
    case Code::unsubscribed:
      return read_ended<Unsubscribed, SubscriptionRevoked, SubscriptionId>(in, "subscription");
    case Code::event: return read_event(in);
    case Code::result: return read_result(in);
    case Code::registered: return read_granted<Registered, RegistrationId>(in, "Registration");
    case Code::unregistered:
      return read_ended<Unregistered, RegistrationRevoked, RegistrationId>(in, "registration");
    case Code::invocation: return read_invocation(in);
    case Code::interrupt: return read_interrupt(in);
    case Code::hello:
    case Code::authenticate:
    case Code::publish:
    case Code::subscribe:
    case Code::unsubscribe:
    case Code::call:
    case Code::cancel:
    case Code::register_:
    case Code::unregister:
    case Code::yield:
    case Code::event_received: in.refuse(fmt::format("{} is for a client to send", to_string(code))); break;
  }
  return AbortOut{};
}

}  // namespace

Result<Outgoing, Violation> ReplyReader::read() {
  const auto code = elements_.code();
  auto message = code ? read_reply_by_code(elements_, *code) : Outgoing(AbortOut{});
  if (auto violation = elements_.violation()) return fail(std::move(*violation));
  return message;
}

}  // namespace crosspoint::wamp
