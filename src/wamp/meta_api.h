#pragma once
// The procedures of the router itself (wamp-router §10): who is in the realm, what is subscribed and
// registered, kill, testaments, history. Answered at once, without a callee; a payload that is passed through
// is refused, since the router must read it.

#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "data/value.h"
#include "wamp/incoming.h"
#include "wamp/realm.h"

namespace crosspoint::wamp {

struct MetaError {
  std::string_view error;  // an error URI
  std::string text;
};
using MetaResult = Result<data::Value, MetaError>;  // the one positional result

// The arguments of one call, with the types that the procedures ask for.
class MetaArguments {
 public:
  MetaArguments(data::Value::Array args, data::Value kwargs)
      : args_(std::move(args)), kwargs_(std::move(kwargs)) {}

  // The n-th positional argument, or the keyword if there is one of that name. Null: neither.
  const data::Value* find(std::size_t place, std::string_view name) const;

  Result<std::uint64_t, MetaError> id(std::size_t place, std::string_view name) const;
  Result<std::string, MetaError> text(std::size_t place, std::string_view name) const;
  // Absent or null: empty.
  Result<std::string, MetaError> optional_text(std::size_t place, std::string_view name) const;
  // A URI; absent or null: empty.
  Result<std::string, MetaError> reason(std::size_t place, UriCheck check) const;
  Result<Match, MetaError> match() const;  // [uri, {"match": …}?]

  const data::Value::Array& args() const { return args_; }
  const data::Value& kwargs() const { return kwargs_; }

 private:
  data::Value::Array args_;
  data::Value kwargs_;
};

struct MetaCall {
  Realm& realm;
  Inhabitant& caller;
  const MetaArguments& arguments;
};
using MetaProcedure = MetaResult (*)(const MetaCall&);
using MetaProcedures = std::unordered_map<std::string_view, MetaProcedure>;

bool is_meta(std::string_view procedure);
// Answers a CALL of one of these. It begins a call, and no more arguments follow.
void call_meta(Realm& realm, Inhabitant& caller, const Call& call);

void add_session_procedures(MetaProcedures& procedures);       // meta_session.cpp
void add_subscription_procedures(MetaProcedures& procedures);  // meta_subscription.cpp
void add_registration_procedures(MetaProcedures& procedures);  // meta_registration.cpp
void add_testament_procedures(MetaProcedures& procedures);     // meta_testament.cpp
void add_history_procedures(MetaProcedures& procedures);       // meta_history.cpp

// What these answer to a bad argument.
std::unexpected<MetaError> bad_argument(std::string text);

}  // namespace crosspoint::wamp
