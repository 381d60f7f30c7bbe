#include "wamp/auth/rule.h"

namespace crosspoint::wamp::auth {

std::optional<Action> find_action(std::string_view name) {
  for (const Action action: {Action::call, Action::register_, Action::publish, Action::subscribe}) {
    if (to_string(action) == name) return action;
  }
  return std::nullopt;
}

RuleUri rule_uri(std::string_view written, std::optional<Match> match) {
  if (match) return {std::string(written), *match};
  if (!written.ends_with('*')) return {std::string(written), Match::exact};
  written.remove_suffix(1);
  return {std::string(written), Match::prefix};
}

}  // namespace crosspoint::wamp::auth
