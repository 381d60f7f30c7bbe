#pragma once
// The procedures of the router itself (wamp-router §10): who is in the realm, what is subscribed and
// registered, kill, testaments, history. Answered at once, without a callee; a payload that is passed through
// is refused, since the router must read it.

#include <string_view>
#include <unordered_map>

#include "wamp/incoming.h"
#include "wamp/meta_arguments.h"
#include "wamp/realm.h"

namespace crosspoint::wamp {

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

}  // namespace crosspoint::wamp
