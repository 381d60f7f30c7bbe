#include "wamp/meta_api.h"

#include <utility>

#include "base/assert.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp {
namespace {

using data::Value;

void answer(Peer& peer, RequestId request, const MetaResult& result) {
  if (!result) {
    peer.send(ErrorOut{Code::call, request, result.error().error, result.error().text, {}, {}});
    return;
  }
  const auto bytes = data::write_value(peer.format(), Value(Value::Array{*result}));
  const auto sent = peer.send(CallResult{request, false, {}, {peer.format(), bytes, {}}});
  if (sent == Sent::sent) return;
  peer.send(ErrorOut{Code::call,
                     request,
                     error_uri::payload_size_exceeded,
                     "the answer is longer than this client takes",
                     {},
                     {}});
}

MetaProcedures all_procedures() {
  MetaProcedures procedures;
  add_session_procedures(procedures);
  add_subscription_procedures(procedures);
  add_registration_procedures(procedures);
  add_testament_procedures(procedures);
  add_history_procedures(procedures);
  return procedures;
}

const MetaProcedures& procedures() {
  static const MetaProcedures all = all_procedures();
  return all;
}

}  // namespace

bool is_meta(std::string_view procedure) { return procedures().contains(procedure); }

void call_meta(Realm& realm, Inhabitant& caller, const Call& call) {
  const auto found = procedures().find(call.procedure);
  CROSSPOINT_ASSERT(found != procedures().end());
  const auto arguments = MetaArguments::read(call.payload, call.pass_through);
  const auto result =
      arguments ? found->second({realm, caller, *arguments}) : MetaResult(fail(arguments.error()));
  answer(caller.participant.peer(), call.request, result);
}

}  // namespace crosspoint::wamp
