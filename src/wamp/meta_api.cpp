#include "wamp/meta_api.h"

#include <fmt/core.h>

#include <utility>

#include "base/assert.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp {
namespace {

using data::Value;

// Arguments become trees, some forty times as large as what spelt them.
constexpr data::Limits argument_limits{.depth_max = 16, .bytes_max = 256 * 1024};

Result<MetaArguments, MetaError> read_arguments(const Call& call) {
  if (call.pass_through)
    return bad_argument("the router's own procedures take no payload that is passed through");
  Value::Array args;
  Value kwargs;
  if (!call.payload.args.empty()) {
    auto read = data::read_value(call.payload.format, call.payload.args, argument_limits);
    if (!read) return bad_argument(fmt::format("Args: {}", data::to_string(read.error())));
    if (read->array() != nullptr) args = *read->array();
  }
  if (!call.payload.kwargs.empty()) {
    auto read = data::read_value(call.payload.format, call.payload.kwargs, argument_limits);
    if (!read) return bad_argument(fmt::format("Kwargs: {}", data::to_string(read.error())));
    kwargs = std::move(*read);
  }
  return MetaArguments(std::move(args), std::move(kwargs));
}

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

std::unexpected<MetaError> bad_argument(std::string text) {
  return fail(MetaError{error_uri::invalid_argument, std::move(text)});
}

const Value* MetaArguments::find(std::size_t place, std::string_view name) const {
  if (place < args_.size()) return &args_[place];
  return kwargs_.find(name);
}

Result<std::uint64_t, MetaError> MetaArguments::id(std::size_t place, std::string_view name) const {
  const auto* value = find(place, name);
  if (value != nullptr && value->natural() != nullptr && is_id(*value->natural())) return *value->natural();
  return bad_argument(fmt::format("argument {} ({}) must be an id", place, name));
}

Result<std::string, MetaError> MetaArguments::text(std::size_t place, std::string_view name) const {
  const auto* value = find(place, name);
  if (value != nullptr && value->string() != nullptr) return *value->string();
  return bad_argument(fmt::format("argument {} ({}) must be a string", place, name));
}

Result<std::string, MetaError> MetaArguments::optional_text(std::size_t place, std::string_view name) const {
  const auto* value = find(place, name);
  if (value == nullptr || value->is_null()) return std::string();
  return text(place, name);
}

Result<std::string, MetaError> MetaArguments::reason(std::size_t place, UriCheck check) const {
  auto reason = optional_text(place, "reason");
  if (!reason || reason->empty() || is_uri(*reason, check)) return reason;
  return fail(MetaError{error_uri::invalid_uri, "the reason must be a URI"});
}

Result<Match, MetaError> MetaArguments::match() const {
  const auto* options = find(1, "options");
  const auto* word = options == nullptr ? kwargs_.find("match") : options->find("match");
  if (word == nullptr || word->is_null()) return Match::exact;
  const auto match = word->string() == nullptr ? std::nullopt : find_match(*word->string());
  if (match) return *match;
  return bad_argument("match must be \"exact\", \"prefix\" or \"wildcard\"");
}

bool is_meta(std::string_view procedure) { return procedures().contains(procedure); }

void call_meta(Realm& realm, Inhabitant& caller, const Call& call) {
  const auto found = procedures().find(call.procedure);
  CROSSPOINT_ASSERT(found != procedures().end());
  const auto arguments = read_arguments(call);
  const auto result =
      arguments ? found->second({realm, caller, *arguments}) : MetaResult(fail(arguments.error()));
  answer(caller.participant.peer(), call.request, result);
}

}  // namespace crosspoint::wamp
