#include "wamp/auth/permissions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "base/random.h"
#include "wamp/uri.h"

namespace crosspoint::wamp::auth {
namespace {

Rule rule(std::string uri, Match match, Actions allow) {
  return {.uri = std::move(uri), .match = match, .allow = allow};
}
const Actions nothing;

// "exact com.a", or nothing.
std::string speaking(const Permissions& permissions, std::string_view uri) {
  const Rule* found = permissions.find(uri);
  return found == nullptr ? "" : std::string(to_string(found->match)) + " " + found->uri;
}

TEST(Permissions, ExactGoesBeforeTheLongestPrefixBeforeTheBestWildcard) {
  const Permissions permissions(
      {rule("com.a.b", Match::exact, all_actions), rule("com.a.", Match::prefix, all_actions),
       rule("com.", Match::prefix, all_actions), rule("org..b", Match::wildcard, all_actions),
       rule("..b", Match::wildcard, all_actions)});

  EXPECT_EQ(speaking(permissions, "com.a.b"), "exact com.a.b");
  EXPECT_EQ(speaking(permissions, "com.a.c"), "prefix com.a.");
  EXPECT_EQ(speaking(permissions, "com.x.b"), "prefix com.");
  EXPECT_EQ(speaking(permissions, "org.x.b"), "wildcard org..b");
  EXPECT_EQ(speaking(permissions, "net.x.b"), "wildcard ..b");
  EXPECT_EQ(speaking(permissions, "net.x.c"), "");
}

TEST(Permissions, OfTwoRulesForOnePatternTheLaterCounts) {
  const Permissions permissions({rule("a", Match::exact, all_actions), rule("a", Match::exact, nothing)});

  EXPECT_TRUE(permissions.find("a")->allow.empty());
  EXPECT_EQ(permissions.rules().size(), 1u);
}

TEST(Permissions, TheOneRuleThatSpeaksDecidesAlone) {
  const Permissions permissions(
      {rule("com.", Match::prefix, all_actions), rule("com.secret", Match::exact, nothing)});

  EXPECT_NE(permissions.find_pattern("com.open", Match::exact, Action::subscribe), nullptr);
  EXPECT_EQ(permissions.find_pattern("com.secret", Match::exact, Action::subscribe), nullptr);
}

// Whether a pattern may be subscribed to, under rules.
struct PatternCase {
  std::vector<Rule> rules;
  std::string pattern;
  Match match;
  bool allowed;
};

TEST(Permissions, APatternIsAllowedWhenAllOfItIs) {
  const Rule com = rule("com.", Match::prefix, all_actions);
  const Rule everything = rule("", Match::prefix, all_actions);
  const PatternCase cases[] = {
      {{com}, "com.", Match::prefix, true},
      {{com}, "com.a", Match::prefix, true},
      {{com}, "com", Match::prefix, false},  // "comic" as well
      {{com}, "", Match::prefix, false},
      {{everything}, "", Match::prefix, true},
      {{com}, "com..x", Match::wildcard, true},
      {{com}, "..x", Match::wildcard, false},
      {{everything}, "..x", Match::wildcard, true},
      // Something inside is denied.
      {{com, rule("com.secret", Match::exact, nothing)}, "com.", Match::prefix, false},
      {{com, rule("com.secret", Match::exact, nothing)}, "com.open.", Match::prefix, true},
      {{com, rule("com.secret.", Match::prefix, nothing)}, "com.", Match::prefix, false},
      {{com, rule("com.secret.", Match::prefix, nothing)}, "com.secret.a", Match::prefix, false},
      {{com, rule("com.a.x", Match::exact, nothing)}, "com..x", Match::wildcard, false},
      {{com, rule("com.a.y", Match::exact, nothing)}, "com..x", Match::wildcard, true},
      {{com, rule("com.a.", Match::prefix, nothing)}, "com..x", Match::wildcard, false},
      // A wildcard rule never speaks where a prefix does.
      {{com, rule("com..x", Match::wildcard, nothing)}, "com.", Match::prefix, true},
      {{rule("com..x", Match::wildcard, all_actions)}, "com.", Match::prefix, false},
      // Wildcards by wildcards.
      {{rule("com..x", Match::wildcard, all_actions)}, "com..x", Match::wildcard, true},
      {{rule("com..", Match::wildcard, all_actions)}, "com..x", Match::wildcard, true},
      {{rule("com..x", Match::wildcard, all_actions)}, "com..", Match::wildcard, false},
      {{rule("com..", Match::wildcard, all_actions), rule("com.a.", Match::wildcard, nothing)},
       "com..x",
       Match::wildcard,
       false},
      {{rule("com..", Match::wildcard, all_actions), rule("com.a.b", Match::wildcard, nothing)},
       "com..x",
       Match::wildcard,
       true},
      {{rule("com..", Match::wildcard, all_actions), rule("com.a.", Match::prefix, nothing)},
       "com..x",
       Match::wildcard,
       false},
      // Rules that share no URI with the pattern, though they begin alike.
      {{rule("com..wild", Match::wildcard, all_actions), rule("com.lab.x.", Match::prefix, nothing)},
       "com..wild",
       Match::wildcard,
       true},
      {{rule("com..wild", Match::wildcard, all_actions), rule("com.lab.x", Match::prefix, nothing)},
       "com..wild",
       Match::wildcard,
       true},
      {{rule("com..wild", Match::wildcard, all_actions), rule("com.lab.wi", Match::prefix, nothing)},
       "com..wild",
       Match::wildcard,
       false},
      // Of wildcards that cover the pattern the best speaks, and none that it goes before.
      {{rule("..x", Match::wildcard, nothing), rule("com..", Match::wildcard, all_actions)},
       "com..x",
       Match::wildcard,
       true},
      {{rule("..x", Match::wildcard, all_actions), rule("com..", Match::wildcard, nothing)},
       "com..x",
       Match::wildcard,
       false},
      {{}, "com.", Match::prefix, false},
  };
  for (const auto& [rules, pattern, match, allowed]: cases) {
    SCOPED_TRACE(pattern + " " + std::string(to_string(match)) + " under " + std::to_string(rules.size()));
    EXPECT_EQ(Permissions(rules).find_pattern(pattern, match, Action::subscribe) != nullptr, allowed);
  }
}

// Rules and patterns by chance, against all the URIs that there are of these few components.
struct ByChance {
  std::string uri(std::initializer_list<const char*> components) {
    std::string uri;
    for (std::uint64_t i = 0, count = 1 + random.below(3); i < count; ++i)
      uri += (i == 0 ? "" : ".") + std::string(*(components.begin() + random.below(components.size())));
    return uri;
  }
  Rule any_rule() {
    const Match match = std::array{Match::exact, Match::prefix, Match::wildcard}[random.below(3)];
    auto text = match == Match::wildcard ? uri({"a", "b", "", ""}) : uri({"a", "b"});
    if (match == Match::prefix && random.below(2) == 0) text += '.';
    return rule(std::move(text), match, random.below(3) > 0 ? all_actions : nothing);
  }
  static std::vector<std::string> all_uris() {
    std::vector<std::string> level{""}, all;
    for (int depth = 0; depth < 4; ++depth) {
      std::vector<std::string> next;
      for (const auto& above: level) {
        for (const char* component: {"a", "b", "ax", "bx"})
          next.push_back(above.empty() ? component : above + "." + component);
      }
      all.insert(all.end(), next.begin(), next.end());
      level = std::move(next);
    }
    return all;
  }
  SeededRandom random{1};
};

// Nothing is heard by a pattern that its rules keep from it; and what is refused is so for one of the reasons
// that permissions.h names.
TEST(Permissions, APatternIsRefusedExactlyForTheReasonsThatAreNamed) {
  ByChance chance;
  const auto uris = ByChance::all_uris();
  int allowed_by_both = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<Rule> rules;
    for (std::uint64_t i = 0, count = 1 + chance.random.below(4); i < count; ++i)
      rules.push_back(chance.any_rule());
    const Permissions permissions(rules);
    Rule asked = chance.any_rule();
    if (asked.match == Match::exact) asked = rule("..", Match::wildcard, nothing);
    SCOPED_TRACE(std::string(to_string(asked.match)) + " " + asked.uri + " in round " +
                 std::to_string(round));

    const Rule* cover = nullptr;  // of all URIs of the pattern
    bool leaks = false;
    std::vector<std::string> meant;
    for (const auto& uri: uris) {
      if (matches(uri, asked.uri, asked.match)) meant.push_back(uri);
    }
    for (const auto& uri: meant) {
      const Rule* speaks = permissions.find(uri);
      leaks = leaks || speaks == nullptr || speaks->allow.empty();
    }
    const auto before = [](const Rule& rule, const Rule& other, const std::string& uri) {
      const Permissions both({rule, other});
      const Rule* found = both.find(uri);
      return found->uri == rule.uri && found->match == rule.match;
    };
    for (const Rule& rule: permissions.rules()) {
      if (rule.match == Match::exact || (asked.match == Match::prefix && rule.match == Match::wildcard))
        continue;
      const bool covers =
          std::ranges::all_of(meant, [&](const auto& uri) { return matches(uri, rule.uri, rule.match); });
      if (covers && (cover == nullptr || before(rule, *cover, meant.front()))) cover = &rule;
    }
    bool expected = cover != nullptr && !cover->allow.empty();
    for (const Rule& rule: permissions.rules()) {
      for (const auto& uri: meant) {
        if (!expected || !rule.allow.empty() || &rule == cover || !matches(uri, rule.uri, rule.match))
          continue;
        expected = !before(rule, *cover, uri);
      }
    }
    const bool allowed = permissions.find_pattern(asked.uri, asked.match, Action::subscribe) != nullptr;
    EXPECT_EQ(allowed, expected);
    EXPECT_FALSE(allowed && leaks);
    if (allowed && expected) ++allowed_by_both;
  }
  EXPECT_GT(allowed_by_both, 8);
}

TEST(Permissions, AnActionThatARuleDoesNotNameIsDenied) {
  const Permissions permissions({rule("com.", Match::prefix, {Action::call})});

  EXPECT_NE(permissions.find_pattern("com.a", Match::exact, Action::call), nullptr);
  for (const Action action: {Action::register_, Action::publish, Action::subscribe}) {
    EXPECT_EQ(permissions.find_pattern("com.a", Match::exact, action), nullptr) << to_string(action);
    EXPECT_EQ(permissions.find_pattern("com.a", Match::prefix, action), nullptr) << to_string(action);
  }
}

TEST(RuleUri, OlderConfigurationsEndPrefixesInAStar) {
  const auto star = rule_uri("com.foo.*", std::nullopt);
  EXPECT_EQ(star.uri, "com.foo.");
  EXPECT_EQ(star.match, Match::prefix);
  EXPECT_EQ(rule_uri("*", std::nullopt).uri, "");
  EXPECT_EQ(rule_uri("*", std::nullopt).match, Match::prefix);
  EXPECT_EQ(rule_uri("com.foo", std::nullopt).match, Match::exact);
  EXPECT_EQ(rule_uri("com..foo", Match::wildcard).uri, "com..foo");
  EXPECT_EQ(rule_uri("com.*", Match::exact).uri, "com.*");  // what was written with a match is as it is
}

TEST(RuleUri, AnAsteriskInsideIsAWildcardThatWasMeant) {
  EXPECT_EQ(wildcard_meant("com.*.x", std::nullopt), "com..x");
  EXPECT_EQ(wildcard_meant("*.x", std::nullopt), ".x");
  EXPECT_EQ(wildcard_meant("com.*", Match::wildcard), "com.");
  for (const auto* uri: {"*", "com.*", "com.x*", "com.x*y.z", "com..x", ""})
    EXPECT_EQ(wildcard_meant(uri, std::nullopt), std::nullopt) << uri;
  EXPECT_EQ(wildcard_meant("com.*.x", Match::exact), std::nullopt);
  EXPECT_EQ(wildcard_meant("com.*.x", Match::prefix), std::nullopt);
}

}  // namespace
}  // namespace crosspoint::wamp::auth
