#include "wamp/pattern_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "testing/seed.h"

namespace crosspoint::wamp {
namespace {

struct Pattern {
  Match match;
  std::string uri;
  auto operator<=>(const Pattern&) const = default;
};

std::vector<std::string> found(const PatternIndex<Pattern>& index, std::string_view uri) {
  std::vector<std::string> uris;
  index.match(uri, [&](const Pattern& pattern) { uris.push_back(pattern.uri); });
  return uris;
}

// Owns what its index finds.
class PatternIndexOf : public PatternIndex<Pattern> {
 public:
  PatternIndexOf(std::initializer_list<Pattern> patterns) {
    for (const Pattern& pattern: patterns) put(pattern);
  }
  void put(const Pattern& pattern) { add(pattern.match, pattern.uri, kept_.emplace_back(pattern)); }
  // "" when nothing matches.
  std::string best_of(std::string_view uri) const {
    const Pattern* pattern = best(uri);
    return pattern == nullptr ? "" : std::string(to_string(pattern->match)) + " " + pattern->uri;
  }

 private:
  std::deque<Pattern> kept_;
};

using Uris = std::vector<std::string>;

TEST(PatternIndex, AnEmptyOneFindsNothing) {
  const PatternIndexOf index{};
  EXPECT_EQ(found(index, "a.b"), Uris{});
  EXPECT_EQ(index.best("a.b"), nullptr);
  EXPECT_EQ(index.find(Match::prefix, ""), nullptr);
  EXPECT_EQ(index.find(Match::wildcard, ""), nullptr);
}

TEST(PatternIndex, FindsTheExactOneThenPrefixesFromTheShortestThenWildcardsFromTheBest) {
  const PatternIndexOf index{{Match::wildcard, "..c"},    {Match::wildcard, "a.b."}, {Match::prefix, "a.b.c"},
                             {Match::prefix, ""},         {Match::exact, "a.b.c"},   {Match::prefix, "a."},
                             {Match::wildcard, "a..d"},   {Match::exact, "a.b"},     {Match::prefix, "a.bc"},
                             {Match::wildcard, "a.b.c."}, {Match::wildcard, "."}};
  EXPECT_EQ(found(index, "a.b.c"), (Uris{"a.b.c", "", "a.", "a.b.c", "a.b.", "..c"}));
}

TEST(PatternIndex, OneTextIsAnotherPatternForEachWayOfMatching) {
  const PatternIndexOf index{{Match::exact, "a.b"}, {Match::prefix, "a.b"}, {Match::wildcard, "a.b"}};
  EXPECT_EQ(index.size(), 3u);
  for (const auto match: {Match::exact, Match::prefix, Match::wildcard}) {
    EXPECT_EQ(index.size(match), 1u);
    ASSERT_NE(index.find(match, "a.b"), nullptr);
    EXPECT_EQ(index.find(match, "a.b")->match, match);
  }
  EXPECT_EQ(found(index, "a.b").size(), 3u);
}

TEST(PatternIndex, APrefixMayEndWithinAComponentAndEvenWithinACharacter) {
  const PatternIndexOf index{{Match::prefix, "com.ex"}, {Match::prefix, "com.m\xc3"}};
  EXPECT_EQ(found(index, "com.example"), Uris{"com.ex"});
  EXPECT_EQ(found(index, "com.m\xc3\xbcller"), Uris{"com.m\xc3"});
  EXPECT_EQ(found(index, "com.e"), Uris{});
}

TEST(PatternIndex, FindsOnlyWhatWasPutInNotWhatItLeadsThrough) {
  const PatternIndexOf index{
      {Match::prefix, "com.abc"}, {Match::prefix, "com.abd"}, {Match::wildcard, "a..c"}};
  EXPECT_EQ(index.find(Match::prefix, "com.ab"), nullptr);
  EXPECT_EQ(index.find(Match::prefix, "com.abcd"), nullptr);
  EXPECT_EQ(index.find(Match::wildcard, "a."), nullptr);
  EXPECT_EQ(index.find(Match::wildcard, "a..c."), nullptr);
  EXPECT_NE(index.find(Match::wildcard, "a..c"), nullptr);
}

// --- What the dealer asks. ---

TEST(PatternIndexBest, IsTheExactOneThenTheLongestPrefixThenAWildcard) {
  PatternIndexOf index{{Match::wildcard, "a..c"}};
  EXPECT_EQ(index.best_of("a.b.c"), "wildcard a..c");
  index.put({Match::prefix, ""});
  EXPECT_EQ(index.best_of("a.b.c"), "prefix ");
  index.put({Match::prefix, "a.b"});
  index.put({Match::prefix, "a."});
  EXPECT_EQ(index.best_of("a.b.c"), "prefix a.b");
  index.put({Match::exact, "a.b.c"});
  EXPECT_EQ(index.best_of("a.b.c"), "exact a.b.c");
}

// The list of the specification's section on pattern-based registrations, with c44 where that has c33: of
// which its own prefix c3 is a prefix.
TEST(PatternIndexBest, AgreesWithTheSpecificationsExample) {
  const PatternIndexOf index{{Match::exact, "a1.b2.c3.d4.e55"},    {Match::prefix, "a1.b2.c3"},
                             {Match::prefix, "a1.b2.c3.d4"},       {Match::wildcard, "a1.b2..d4.e5"},
                             {Match::wildcard, "a1.b2.c44..e5"},   {Match::wildcard, "a1.b2..d4.e5..g7"},
                             {Match::wildcard, "a1.b2..d4..f6.g7"}};
  EXPECT_EQ(index.best_of("a1.b2.c3.d4.e55"), "exact a1.b2.c3.d4.e55");
  EXPECT_EQ(index.best_of("a1.b2.c3.d98.e74"), "prefix a1.b2.c3");
  EXPECT_EQ(index.best_of("a1.b2.c3.d4.e325"), "prefix a1.b2.c3.d4");
  EXPECT_EQ(index.best_of("a1.b2.c55.d4.e5"), "wildcard a1.b2..d4.e5");
  EXPECT_EQ(index.best_of("a1.b2.c44.d4.e5"), "wildcard a1.b2.c44..e5");
  EXPECT_EQ(index.best_of("a1.b2.c88.d4.e5.f6.g7"), "wildcard a1.b2..d4.e5..g7");
  EXPECT_EQ(index.best_of("a2.b2.c2.d2.e2"), "");
}

TEST(PatternIndexBest, OfWildcardsHasTheMostComponentsBeforeEachEmptyOneInTurn) {
  const std::vector<std::pair<std::string, std::string>> better_and_worse{
      {"a.b.c..e", "a.b..d.e"},  // 3 before the first against 2, although 1 against 2 follow
      {"a.b..d.", "a.b...e"},    // 2 and 2, then 1 against 0
      {"a....", ".b.c.d.e"},     // 1 against 0
      {".b.c..e", ".b..d.e"},    // 0 and 0, then 2 against 1
      {"a..c..e", "a...d.e"},    // nothing stands between two empty components side by side
      {"a.b.c.d.e", "a.b.c.d."}, {"....e", "....."}};
  for (const auto& [better, worse]: better_and_worse) {
    const PatternIndexOf index{{Match::wildcard, worse}, {Match::wildcard, better}};
    EXPECT_EQ(index.best_of("a.b.c.d.e"), "wildcard " + better) << worse;
  }
}

TEST(PatternIndexBest, TurnsBackWhereAPromisingBeginningLeadsNowhere) {
  const PatternIndexOf index{
      {Match::wildcard, "a.b.c.x"}, {Match::wildcard, "a.b..y"}, {Match::wildcard, "...d"}};
  EXPECT_EQ(index.best_of("a.b.c.d"), "wildcard ...d");
}

// --- What it costs. ---

TEST(PatternIndexCost, AHundredThousandPatternsAreHardlyLookedAt) {
  PatternIndexOf index{};
  for (int i = 0; i < 30'000; ++i) {
    const std::string number = std::to_string(i);
    index.put({Match::exact, "com.example.exact." + number});
    index.put({Match::prefix, "com.example.prefix." + number});
    index.put({Match::wildcard, "com..wildcard." + number});
    if (i < 10'000) index.put({Match::wildcard, "." + number + ".wildcard"});
  }
  ASSERT_EQ(index.size(), 100'000u);

  std::size_t matched = 0;
  const auto count = [&](const Pattern&) { ++matched; };
  EXPECT_LE(index.match("com.example.exact.4711", count), 8u);
  EXPECT_LE(index.match("com.example.wildcard.4711", count), 12u);
  EXPECT_EQ(matched, 2u);
  // One pattern for each beginning of the number: 4, 47, 471, 4711.
  EXPECT_LE(index.match("com.example.prefix.4711", count), 16u);
  EXPECT_EQ(matched, 6u);
}

// Reliability row F3.
TEST(PatternIndexCost, WildcardsOfDepth64CostNoMoreThanTheirDepth) {
  PatternIndexOf index{};
  std::string uri = "x";
  for (int i = 1; i < 64; ++i) uri += ".x";
  for (std::size_t named = 0; named < 64; ++named) {
    std::string pattern(63, '.');
    pattern.insert(named, "y");
    index.put({Match::wildcard, pattern});
  }
  std::size_t matched = 0;
  EXPECT_LE(index.match(uri, [&](const Pattern&) { ++matched; }), 65u);
  EXPECT_EQ(matched, 0u);
}

TEST(PatternIndexCost, PatternsOfAnotherLengthAreNotLookedAt) {
  PatternIndexOf index{{Match::wildcard, "a.b.c."}};
  EXPECT_EQ(index.match("a.b.c", [](const Pattern&) {}), 1u);
}

TEST(PatternIndexCost, NothingIsLeftWhenAllHaveGone) {
  PrefixTree<int> prefixes;
  WildcardTree<int> wildcards;
  int value = 0;
  std::vector<std::string> patterns;
  for (const auto* text: {"", "a", "ab", "abc", "abd", "b", "bcdef", "bcxyz", "a.b.c", "a..c", "..", "a.."}) {
    prefixes.add(text, value);
    wildcards.add(text, value);
  }
  for (const auto* text: {"abd", "", "bcdef", "..", "a", "a..", "abc", "b", "a..c", "bcxyz", "ab", "a.b.c"}) {
    prefixes.remove(text);
    wildcards.remove(text);
    EXPECT_EQ(prefixes.find(text), nullptr);
    EXPECT_EQ(wildcards.find(text), nullptr);
  }
  EXPECT_EQ(prefixes.size() + wildcards.size(), 0u);
  EXPECT_EQ(prefixes.nodes(), 1u);
  EXPECT_EQ(wildcards.nodes(), 1u);
}

TEST(PatternIndexCost, APrefixTreeHasNoNodesWithoutNeed) {
  PrefixTree<int> tree;
  int value = 0;
  tree.add("com.example.a", value);
  EXPECT_EQ(tree.nodes(), 2u);  // with the root
  tree.add("com.example.b", value);
  EXPECT_EQ(tree.nodes(), 4u);
  tree.remove("com.example.a");
  EXPECT_EQ(tree.nodes(), 2u);
  EXPECT_EQ(tree.longest("com.example.bc"), &value);
}

TEST(PatternIndexCost, WhichPatternsAnExactUriMatchesIsRememberedUntilPatternsChange) {
  PatternIndexOf index{{Match::exact, "a.b.c"}, {Match::prefix, "a."}, {Match::wildcard, "a..c"}};
  const Uris all{"a.b.c", "a.", "a..c"};
  const auto steps = [&] { return index.match("a.b.c", [](const Pattern&) {}); };
  EXPECT_GT(steps(), 1u);
  EXPECT_EQ(steps(), 1u);
  EXPECT_EQ(found(index, "a.b.c"), all);

  index.put({Match::exact, "x"});  // nobody's pattern
  EXPECT_EQ(steps(), 1u);
  index.put({Match::prefix, "a.b"});
  EXPECT_EQ(found(index, "a.b.c"), (Uris{"a.b.c", "a.", "a.b", "a..c"}));
  EXPECT_EQ(steps(), 1u);
  index.remove(Match::prefix, "a.b");
  EXPECT_EQ(found(index, "a.b.c"), all);
  index.remove(Match::wildcard, "a..c");
  EXPECT_EQ(found(index, "a.b.c"), (Uris{"a.b.c", "a."}));
  index.remove(Match::exact, "a.b.c");
  EXPECT_EQ(found(index, "a.b.c"), Uris{"a."});
}

std::size_t steps_of(const PatternIndex<Pattern>& index, std::string_view uri) {
  return index.match(uri, [](const Pattern&) {});
}

TEST(PatternIndexCost, APatternThatComesOrGoesCostsTheUrisThatItMatchesAndNoOthers) {
  for (const auto* exact: {"a.b.c", "elsewhere"}) {  // what is asked about stands there exactly, or does not
    PatternIndexOf index{{Match::exact, exact}, {Match::prefix, "a."}, {Match::wildcard, "a..c"}};
    EXPECT_GT(steps_of(index, "a.b.c"), 1u);
    for (const auto& [match, uri]: {std::pair(Match::prefix, "a.bc"), std::pair(Match::prefix, "b"),
                                    std::pair(Match::wildcard, "a.."), std::pair(Match::wildcard, ".b.c.")}) {
      const bool meant = matches("a.b.c", uri, match);
      index.put({match, uri});
      EXPECT_EQ(steps_of(index, "a.b.c") > 1, meant) << uri;
      EXPECT_EQ(steps_of(index, "a.b.c"), 1u) << uri;
      index.remove(match, uri);
      EXPECT_EQ(steps_of(index, "a.b.c") > 1, meant) << uri;
    }
    EXPECT_EQ(found(index, "a.b.c").size(), exact == std::string_view("a.b.c") ? 3u : 2u);
  }
}

TEST(PatternIndexCost, AfterMoreChangesThanAreKeptAUriIsLookedUpAnew) {
  PatternIndexOf index{{Match::prefix, "a."}};
  steps_of(index, "a.b");
  const auto change = [&](std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      if (index.find(Match::prefix, "x") == nullptr) {
        index.put({Match::prefix, "x"});
      } else {
        index.remove(Match::prefix, "x");
      }
    }
  };
  change(PatternChanges::kept_max);
  EXPECT_EQ(steps_of(index, "a.b"), 1u);
  change(PatternChanges::kept_max + 1);
  EXPECT_GT(steps_of(index, "a.b"), 1u);
}

TEST(UriMemory, HasABoundedNumberOfPlacesEachOfWhichIsTheLastOnesWhoTookIt) {
  UriMemory<int> memory;
  EXPECT_EQ(memory.find("a", 7), nullptr);
  for (std::size_t i = 0; i < 10 * UriMemory<int>::places_max; ++i) {
    const std::string uri = "a." + std::to_string(i);
    memory.remember(uri, TextHash{}(uri), static_cast<int>(i));
    const int* there = memory.find(uri, TextHash{}(uri));
    ASSERT_TRUE(there != nullptr && *there == static_cast<int>(i));
  }
  EXPECT_EQ(memory.places(), UriMemory<int>::places_max);

  const std::string fits(UriMemory<int>::uri_bytes_max, 'a'), too_long = fits + 'a';
  memory.remember(fits, 1, 5);
  memory.remember(too_long, 1, 6);
  EXPECT_EQ(*memory.find(fits, 1), 5);
  EXPECT_EQ(memory.find(too_long, 1), nullptr);
  EXPECT_EQ(memory.find("a.1", 1), nullptr);
}

TEST(UriMemory, OfFewUrisHasFewPlaces) {
  UriMemory<int> memory;
  for (int turn = 0; turn < 1000; ++turn) {
    for (const std::size_t hash: {1, 2, 3}) memory.remember("a" + std::to_string(hash), hash, turn);
  }
  EXPECT_EQ(memory.places(), 64u);
}

TEST(PatternIndexCost, ANameInWildcardsIsThereAsLongAsAPatternHasIt) {
  WildcardTree<int> tree;
  int value = 0;
  for (const auto* pattern: {"a..b", "a..c", "b..a"}) tree.add(pattern, value);
  EXPECT_EQ(tree.names(), 3u);
  tree.remove("a..c");
  EXPECT_EQ(tree.names(), 2u);
  tree.add("a..d", value);  // takes the number of c
  EXPECT_EQ(tree.find("a..d"), &value);
  EXPECT_EQ(tree.find("a..c"), nullptr);
  tree.remove("a..b");
  tree.remove("a..d");
  EXPECT_EQ(tree.names(), 2u);
  EXPECT_EQ(tree.best("b.x.a"), &value);
}

TEST(PatternIndexCost, AUriThatMatchesMorePatternsThanAreRememberedIsLookedUpEachTime) {
  const std::string uri = "abcdefghi";
  PatternIndexOf index{{Match::exact, uri}};
  for (std::size_t i = 1; i <= PatternIndexOf::remembered_patterns_max; ++i)
    index.put({Match::prefix, uri.substr(0, i)});
  EXPECT_EQ(found(index, uri).size(), 1 + PatternIndexOf::remembered_patterns_max);
  EXPECT_EQ(index.match(uri, [](const Pattern&) {}), 1u);

  index.put({Match::prefix, ""});
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(found(index, uri).size(), 2 + PatternIndexOf::remembered_patterns_max);
  EXPECT_GT(index.match(uri, [](const Pattern&) {}), PatternIndexOf::remembered_patterns_max);
}

// --- Against the obvious. ---

// Few letters, so that much matches; components may be empty where the way of matching allows it.
std::string random_uri(Random& random, Match match) {
  std::string uri;
  const std::uint64_t components = 1 + random.below(4);
  for (std::uint64_t i = 0; i < components; ++i) {
    if (i > 0) uri += '.';
    const bool may_be_empty = match == Match::wildcard || (match == Match::prefix && i + 1 == components);
    if (may_be_empty && random.below(2) == 0) continue;
    for (std::uint64_t letters = 1 + random.below(2); letters > 0; --letters) {
      uri += static_cast<char>('a' + random.below(2));
    }
  }
  return uri;
}

class Naive {
 public:
  std::vector<Pattern*> patterns;

  Pattern* find(const Pattern& wanted) const {
    const auto place = std::ranges::find_if(patterns, [&](Pattern* p) { return *p == wanted; });
    return place == patterns.end() ? nullptr : *place;
  }
  std::vector<Pattern*> match(std::string_view uri) const {
    std::vector<Pattern*> all;
    for (Pattern* p: patterns) {
      if (matches(uri, p->uri, p->match)) all.push_back(p);
    }
    return all;
  }
  Pattern* best(std::string_view uri) const {
    const auto all = match(uri);
    const auto place = std::ranges::max_element(all, {}, [](Pattern* p) { return rank(*p); });
    return place == all.end() ? nullptr : *place;
  }

 private:
  // Exact above prefix above wildcard; prefixes by length; wildcards by the lengths of their runs.
  static std::vector<std::size_t> rank(const Pattern& pattern) {
    if (pattern.match == Match::exact) return {2};
    if (pattern.match == Match::prefix) return {1, pattern.uri.size()};
    std::vector<std::size_t> runs{0, 0};
    std::string_view rest = pattern.uri;
    for (;;) {
      const std::size_t dot = rest.find('.');
      if (rest.substr(0, dot).empty()) {
        runs.push_back(0);
      } else {
        ++runs.back();
      }
      if (dot == std::string_view::npos) return runs;
      rest.remove_prefix(dot + 1);
    }
  }
};

void expect_same_answers(const PatternIndex<Pattern>& index, const Naive& naive, std::string_view uri) {
  std::vector<Pattern*> all;
  index.match(uri, [&](Pattern& pattern) { all.push_back(&pattern); });
  auto expected = naive.match(uri);
  std::ranges::sort(all);
  std::ranges::sort(expected);
  ASSERT_EQ(all, expected) << uri;
  ASSERT_EQ(index.best(uri), naive.best(uri)) << uri;
}

TEST(PatternIndex, AnswersAsTheObviousWouldWhateverComesAndGoes) {
  testing::for_each_seed(10, [](std::uint64_t seed) {
    SeededRandom random(seed);
    std::deque<Pattern> kept;
    PatternIndex<Pattern> index;
    Naive naive;
    for (int turn = 0; turn < 400; ++turn) {
      const auto match = static_cast<Match>(random.below(3));
      const Pattern pattern{match, random_uri(random, match)};
      Pattern* known = naive.find(pattern);
      ASSERT_EQ(index.find(match, pattern.uri), known);
      if (known == nullptr) {
        naive.patterns.push_back(&kept.emplace_back(pattern));
        index.add(match, pattern.uri, kept.back());
      } else {
        index.remove(match, pattern.uri);
        std::erase(naive.patterns, known);
      }
      ASSERT_EQ(index.size(), naive.patterns.size());
      // Twice: the second answer may be remembered.
      const auto uri = random_uri(random, Match::exact);
      for (int i = 0; i < 2; ++i) ASSERT_NO_FATAL_FAILURE(expect_same_answers(index, naive, uri));
    }
  });
}

}  // namespace
}  // namespace crosspoint::wamp
