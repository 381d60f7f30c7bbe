#pragma once
// The rules of a role, ready to be asked. For a URI exactly one rule speaks: the one with this very URI,
// else the longest prefix, else the best wildcard pattern, as a CALL finds its registration
// (pattern_index.h). Immutable.

#include <string_view>
#include <vector>

#include "wamp/auth/rule.h"
#include "wamp/pattern_index.h"

namespace crosspoint::wamp::auth {

class Permissions {
 public:
  // Of two rules with the same pattern, the later one counts.
  explicit Permissions(std::vector<Rule> rules);
  Permissions(const Permissions&) = delete;
  Permissions& operator=(const Permissions&) = delete;

  // The rule for a topic or procedure: CALL, PUBLISH, and exact SUBSCRIBE and REGISTER. Null: none.
  const Rule* find(std::string_view uri) const;

  // The rule for a whole pattern: of those that cover all of it the one that speaks there, if it allows the
  // action; unless a rule that goes before it does not, and some URI is matched by both that rule and the
  // pattern. So nobody hears through "com.." what "com.secret" was kept from it by. Null: denied. Careful in
  // two ways: several rules that cover a pattern only together are none, and a rule that denies counts also
  // where others have the word for each such URI. Looks at each rule; patterns are seldom subscribed to.
  const Rule* find_pattern(std::string_view pattern, Match match, Action action) const;

  const std::vector<Rule>& rules() const { return rules_; }

 private:
  const Rule* find_cover(std::string_view pattern, Match match) const;

  const std::vector<Rule> rules_;  // index_ points into it
  PatternIndex<const Rule> index_;
};

}  // namespace crosspoint::wamp::auth
