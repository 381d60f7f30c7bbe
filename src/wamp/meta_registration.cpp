// wamp.registration.*
#include <fmt/core.h>

#include <algorithm>

#include "wamp/audit.h"
#include "wamp/dealer_member.h"
#include "wamp/error_uri.h"
#include "wamp/meta_api.h"
#include "wamp/meta_events.h"

namespace crosspoint::wamp {
namespace {

using data::Value;

Value ids_of(const std::vector<RegistrationId>& ids) {
  Value::Array list;
  for (const auto id: ids) list.emplace_back(number(id));
  return list;
}

MetaResult list_registrations(const MetaCall& call) {
  const auto& registrations = call.realm.dealer().registrations();
  return Value(Value::Map{{"exact", ids_of(registrations.list(Match::exact))},
                          {"prefix", ids_of(registrations.list(Match::prefix))},
                          {"wildcard", ids_of(registrations.list(Match::wildcard))}});
}

MetaResult id_or_null(const Registration* registration) {
  return registration == nullptr ? Value() : Value(number(registration->id()));
}

MetaResult lookup_registration(const MetaCall& call) {
  const auto procedure = call.arguments.text(0, "procedure");
  if (!procedure) return fail(procedure.error());
  const auto match = call.arguments.match();
  if (!match) return fail(match.error());
  return id_or_null(call.realm.dealer().registrations().find(*procedure, *match));
}

MetaResult match_registration(const MetaCall& call) {
  const auto procedure = call.arguments.text(0, "procedure");
  if (!procedure) return fail(procedure.error());
  const bool reserved = !call.realm.reserved_prefix(*procedure).empty();
  return id_or_null(call.realm.dealer().registrations().meant(*procedure, reserved));
}

MetaError no_such_registration() {
  return {error_uri::no_such_registration, "there is no such registration"};
}

Result<const Registration*, MetaError> registration_of(const MetaCall& call) {
  const auto id = call.arguments.id(0, "registration");
  if (!id) return fail(id.error());
  const auto* registration = call.realm.dealer().registrations().find(RegistrationId{*id});
  if (registration == nullptr) return fail(no_such_registration());
  return registration;
}

MetaResult get_registration(const MetaCall& call) {
  const auto registration = registration_of(call);
  if (!registration) return fail(registration.error());
  return meta_details(**registration);
}

MetaResult list_callees(const MetaCall& call) {
  const auto registration = registration_of(call);
  if (!registration) return fail(registration.error());
  Value::Array list;
  for (const auto* callee: (*registration)->callees())
    list.emplace_back(number(callee->member.participant.id()));
  return Value(std::move(list));
}

MetaResult count_callees(const MetaCall& call) {
  const auto registration = registration_of(call);
  if (!registration) return fail(registration.error());
  return Value((*registration)->callees().size());
}

MetaResult remove_callee(const MetaCall& call) {
  const auto registration = call.arguments.id(0, "registration");
  if (!registration) return fail(registration.error());
  const auto* there = call.realm.dealer().registrations().find(RegistrationId{*registration});
  if (there != nullptr && !call.realm.reserved_prefix(there->procedure()).empty())
    return bad_argument("this registration is the router's own");
  const auto procedure = there == nullptr ? std::string() : there->procedure();  // it may go with its callee
  const auto session = call.arguments.id(1, "session");
  if (!session) return fail(session.error());
  const auto reason = call.arguments.reason(2, call.realm.limits().uri_check);
  if (!reason) return fail(reason.error());
  switch (call.realm.dealer().remove_callee(RegistrationId{*registration}, SessionId{*session}, *reason,
                                            call.realm.now().monotonic)) {
    case Dealer::Removal::removed:
      write_down(call.realm, call.caller,
                 fmt::format("session {} is no callee of {} any more", *session, beginning_of(procedure)),
                 beginning_of(*reason));
      return Value();
    case Dealer::Removal::no_such_registration: return fail(no_such_registration());
    case Dealer::Removal::not_a_callee: return bad_argument("this session is no callee of that registration");
  }
  return Value();
}

}  // namespace

void add_registration_procedures(MetaProcedures& procedures) {
  procedures.emplace("wamp.registration.list", list_registrations);
  procedures.emplace("wamp.registration.lookup", lookup_registration);
  procedures.emplace("wamp.registration.match", match_registration);
  procedures.emplace("wamp.registration.get", get_registration);
  procedures.emplace("wamp.registration.list_callees", list_callees);
  procedures.emplace("wamp.registration.count_callees", count_callees);
  procedures.emplace("wamp.registration.remove_callee", remove_callee);
}

}  // namespace crosspoint::wamp
