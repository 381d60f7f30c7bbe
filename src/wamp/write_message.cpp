#include "wamp/write_message.h"

#include "wamp/details.h"
#include "wamp/message_draft.h"

namespace crosspoint::wamp {
namespace {

class MessageWriter : public MessageDraft {
 public:
  using MessageDraft::MessageDraft;

  void operator()(const Welcome& message) {
    begin(Code::welcome, 3);
    writer_.natural(number(message.session));
    writer_.raw(message.details);
  }
  void operator()(const Challenge& message) {
    begin(Code::challenge, 3);
    writer_.string(message.method);
    writer_.raw(message.extra);
  }
  void operator()(const AbortOut& message) { farewell(Code::abort, message.reason, message.message); }
  void operator()(const GoodbyeOut& message) { farewell(Code::goodbye, message.reason, message.message); }

  void operator()(const ErrorOut& message) {
    const bool text = message.payload.empty() && !message.text.empty();
    begin(Code::error, 5 + (text ? 1 : elements_of(message.payload)));
    writer_.natural(number(message.type));
    writer_.natural(number(message.request));
    Details(writer_, pass_through_count(message.pass_through)).pass_through(message.pass_through);
    writer_.string(message.error);
    if (text) {
      writer_.begin_array(1);
      writer_.string(message.text);
      writer_.end_array();
    } else {
      payload(message.payload);
    }
  }

  void operator()(const Published& message) {
    answer(Code::published, message.request, number(message.publication));
  }
  void operator()(const Subscribed& message) {
    answer(Code::subscribed, message.request, number(message.subscription));
  }
  void operator()(const Unsubscribed& message) {
    begin(Code::unsubscribed, 2);
    writer_.natural(number(message.request));
  }
  void operator()(const SubscriptionRevoked& message) {
    revocation(Code::unsubscribed, "subscription", number(message.subscription), message.reason);
  }
  void operator()(const Event& message) {
    begin(Code::event, 4 + elements_of(message.payload));
    writer_.natural(number(message.subscription));
    writer_.natural(number(message.publication));
    write_details(writer_, message);
    payload(message.payload);
  }

  void operator()(const CallResult& message) {
    begin(Code::result, 3 + elements_of(message.payload));
    writer_.natural(number(message.request));
    Details details(writer_, message.progress + pass_through_count(message.pass_through));
    details.flag("progress", message.progress);
    details.pass_through(message.pass_through);
    details.end();
    payload(message.payload);
  }
  void operator()(const Registered& message) {
    answer(Code::registered, message.request, number(message.registration));
  }
  void operator()(const Unregistered& message) {
    begin(Code::unregistered, 2);
    writer_.natural(number(message.request));
  }
  void operator()(const RegistrationRevoked& message) {
    revocation(Code::unregistered, "registration", number(message.registration), message.reason);
  }
  void operator()(const Invocation& message) {
    begin(Code::invocation, 4 + elements_of(message.payload));
    writer_.natural(number(message.request));
    writer_.natural(number(message.registration));
    write_details(writer_, message);
    payload(message.payload);
  }
  void operator()(const Interrupt& message) {
    begin(Code::interrupt, 3);
    writer_.natural(number(message.request));
    writer_.begin_map(message.reason.empty() ? 1 : 2);
    writer_.key("mode");
    writer_.string(to_string(message.mode));
    if (!message.reason.empty()) {
      writer_.key("reason");
      writer_.string(message.reason);
    }
    writer_.end_map();
  }

 private:
  void answer(Code code, RequestId request, std::uint64_t id) {
    begin(code, 3);
    writer_.natural(number(request));
    writer_.natural(id);
  }
  void revocation(Code code, std::string_view what, std::uint64_t id, std::string_view reason) {
    begin(code, 3);
    writer_.natural(0);
    writer_.begin_map(reason.empty() ? 1 : 2);
    writer_.key(what);
    writer_.natural(id);
    if (!reason.empty()) {
      writer_.key("reason");
      writer_.string(reason);
    }
    writer_.end_map();
  }
};

}  // namespace

Sent write_message(data::Format format, const Outgoing& message, ByteVector& out) {
  MessageWriter writer(format, out);
  std::visit([&](const auto& known) { writer(known); }, message);
  return writer.end();
}

Sent write_event(data::Format format, const Event& event, ByteVector& out) {
  MessageWriter writer(format, out);
  writer(event);
  return writer.end();
}

}  // namespace crosspoint::wamp
