#include "wamp/auth/rule.h"

#include <algorithm>

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

std::optional<std::string> wildcard_meant(std::string_view written, std::optional<Match> match) {
  if (match.value_or(Match::wildcard) != Match::wildcard) return std::nullopt;
  std::string pattern;
  bool found = false;
  for (std::size_t begin = 0; begin <= written.size();) {
    const std::size_t end = std::min(written.find('.', begin), written.size());
    const auto component = written.substr(begin, end - begin);
    const bool stands_for_the_rest = !match && end == written.size();
    if (component == "*" && !stands_for_the_rest) found = true;
    if (begin > 0) pattern += '.';
    if (component != "*") pattern += component;
    begin = end + 1;
  }
  return found ? std::optional(std::move(pattern)) : std::nullopt;
}

}  // namespace crosspoint::wamp::auth
