// wamp.session.*
#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "base/audit.h"
#include "base/counted.h"
#include "wamp/audit.h"
#include "wamp/error_uri.h"
#include "wamp/meta_api.h"
#include "wamp/meta_events.h"

namespace crosspoint::wamp {
namespace {

using data::Value;

// Everybody of some roles, or everybody; in the order of their ids, so that two calls can be compared.
Result<std::vector<SessionId>, MetaError> sessions_of_roles(const MetaCall& call) {
  const auto* roles = call.arguments.find(0, "filter_authroles");
  if (roles != nullptr && !roles->is_null() && roles->array() == nullptr)
    return bad_argument("a list of roles, or none");
  std::vector<SessionId> ids;
  for (const auto& [id, inhabitant]: call.realm.inhabitants()) {
    const Value role(inhabitant->participant.identity().authrole);
    const bool all = roles == nullptr || roles->is_null();
    if (all || std::find(roles->array()->begin(), roles->array()->end(), role) != roles->array()->end())
      ids.push_back(id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

MetaResult count_sessions(const MetaCall& call) {
  const auto ids = sessions_of_roles(call);
  if (!ids) return fail(ids.error());
  return Value(ids->size());
}

Value list_of(const std::vector<SessionId>& ids) {
  Value::Array list;
  for (const auto id: ids) list.emplace_back(number(id));
  return list;
}

MetaResult list_sessions(const MetaCall& call) {
  const auto ids = sessions_of_roles(call);
  if (!ids) return fail(ids.error());
  return list_of(*ids);
}

MetaError no_such_session() { return {error_uri::no_such_session, "there is no such session in this realm"}; }

MetaResult get_session(const MetaCall& call) {
  const auto id = call.arguments.id(0, "session");
  if (!id) return fail(id.error());
  const auto* inhabitant = call.realm.find(SessionId{*id});
  if (inhabitant == nullptr) return fail(no_such_session());
  return meta_details(*inhabitant);
}

// How a killed session is told.
struct KillWords {
  std::string reason, message;
};

Result<KillWords, MetaError> kill_words(const MetaCall& call, std::size_t first_place) {
  auto reason = call.arguments.reason(first_place, call.realm.limits().uri_check);
  if (!reason) return fail(reason.error());
  auto message = call.arguments.optional_text(first_place + 1, "message");
  if (!message) return fail(message.error());
  if (reason->empty()) *reason = error_uri::close_killed;
  return KillWords{std::move(*reason), std::move(*message)};
}

void write_down_kill(const MetaCall& call, std::string_view what, const KillWords& words) {
  write_down(call.realm, call.caller, what,
             words.message.empty()
                 ? std::string(beginning_of(words.reason))
                 : fmt::format("{}: {}", beginning_of(words.reason), log::quoted(words.message)));
}

MetaResult kill(const MetaCall& call) {
  const auto id = call.arguments.id(0, "session");
  if (!id) return fail(id.error());
  const auto words = kill_words(call, 1);
  if (!words) return fail(words.error());
  if (SessionId{*id} == call.caller.participant.id()) return fail(no_such_session());
  const auto* victim = call.realm.find(SessionId{*id});
  if (victim == nullptr) return fail(no_such_session());
  const auto authid = victim->participant.identity().authid;  // it goes with the session
  if (!call.realm.end_session(SessionId{*id}, words->reason, words->message)) return fail(no_such_session());
  write_down_kill(call, fmt::format("session {} of {} is ended", *id, log::quoted(authid)), *words);
  return Value();
}

// Ends every session but the caller's for which `chosen` holds; which they were.
template <typename Chosen>
std::vector<SessionId> kill_each(const MetaCall& call, const KillWords& words, Chosen chosen) {
  std::vector<SessionId> ids;
  for (const auto& [id, inhabitant]: call.realm.inhabitants()) {
    if (id != call.caller.participant.id() && chosen(inhabitant->participant.identity())) ids.push_back(id);
  }
  std::sort(ids.begin(), ids.end());
  for (const auto id: ids) call.realm.end_session(id, words.reason, words.message);
  return ids;
}

std::string ended(std::size_t count, std::string_view whose) {
  return fmt::format("{} {} {} ended", counted(count, "session"), whose, count == 1 ? "is" : "are");
}

MetaResult kill_by_authid(const MetaCall& call) {
  const auto authid = call.arguments.text(0, "authid");
  if (!authid) return fail(authid.error());
  const auto words = kill_words(call, 1);
  if (!words) return fail(words.error());
  const auto ids =
      kill_each(call, *words, [&](const Identity& identity) { return identity.authid == *authid; });
  write_down_kill(call, ended(ids.size(), "of " + log::quoted(*authid)), *words);
  return list_of(ids);
}

MetaResult kill_by_authrole(const MetaCall& call) {
  const auto authrole = call.arguments.text(0, "authrole");
  if (!authrole) return fail(authrole.error());
  const auto words = kill_words(call, 1);
  if (!words) return fail(words.error());
  const auto count = kill_each(call, *words, [&](const Identity& identity) {
                       return identity.authrole == *authrole;
                     }).size();
  write_down_kill(call, ended(count, "of role " + log::quoted(*authrole)), *words);
  return Value(count);
}

MetaResult kill_all(const MetaCall& call) {
  const auto words = kill_words(call, 0);
  if (!words) return fail(words.error());
  const auto count = kill_each(call, *words, [](const Identity&) { return true; }).size();
  write_down_kill(call, fmt::format("all other sessions are ended, {} of them", count), *words);
  return Value(count);
}

}  // namespace

void add_session_procedures(MetaProcedures& procedures) {
  procedures.emplace("wamp.session.count", count_sessions);
  procedures.emplace("wamp.session.list", list_sessions);
  procedures.emplace("wamp.session.get", get_session);
  procedures.emplace("wamp.session.kill", kill);
  procedures.emplace("wamp.session.kill_by_authid", kill_by_authid);
  procedures.emplace("wamp.session.kill_by_authrole", kill_by_authrole);
  procedures.emplace("wamp.session.kill_all", kill_all);
}

}  // namespace crosspoint::wamp
