#pragma once
// A peer for tests: keeps what it was sent, spelt as it would be in JSON. Payloads of tests are JSON text.

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "wamp/outgoing.h"
#include "wamp/peer.h"
#include "wamp/shared_event.h"

namespace crosspoint::wamp {

inline Payload json_payload(std::string_view args, std::string_view kwargs = {}) {
  return {data::Format::json, as_bytes(args), as_bytes(kwargs)};
}

// A dictionary as it grows: {"a": 1, "b": "x"}.
class TestDict {
 public:
  TestDict& text(std::string_view key, std::string_view value) {
    return value.empty() ? *this : put(key, '"' + std::string(value) + '"');
  }
  TestDict& number(std::string_view key, std::uint64_t value) { return put(key, std::to_string(value)); }
  TestDict& flag(std::string_view key, bool value) { return value ? put(key, "true") : *this; }
  TestDict& disclosed(std::string_view key, const std::optional<Disclosed>& who) {
    if (!who) return *this;
    const std::string name(key);
    return number(name, wamp::number(who->session))
        .text(name + "_authid", who->authid)
        .text(name + "_authrole", who->authrole);
  }
  TestDict& pass_through(const PassThrough& keys) {
    const bool ppt = keys.dialect == PassThrough::Dialect::ppt;
    return text(ppt ? "ppt_scheme" : "enc_algo", keys.scheme)
        .text(ppt ? "ppt_serializer" : "enc_serializer", keys.serializer)
        .text("ppt_cipher", keys.cipher)
        .text(ppt ? "ppt_keyid" : "enc_key", keys.keyid);
  }
  std::string str() const { return "{" + members_ + "}"; }

 private:
  TestDict& put(std::string_view key, const std::string& value) {
    if (!members_.empty()) members_ += ", ";
    members_ += '"' + std::string(key) + "\": " + value;
    return *this;
  }
  std::string members_;
};

struct TestSpelling {
  static std::string list(Code code, std::initializer_list<std::string> elements,
                          const Payload& payload = {}) {
    std::string spelt = "[" + std::to_string(number(code));
    for (const auto& element: elements) spelt += ", " + element;
    if (!payload.empty()) spelt += ", " + (payload.args.empty() ? "[]" : crosspoint::to_string(payload.args));
    if (!payload.kwargs.empty()) spelt += ", " + crosspoint::to_string(payload.kwargs);
    return spelt + "]";
  }
  static std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }
  template <typename Id>
  static std::string id(Id value) {
    return std::to_string(number(value));
  }

  std::string operator()(const Welcome& m) const { return list(Code::welcome, {id(m.session)}); }
  std::string operator()(const Challenge& m) const { return list(Code::challenge, {quoted(m.method)}); }
  std::string operator()(const AbortOut& m) const {
    return list(Code::abort, {TestDict().text("message", m.message).str(), quoted(m.reason)});
  }
  std::string operator()(const GoodbyeOut& m) const {
    return list(Code::goodbye, {TestDict().text("message", m.message).str(), quoted(m.reason)});
  }
  std::string operator()(const ErrorOut& m) const {
    const std::string details = TestDict().pass_through(m.pass_through).str();
    return list(Code::error, {std::to_string(number(m.type)), id(m.request), details, quoted(m.error)},
                m.payload);
  }
  std::string operator()(const Published& m) const {
    return list(Code::published, {id(m.request), id(m.publication)});
  }
  std::string operator()(const Subscribed& m) const {
    return list(Code::subscribed, {id(m.request), id(m.subscription)});
  }
  std::string operator()(const Unsubscribed& m) const { return list(Code::unsubscribed, {id(m.request)}); }
  std::string operator()(const SubscriptionRevoked& m) const {
    const auto details = TestDict().number("subscription", number(m.subscription)).text("reason", m.reason);
    return list(Code::unsubscribed, {"0", details.str()});
  }
  std::string operator()(const Event& m) const {
    const auto details = TestDict()
                             .text("topic", m.topic)
                             .disclosed("publisher", m.publisher)
                             .flag("retained", m.retained)
                             .flag("x_acknowledged_delivery", m.acknowledged_delivery)
                             .pass_through(m.pass_through);
    return list(Code::event, {id(m.subscription), id(m.publication), details.str()}, m.payload);
  }
  std::string operator()(const CallResult& m) const {
    const auto details = TestDict().flag("progress", m.progress).pass_through(m.pass_through);
    return list(Code::result, {id(m.request), details.str()}, m.payload);
  }
  std::string operator()(const Registered& m) const {
    return list(Code::registered, {id(m.request), id(m.registration)});
  }
  std::string operator()(const Unregistered& m) const { return list(Code::unregistered, {id(m.request)}); }
  std::string operator()(const RegistrationRevoked& m) const {
    const auto details = TestDict().number("registration", number(m.registration)).text("reason", m.reason);
    return list(Code::unregistered, {"0", details.str()});
  }
  std::string operator()(const Invocation& m) const {
    auto details = TestDict()
                       .text("procedure", m.procedure)
                       .disclosed("caller", m.caller)
                       .flag("receive_progress", m.receive_progress)
                       .flag("progress", m.progress);
    if (m.timeout_ms != 0) details.number("timeout", m.timeout_ms);
    details.pass_through(m.pass_through);
    return list(Code::invocation, {id(m.request), id(m.registration), details.str()}, m.payload);
  }
  std::string operator()(const Interrupt& m) const {
    const auto options = TestDict().text("mode", to_string(m.mode)).text("reason", m.reason);
    return list(Code::interrupt, {id(m.request), options.str()});
  }
};

// ERRORs of the router are spelt without their sentence, which `texts` has.
inline std::string spell(const Outgoing& message) { return std::visit(TestSpelling(), message); }

inline const Payload* find_payload(const Outgoing& message) {
  return std::visit(
      [](const auto& m) -> const Payload* {
        if constexpr (requires { m.payload; }) return &m.payload;
        return nullptr;
      },
      message);
}

class TestPeer final : public Peer {
 public:
  data::Format format() const override { return data::Format::json; }

  Sent send(const Outgoing& message) override {
    const Payload* payload = find_payload(message);
    if (payload != nullptr && !payload->empty() && answer != Sent::sent) return answer;
    sent.push_back(spell(message));
    if (const auto* error = std::get_if<ErrorOut>(&message)) texts.emplace_back(error->text);
    return Sent::sent;
  }
  Sent send_event(SharedEvent& event) override { return send(event.event()); }

  std::vector<std::string> take() { return std::exchange(sent, {}); }

  Sent answer = Sent::sent;  // to what has a payload
  std::vector<std::string> sent;
  std::vector<std::string> texts;  // the sentences of ERRORs
};

}  // namespace crosspoint::wamp
