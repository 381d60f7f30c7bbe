// wamp.session.add_testament, wamp.session.flush_testaments (wamp-router §7.10)
#include <fmt/core.h>

#include "base/counted.h"
#include "wamp/audit.h"
#include "wamp/error_uri.h"
#include "wamp/meta_api.h"
#include "wamp/read_message.h"

namespace crosspoint::wamp {
namespace {

using data::Value;

Result<TestamentScope, MetaError> scope_of(const MetaCall& call) {
  const auto* scope = call.arguments.kwargs().find("scope");
  if (scope == nullptr || scope->is_null()) return TestamentScope::destroyed;
  const auto found = scope->string() == nullptr ? std::nullopt : find_testament_scope(*scope->string());
  if (found) return *found;
  return bad_argument("scope must be \"destroyed\" or \"detached\"");
}

Value or_empty(const Value* value, Value empty) {
  return value == nullptr || value->is_null() ? std::move(empty) : *value;
}

// The PUBLISH that a testament is, spelt: so that its options are read, and refused, as those of any other.
ByteVector spelt_publish(const MetaCall& call, const std::string& topic) {
  const auto& arguments = call.arguments;
  return data::write_value(data::Format::cbor,
                           Value::Array{number(Code::publish), 1,
                                        or_empty(arguments.kwargs().find("publish_options"), Value::Map{}),
                                        topic, or_empty(arguments.find(1, "args"), Value::Array{}),
                                        or_empty(arguments.find(2, "kwargs"), Value::Map{})});
}

MetaResult add_testament(const MetaCall& call) {
  const auto topic = call.arguments.text(0, "topic");
  if (!topic) return fail(topic.error());
  const auto scope = scope_of(call);
  if (!scope) return fail(scope.error());
  if (!is_uri(*topic, call.realm.limits().uri_check) || !call.realm.reserved_prefix(*topic).empty()) {
    return fail(MetaError{error_uri::invalid_uri,
                          "the topic of a testament must be a URI, and not the router's own"});
  }
  // It is asked again when the session has left; a gate that must think first cannot be waited for then.
  const auto judged = call.realm.judge(call.caller.participant, Action::publish, *topic);
  if (!judged.allowed && judged.kind == Judgement::Kind::decided) {
    return fail(MetaError{error_uri::not_authorized,
                          fmt::format("this session is not authorized to publish {}", *topic)});
  }
  const auto bytes = spelt_publish(call, *topic);
  MessageReader reader(data::Format::cbor, bytes);
  const auto read = reader.read();
  if (!read) return bad_argument(read.error().sentence);
  const auto added = call.caller.testaments.add(*scope, std::get<Publish>(*read));
  if (added) {
    write_down_some(call.realm, call.caller,
                    fmt::format("a testament for {} ({}) is added", beginning_of(*topic), to_string(*scope)));
    return Value();
  }
  return fail(
      MetaError{error_uri::unavailable, added.error() == Testaments::Refusal::too_many
                                            ? "this session has as many testaments as it may have"
                                            : "the testaments of this session are as large as they may be"});
}

MetaResult flush_testaments(const MetaCall& call) {
  const auto scope = scope_of(call);
  if (!scope) return fail(scope.error());
  const auto flushed = call.caller.testaments.flush(*scope);
  write_down_some(call.realm, call.caller,
                  fmt::format("{} ({}) {} taken back", counted(flushed, "testament"), to_string(*scope),
                              flushed == 1 ? "is" : "are"));
  return Value(flushed);
}

}  // namespace

void add_testament_procedures(MetaProcedures& procedures) {
  procedures.emplace("wamp.session.add_testament", add_testament);
  procedures.emplace("wamp.session.flush_testaments", flush_testaments);
}

}  // namespace crosspoint::wamp
