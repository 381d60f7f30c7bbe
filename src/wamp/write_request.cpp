#include "wamp/write_request.h"

#include <initializer_list>
#include <span>

#include "wamp/details.h"
#include "wamp/feature_table.h"
#include "wamp/message_draft.h"

namespace crosspoint::wamp {
namespace {

std::uint64_t said(std::initializer_list<bool> options) {
  std::uint64_t count = 0;
  for (const bool one: options) count += one;
  return count;
}

// "" where the word is the one that goes without saying.
std::string_view match_word(Match match) { return match == Match::exact ? "" : to_string(match); }

class RequestWriter : public MessageDraft {
 public:
  using MessageDraft::MessageDraft;

  void operator()(const Hello& hello);
  void operator()(const Abort& message) { farewell(Code::abort, message.reason, {}); }
  void operator()(const Authenticate& message) {
    begin(Code::authenticate, 3);
    writer_.string(message.signature);
    map_or_none(message.extra);
  }
  void operator()(const Goodbye& message) { farewell(Code::goodbye, message.reason, {}); }
  void operator()(const Publish& message);
  void operator()(const Subscribe& message) {
    begin(Code::subscribe, 4);
    writer_.natural(number(message.request));
    const auto match = match_word(message.match);
    Details options(writer_, said({!match.empty(), message.get_retained}));
    options.text("match", match);
    options.flag("get_retained", message.get_retained);
    options.end();
    writer_.string(message.topic);
  }
  void operator()(const Unsubscribe& message) {
    three(Code::unsubscribe, message.request, number(message.subscription));
  }
  void operator()(const EventReceived& message) {
    begin(Code::event_received, 2);
    writer_.natural(number(message.publication));
  }
  void operator()(const Call& message) {
    begin(Code::call, 4 + elements_of(message.payload));
    writer_.natural(number(message.request));
    Details options(writer_, said({message.receive_progress, message.progress, message.disclose_me,
                                   message.timeout_ms != 0}) +
                                 pass_through_count(message.pass_through));
    options.flag("receive_progress", message.receive_progress);
    options.flag("progress", message.progress);
    options.flag("disclose_me", message.disclose_me);
    options.natural("timeout", message.timeout_ms);
    options.pass_through(message.pass_through);
    options.end();
    writer_.string(message.procedure);
    payload(message.payload);
  }
  void operator()(const Cancel& message) {
    begin(Code::cancel, 3);
    writer_.natural(number(message.request));
    Details options(writer_, said({message.mode.has_value()}));
    if (message.mode) options.text("mode", to_string(*message.mode));
  }
  void operator()(const Register& message);
  void operator()(const Unregister& message) {
    three(Code::unregister, message.request, number(message.registration));
  }
  void operator()(const Yield& message) {
    begin(Code::yield, 3 + elements_of(message.payload));
    writer_.natural(number(message.request));
    Details options(writer_, said({message.progress}) + pass_through_count(message.pass_through));
    options.flag("progress", message.progress);
    options.pass_through(message.pass_through);
    options.end();
    payload(message.payload);
  }
  void operator()(const InvocationError& message) {
    begin(Code::error, 5 + elements_of(message.payload));
    writer_.natural(number(Code::invocation));
    writer_.natural(number(message.request));
    Details(writer_, pass_through_count(message.pass_through)).pass_through(message.pass_through);
    writer_.string(message.error);
    payload(message.payload);
  }

