#include "wamp/auth/token_grant.h"

#include <algorithm>

#include "wamp/uri.h"

namespace crosspoint::wamp::auth {
namespace {

Actions actions_of(const token::Claims& claims) {
  Actions actions;
  if (claims.has_scope("read")) actions.add(Action::subscribe);
  if (claims.has_scope("write")) {
    actions.add(Action::publish);
    actions.add(Action::call);
  }
  for (const Action action: {Action::call, Action::register_, Action::publish, Action::subscribe}) {
    if (claims.has_scope(to_string(action))) actions.add(action);
  }
  return actions;
}

// A dot would make a place below that of another topic; '*' is a pattern in configurations.
bool is_component(std::string_view topic) {
  return topic.find_first_of(".*") == topic.npos && is_uri(topic, UriCheck::loose);
}

}  // namespace

std::vector<Rule> TokenGrant::rules(std::string_view uri_prefix) const {
  const std::string place = std::string(uri_prefix) + topic;
  return {{.uri = place, .match = Match::exact, .allow = actions},
          {.uri = place + ".", .match = Match::prefix, .allow = actions}};
}

Result<TokenGrant, GrantError> grant_from_token(const token::Claims& claims) {
  if (claims.prefix != "session") return fail(GrantError::no_session);
  if (!is_component(claims.topic)) return fail(GrantError::no_topic);
  const Actions actions = actions_of(claims);
  if (actions.empty()) return fail(GrantError::no_scopes);
  return TokenGrant{claims.topic, actions, claims.booking_id, claims.expires};
}

}  // namespace crosspoint::wamp::auth
