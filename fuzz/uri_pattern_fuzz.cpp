// Patterns in the index, one to a line, the first character says what to do: e, p and w put in or take out an
// exact URI, a prefix or a wildcard; anything else asks. The index must answer as a look at each pattern
// would.

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "require.h"
#include "wamp/pattern_index.h"
#include "wamp/uri.h"

using namespace crosspoint;
using namespace crosspoint::wamp;

namespace {

struct Pattern {
  Match match;
  std::string uri;
};

class Checked {
 public:
  void toggle(Match match, std::string_view uri) {
    if (!is_pattern(uri, match, UriCheck::loose)) return;
    const auto known = std::ranges::find_if(
        patterns_, [&](const Pattern* pattern) { return pattern->match == match && pattern->uri == uri; });
    if (known == patterns_.end()) {
      REQUIRE(index_.find(match, uri) == nullptr);
      patterns_.push_back(&kept_.emplace_back(match, std::string(uri)));
      index_.add(match, uri, kept_.back());
    } else {
      REQUIRE(index_.find(match, uri) == *known);
      index_.remove(match, uri);
      patterns_.erase(known);
    }
    REQUIRE(index_.size() == patterns_.size());
  }

  void ask(std::string_view uri) const {
    std::vector<const Pattern*> found;
    index_.match(uri, [&](const Pattern& pattern) { found.push_back(&pattern); });
    const auto expected = std::ranges::count_if(
        patterns_, [&](const Pattern* pattern) { return matches(uri, pattern->uri, pattern->match); });
    REQUIRE(found.size() == static_cast<std::size_t>(expected));
    for (const Pattern* pattern: found) REQUIRE(matches(uri, pattern->uri, pattern->match));
    check_best(index_.best(uri), found);
  }

 private:
  static void check_best(const Pattern* best, const std::vector<const Pattern*>& found) {
    REQUIRE((best == nullptr) == found.empty());
    for (const Pattern* other: found) {
      REQUIRE(best->match <= other->match);
      if (best->match == Match::prefix && other->match == Match::prefix) {
        REQUIRE(best->uri.size() >= other->uri.size());
      }
    }
    if (best != nullptr) REQUIRE(std::ranges::find(found, best) != found.end());
  }

  std::deque<Pattern> kept_;
  std::vector<Pattern*> patterns_;
  PatternIndex<Pattern> index_;
};

void check_words(std::string_view uri) {
  const bool exact = is_pattern(uri, Match::exact, UriCheck::loose);
  const bool wildcard = is_pattern(uri, Match::wildcard, UriCheck::loose);
  REQUIRE(exact == is_uri(uri, UriCheck::loose));
  REQUIRE(!exact || is_pattern(uri, Match::prefix, UriCheck::loose));
  REQUIRE(!exact || wildcard || component_count(uri) > wildcard_components_max);
  for (const auto match: {Match::exact, Match::prefix, Match::wildcard}) {
    REQUIRE(!is_pattern(uri, match, UriCheck::strict) || is_pattern(uri, match, UriCheck::loose));
    REQUIRE(matches(uri, uri, match));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  Checked checked;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.empty()) continue;
    const std::string_view uri = line.substr(1);
    check_words(uri);
    switch (line.front()) {
      case 'e': checked.toggle(Match::exact, uri); break;
      case 'p': checked.toggle(Match::prefix, uri); break;
      case 'w': checked.toggle(Match::wildcard, uri); break;
      default: checked.ask(uri);
    }
  }
  return 0;
}