 private:
  void three(Code code, RequestId request, std::uint64_t id) {
    begin(code, 3);
    writer_.natural(number(request));
    writer_.natural(id);
  }
  // Where the protocol wants a map, whether there is something to say or not.
  void map_or_none(const Payload& extra) {
    if (!extra.kwargs.empty()) return payload({extra.format, extra.kwargs, {}});
    writer_.begin_map(0);
    writer_.end_map();
  }
  void roles(const Features& features);
  void role(const RoleRow& row, const Features& features);
  void texts(std::string_view key, const std::optional<std::vector<std::string>>& list);
  void sessions(std::string_view key, const std::optional<std::vector<SessionId>>& list);
};

void RequestWriter::operator()(const Hello& hello) {
  begin(Code::hello, 3);
  writer_.string(hello.realm);
  const bool extra = !hello.authextra.kwargs.empty();
  Details details(writer_, 1 + said({!hello.authmethods.empty(), !hello.authid.empty(),
                                     !hello.authrole.empty(), !hello.agent.empty(), extra}));
  roles(hello.features);
  if (!hello.authmethods.empty()) texts("authmethods", hello.authmethods);
  details.text("authid", hello.authid);
  details.text("authrole", hello.authrole);
  details.text("agent", hello.agent);
  if (!extra) return;
  writer_.key("authextra");
  map_or_none(hello.authextra);
}

void RequestWriter::roles(const Features& features) {
  std::uint64_t count = 0;
  for (const auto& row: role_rows) count += features.has(row.role);
  writer_.key("roles");
  writer_.begin_map(count);
  for (const auto& row: role_rows) {
    if (features.has(row.role)) role(row, features);
  }
  writer_.end_map();
}

void RequestWriter::role(const RoleRow& row, const Features& features) {
  const auto spoken = [&](const FeatureRow& feature) {
    return !feature.older_name && features.has(feature.feature);
  };
  std::uint64_t count = 0;
  for (const auto& feature: row.features) count += spoken(feature);
  writer_.key(row.name);
  writer_.begin_map(1);
  writer_.key("features");
  {
    Details names(writer_, count);
    for (const auto& feature: row.features) names.flag(feature.name, spoken(feature));
  }
  writer_.end_map();
}

void RequestWriter::texts(std::string_view key, const std::optional<std::vector<std::string>>& list) {
  if (!list) return;
  writer_.key(key);
  writer_.begin_array(list->size());
  for (const auto& text: *list) writer_.string(text);
  writer_.end_array();
}

void RequestWriter::sessions(std::string_view key, const std::optional<std::vector<SessionId>>& list) {
  if (!list) return;
  writer_.key(key);
  writer_.begin_array(list->size());
  for (const auto session: *list) writer_.natural(number(session));
  writer_.end_array();
}

void RequestWriter::operator()(const Publish& message) {
  static const ReceiverLists none;
  const auto& lists = message.lists ? *message.lists : none;
  begin(Code::publish, 4 + elements_of(message.payload));
  writer_.natural(number(message.request));
  Details options(writer_, said({message.acknowledge, !message.exclude_me, message.retain,
                                 message.disclose_me, message.acknowledged_delivery,
                                 lists.exclude.has_value(), lists.exclude_authid.has_value(),
                                 lists.exclude_authrole.has_value(), lists.eligible.has_value(),
                                 lists.eligible_authid.has_value(), lists.eligible_authrole.has_value()}) +
                               pass_through_count(message.pass_through));
  options.flag("acknowledge", message.acknowledge);
  if (!message.exclude_me) {
    writer_.key("exclude_me");
    writer_.boolean(false);
  }
  options.flag("retain", message.retain);
  options.flag("disclose_me", message.disclose_me);
  options.flag("x_acknowledged_delivery", message.acknowledged_delivery);
  sessions("exclude", lists.exclude);
  texts("exclude_authid", lists.exclude_authid);
  texts("exclude_authrole", lists.exclude_authrole);
  sessions("eligible", lists.eligible);
  texts("eligible_authid", lists.eligible_authid);
  texts("eligible_authrole", lists.eligible_authrole);
  options.pass_through(message.pass_through);
  options.end();
  writer_.string(message.topic);
  payload(message.payload);
}

void RequestWriter::operator()(const Register& message) {
  const auto match = match_word(message.match);
  const std::string_view invoke = message.invoke == Invoke::single ? "" : to_string(message.invoke);
  begin(Code::register_, 4);
  writer_.natural(number(message.request));
  Details options(writer_,
                  said({!match.empty(), !invoke.empty(), message.concurrency != 0, message.force_reregister,
                        message.disclose_caller, message.forward_timeout}));
  options.text("match", match);
  options.text("invoke", invoke);
  options.natural("concurrency", message.concurrency);
  options.flag("force_reregister", message.force_reregister);
  options.flag("disclose_caller", message.disclose_caller);
  options.flag("forward_timeout", message.forward_timeout);
  options.end();
  writer_.string(message.procedure);
}

}  // namespace

Sent write_request(data::Format format, const Incoming& message, ByteVector& out) {
  RequestWriter writer(format, out);
  std::visit([&](const auto& known) { writer(known); }, message);
  return writer.end();
}

}  // namespace crosspoint::wamp
