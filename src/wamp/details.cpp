#include "wamp/details.h"

#include <initializer_list>
#include <utility>

namespace crosspoint::wamp {
namespace {

std::uint64_t count_of(std::initializer_list<bool> said) {
  std::uint64_t count = 0;
  for (const bool one: said) count += one;
  return count;
}

// Who it is: three keys that begin with the role's name.
struct DisclosedKeys {
  std::string_view session, authid, authrole;
};

void write_disclosed(Details& details, const DisclosedKeys& keys, const Disclosed& disclosed) {
  details.natural(keys.session, number(disclosed.session));
  details.text(keys.authid, disclosed.authid);
  details.text(keys.authrole, disclosed.authrole);
}

std::uint64_t disclosed_count(const std::optional<Disclosed>& disclosed) {
  return disclosed ? 1 + count_of({!disclosed->authid.empty(), !disclosed->authrole.empty()}) : 0;
}

}  // namespace

std::uint64_t pass_through_count(const PassThrough& pass_through) {
  return count_of({!pass_through.scheme.empty(), !pass_through.serializer.empty(),
                   !pass_through.cipher.empty(), !pass_through.keyid.empty()});
}

void Details::flag(std::string_view key, bool value) {
  if (!value) return;
  writer_.key(key);
  writer_.boolean(true);
}

void Details::natural(std::string_view key, std::uint64_t value) {
  if (value == 0) return;
  writer_.key(key);
  writer_.natural(value);
}

void Details::text(std::string_view key, std::string_view value) {
  if (value.empty()) return;
  writer_.key(key);
  writer_.string(value);
}

void Details::pass_through(const PassThrough& said) {
  const bool ppt = said.dialect == PassThrough::Dialect::ppt;
  text(ppt ? "ppt_scheme" : "enc_algo", said.scheme);
  text(ppt ? "ppt_serializer" : "enc_serializer", said.serializer);
  text("ppt_cipher", said.cipher);
  text(ppt ? "ppt_keyid" : "enc_key", said.keyid);
}

void Details::end() {
  if (std::exchange(open_, false)) writer_.end_map();
}

void write_details(data::Writer& writer, const Event& event) {
  Details details(writer, count_of({!event.topic.empty(), event.retained, event.acknowledged_delivery}) +
                              disclosed_count(event.publisher) + pass_through_count(event.pass_through));
  details.text("topic", event.topic);
  if (event.publisher) {
    write_disclosed(details, {"publisher", "publisher_authid", "publisher_authrole"}, *event.publisher);
  }
  details.flag("retained", event.retained);
  details.flag("x_acknowledged_delivery", event.acknowledged_delivery);
  details.pass_through(event.pass_through);
}

void write_details(data::Writer& writer, const Invocation& invocation) {
  Details details(writer, count_of({!invocation.procedure.empty(), invocation.receive_progress,
                                    invocation.progress, invocation.timeout_ms != 0}) +
                              disclosed_count(invocation.caller) +
                              pass_through_count(invocation.pass_through));
  details.text("procedure", invocation.procedure);
  if (invocation.caller)
    write_disclosed(details, {"caller", "caller_authid", "caller_authrole"}, *invocation.caller);
  details.flag("receive_progress", invocation.receive_progress);
  details.flag("progress", invocation.progress);
  details.natural("timeout", invocation.timeout_ms);
  details.pass_through(invocation.pass_through);
}

}  // namespace crosspoint::wamp
