#include "wamp/read_message.h"

#include <fmt/core.h>

#include <optional>

namespace crosspoint::wamp {
namespace {

using data::Kind;

void pass_over_map(Elements& in, std::string_view name) { in.raw(name, Kind::map); }

Abort read_abort(Elements& in) {
  pass_over_map(in, "Details");
  const Abort abort{in.text("Reason")};
  in.payload(false);
  return abort;
}

Authenticate read_authenticate(Elements& in, data::Format format) {
  Authenticate authenticate;
  authenticate.signature = in.text("Signature");
  authenticate.extra = {format, {}, in.raw("Extra", Kind::map)};
  in.end();
  return authenticate;
}

Goodbye read_goodbye(Elements& in) {
  pass_over_map(in, "Details");
  const Goodbye goodbye{in.text("Reason")};
  in.end();
  return goodbye;
}

// A word of Options that must be one of a few.
template <typename Find>
auto one_of(Elements& in, std::string_view name, std::string_view words, Find find) {
  const auto text = in.text(name);
  const auto found = find(text);
  if (in.ok() && !found) in.refuse(fmt::format("{} must be one of {}", name, words));
  return found;
}

constexpr std::string_view match_words = "\"exact\", \"prefix\", \"wildcard\"";

Subscribe read_subscribe(Elements& in) {
  static constexpr std::string_view keys[] = {"match", "get_retained"};
  Subscribe subscribe;
  subscribe.request = in.id<RequestId>("Request");
  in.map("Options", keys, [&](std::size_t key) {
    if (key == 0)
      subscribe.match = one_of(in, "Options.match", match_words, find_match).value_or(Match::exact);
    if (key == 1) subscribe.get_retained = in.boolean("Options.get_retained");
  });
  subscribe.topic = in.text("Topic");
  in.end();
  return subscribe;
}

Unsubscribe read_unsubscribe(Elements& in) {
  const auto request = in.id<RequestId>("Request");
  const auto subscription = in.id<SubscriptionId>("Subscription");
  in.end(1);  // Autobahn: Options, for links between routers
  return {request, subscription};
}

EventReceived read_event_received(Elements& in) {
  const EventReceived received{in.id<PublicationId>("Publication")};
  in.end();
  return received;
}

Cancel read_cancel(Elements& in) {
  static constexpr std::string_view keys[] = {"mode"};
  Cancel cancel;
  cancel.request = in.id<RequestId>("Request");
  in.map("Options", keys, [&](std::size_t) {
    cancel.mode = one_of(in, "Options.mode", "\"skip\", \"kill\", \"killnowait\"", find_cancel_mode);
  });
  in.end();
  return cancel;
}

void take_invoke(Elements& in, Register& message) {
  const auto find = [&](std::string_view word) {
    message.vendor_invoke = word.starts_with('_');
    return message.vendor_invoke ? std::optional(Invoke::single) : find_invoke(word);
  };
  message.invoke =
      one_of(in, "Options.invoke", "\"single\", \"roundrobin\", \"random\", \"first\", \"last\"", find)
          .value_or(Invoke::single);
}

void take_register_option(Elements& in, std::size_t key, Register& message) {
  switch (key) {
    case 0:
      message.match = one_of(in, "Options.match", match_words, find_match).value_or(Match::exact);
      break;
    case 1: take_invoke(in, message); break;
    case 2:
      message.concurrency = in.natural("Options.concurrency");
      if (in.ok() && message.concurrency == 0) in.refuse("REGISTER.Options.concurrency must be at least 1");
      break;
    case 3: message.force_reregister = in.boolean("Options.force_reregister"); break;
    case 4: message.disclose_caller = in.boolean("Options.disclose_caller"); break;
    case 5: message.forward_timeout = in.boolean("Options.forward_timeout"); break;
    default: break;
  }
}

Register read_register(Elements& in) {
  static constexpr std::string_view keys[] = {
      "match", "invoke", "concurrency", "force_reregister", "disclose_caller", "forward_timeout"};
  Register message;
  message.request = in.id<RequestId>("Request");
  in.map("Options", keys, [&](std::size_t key) { take_register_option(in, key, message); });
  message.procedure = in.text("Procedure");
  in.end();
  return message;
}

Unregister read_unregister(Elements& in) {
  const auto request = in.id<RequestId>("Request");
  const auto registration = in.id<RegistrationId>("Registration");
  in.end(1);  // Autobahn: Options
  return {request, registration};
}

Incoming read_by_code(Elements& in, Code code, data::Format format) {
  switch (code) {
    case Code::hello: return read_hello(in);
    case Code::abort: return read_abort(in);
    case Code::authenticate: return read_authenticate(in, format);
    case Code::goodbye: return read_goodbye(in);
    case Code::error: return read_error(in);
    case Code::publish: return read_publish(in);
    case Code::subscribe: return read_subscribe(in);
    case Code::unsubscribe: return read_unsubscribe(in);
    case Code::event_received: return read_event_received(in);
    case Code::call: return read_call(in);
    case Code::cancel: return read_cancel(in);
    case Code::register_: return read_register(in);
    case Code::unregister: return read_unregister(in);
    case Code::yield: return read_yield(in);
    case Code::welcome:
    case Code::challenge:
    case Code::published:
    case Code::subscribed:
    case Code::unsubscribed:
    case Code::event:
    case Code::result:
    case Code::registered:
    case Code::unregistered:
    case Code::invocation:
    case Code::interrupt: in.refuse(fmt::format("{} is for the router to send", to_string(code))); break;
  }
  return Abort{};
}

}  // namespace

Result<Incoming, Violation> MessageReader::read() {
  const auto code = elements_.code();
  auto message = code ? read_by_code(elements_, *code, elements_.format()) : Incoming(Abort{});
  if (auto violation = elements_.violation()) return fail(std::move(*violation));
  return message;
}

}  // namespace crosspoint::wamp
