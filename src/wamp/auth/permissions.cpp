#include "wamp/auth/permissions.h"

#include <algorithm>

namespace crosspoint::wamp::auth {
namespace {

std::vector<Rule> without_overruled(std::vector<Rule> rules) {
  std::vector<Rule> kept;
  for (Rule& rule: rules) {
    std::erase_if(kept,
                  [&](const Rule& other) { return other.match == rule.match && other.uri == rule.uri; });
    kept.push_back(std::move(rule));
  }
  return kept;
}

// Calls visit(a, b) for each pair of components until it says no, or the numbers of components differ: then
// the answer is false.
template <class Visit>
bool all_components(std::string_view a, std::string_view b, Visit visit) {
  for (;;) {
    const auto end_a = a.find('.');
    const auto end_b = b.find('.');
    if (!visit(a.substr(0, end_a), b.substr(0, end_b))) return false;
    if (end_a == a.npos || end_b == b.npos) return end_a == end_b;
    a.remove_prefix(end_a + 1);
    b.remove_prefix(end_b + 1);
  }
}

// Is each URI of `pattern` one of the wildcard `rule`?
bool covers_wildcard(std::string_view rule, std::string_view pattern) {
  return all_components(rule, pattern, [](auto mine, auto theirs) { return mine.empty() || mine == theirs; });
}

// Is there a URI that both wildcards match?
bool wildcards_meet(std::string_view a, std::string_view b) {
  return all_components(a, b, [](auto x, auto y) { return x.empty() || y.empty() || x == y; });
}

// Is there a URI that begins with `prefix` and is one of the wildcard? The prefix's last component may go on,
// the others are whole.
bool prefix_meets(std::string_view prefix, std::string_view wildcard) {
  for (;;) {
    const auto end_mine = prefix.find('.');
    const auto end_theirs = wildcard.find('.');
    const auto mine = prefix.substr(0, end_mine);
    const auto theirs = wildcard.substr(0, end_theirs);
    if (end_mine == prefix.npos) return theirs.empty() || theirs.starts_with(mine);
    if (!theirs.empty() && theirs != mine) return false;
    if (end_theirs == wildcard.npos) return false;
    prefix.remove_prefix(end_mine + 1);
    wildcard.remove_prefix(end_theirs + 1);
  }
}

// The components before the first empty one, with their dots: what each URI of a wildcard pattern begins
// with.
std::string_view literal_start(std::string_view wildcard) {
  if (wildcard.starts_with('.')) return {};
  const auto gap = wildcard.find("..");
  if (gap != wildcard.npos) return wildcard.substr(0, gap + 1);
  return wildcard;  // "a.b." begins so, and "a.b" is its own only URI
}

// Of two wildcards that meet, `a` speaks where both match: it is the first to name a component (as in
// wildcard_tree.h).
bool is_better_wildcard(std::string_view a, std::string_view b) {
  bool better = false;
  all_components(a, b, [&](auto x, auto y) {
    better = !x.empty() && y.empty();
    return x.empty() == y.empty();
  });
  return better;
}

// Is there a URI for which both the rule speaks and which the pattern matches?
bool rule_meets(const Rule& rule, std::string_view pattern, Match match) {
  if (match == Match::prefix) {
    if (rule.match == Match::wildcard) return prefix_meets(pattern, rule.uri);
    return rule.uri.starts_with(pattern) || (rule.match == Match::prefix && pattern.starts_with(rule.uri));
  }
  if (rule.match == Match::prefix) return prefix_meets(rule.uri, pattern);
  return wildcards_meet(rule.uri, pattern);
}

// Does the rule speak for URIs in place of `cover`?
bool goes_before(const Rule& rule, const Rule& cover) {
  if (&rule == &cover) return false;
  if (rule.match == Match::exact) return true;
  if (rule.match == Match::prefix) {
    return cover.match == Match::wildcard || rule.uri.size() > cover.uri.size();
  }
  return cover.match == Match::wildcard && is_better_wildcard(rule.uri, cover.uri);
}

}  // namespace

Permissions::Permissions(std::vector<Rule> rules) : rules_(without_overruled(std::move(rules))) {
  for (const Rule& rule: rules_) index_.add(rule.match, rule.uri, rule);
}

const Rule* Permissions::find(std::string_view uri) const { return index_.best(uri); }

const Rule* Permissions::find_cover(std::string_view pattern, Match match) const {
  const Rule* best = nullptr;
  const auto start = match == Match::prefix ? pattern : literal_start(pattern);
  for (const Rule& rule: rules_) {
    if (rule.match != Match::prefix || !start.starts_with(rule.uri)) continue;
    if (best == nullptr || rule.uri.size() > best->uri.size()) best = &rule;
  }
  if (best != nullptr || match == Match::prefix) return best;
  for (const Rule& rule: rules_) {
    if (rule.match != Match::wildcard || !covers_wildcard(rule.uri, pattern)) continue;
    if (best == nullptr || is_better_wildcard(rule.uri, best->uri)) best = &rule;
  }
  return best;
}

const Rule* Permissions::find_pattern(std::string_view pattern, Match match, Action action) const {
  if (match == Match::exact) {
    const Rule* rule = find(pattern);
    return rule != nullptr && rule->allow.has(action) ? rule : nullptr;
  }
  const Rule* cover = find_cover(pattern, match);
  if (cover == nullptr || !cover->allow.has(action)) return nullptr;
  const bool denied_somewhere = std::ranges::any_of(rules_, [&](const Rule& rule) {
    return !rule.allow.has(action) && goes_before(rule, *cover) && rule_meets(rule, pattern, match);
  });
  return denied_somewhere ? nullptr : cover;
}

}  // namespace crosspoint::wamp::auth
