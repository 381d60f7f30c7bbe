#pragma once
// What a role may do, as rules: a URI or pattern of URIs, and the actions that are allowed there. What no
// rule allows is denied.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wamp/gate.h"
#include "wamp/options.h"

namespace crosspoint::wamp::auth {

std::optional<Action> find_action(std::string_view name);

class Actions {
 public:
  constexpr Actions() = default;
  constexpr Actions(std::initializer_list<Action> members) {
    for (const Action member: members) add(member);
  }
  constexpr void add(Action action) { bits_ |= bit(action); }
  constexpr bool has(Action action) const { return (bits_ & bit(action)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  bool operator==(const Actions&) const = default;

 private:
  static constexpr std::uint8_t bit(Action action) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(action));
  }
  std::uint8_t bits_ = 0;
};
inline constexpr Actions all_actions{Action::call, Action::register_, Action::publish, Action::subscribe};

struct Rule {
  std::string uri = {};
  Match match = Match::exact;
  Actions allow = {};
  bool disclose_caller = false;     // callees learn who calls, asked for or not
  bool disclose_publisher = false;  // subscribers learn who publishes
  bool cache = false;               // Crossbar.io's: the answer may be remembered. Rules are always at hand

  bool operator==(const Rule&) const = default;
};

// What a configuration wrote as a URI. Without a match of its own, older configurations' "com.foo.*" is the
// prefix "com.foo.", and "*" is the prefix that is everything.
struct RuleUri {
  std::string uri;
  Match match = Match::exact;
};
RuleUri rule_uri(std::string_view written, std::optional<Match> match);

// Where "*" was written for a component, "com.*.x": the wildcard pattern that says so, "com..x". Nothing: it
// was not, or the match says that it is the component's name.
std::optional<std::string> wildcard_meant(std::string_view written, std::optional<Match> match);

}  // namespace crosspoint::wamp::auth
