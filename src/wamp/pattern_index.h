#pragma once
// Finds what a URI means to whom: values under exact URIs, prefix patterns and wildcard patterns. The broker
// asks for all that match (subscriptions), the dealer for the best (registrations); permissions are chosen
// as the dealer chooses.
//
// Exact URIs are hashed, prefixes and wildcards lie in trees that the URI leads through. Of each kind there
// is one value for a URI. What an answer costs does not grow with the number of values, but the way through
// large trees is long in lines of memory; so which patterns a URI matches is remembered: beside the URI,
// where it stands exactly, and for a bounded number of others (uri_memory.h). A pattern that comes or goes
// costs the answers that it has to do with, and no others (pattern_changes.h).
//
// Values are not owned; whoever adds one takes it out before it goes. URIs are what is_uri() and is_pattern()
// let through. While a question is visited nothing may be added or taken out.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/assert.h"
#include "base/text_hash.h"
#include "wamp/options.h"
#include "wamp/pattern_changes.h"
#include "wamp/prefix_tree.h"
#include "wamp/uri_memory.h"
#include "wamp/wildcard_tree.h"

namespace crosspoint::wamp {

template <typename T>
class PatternIndex {
 public:
  // A URI that matches more patterns is looked up anew each time: what is remembered of it is not allocated.
  static constexpr std::size_t remembered_patterns_max = 3;

  // There is none yet: find() is null.
  void add(Match match, std::string_view uri, T& value) {
    switch (match) {
      case Match::exact: CROSSPOINT_ASSERT(exact_.emplace(uri, Place{&value, {}}).second); return;
      case Match::prefix: prefixes_.add(uri, value); break;
      case Match::wildcard: wildcards_.add(uri, value); break;
    }
    changes_.add(match, uri);
  }

  // There is one: find() is not null.
  void remove(Match match, std::string_view uri) {
    switch (match) {
      case Match::exact: {
        const auto place = exact_.find(uri);
        CROSSPOINT_ASSERT(place != exact_.end());
        exact_.erase(place);
        return;
      }
      case Match::prefix: prefixes_.remove(uri); break;
      case Match::wildcard: wildcards_.remove(uri); break;
    }
    changes_.add(match, uri);
    if (prefixes_.size() + wildcards_.size() == 0) elsewhere_ = {};  // a crowd that has left holds no memory
  }

  // What stands under this very pattern; null: nothing.
  T* find(Match match, std::string_view uri) const {
    switch (match) {
      case Match::exact: return find_exact(uri);
      case Match::prefix: return prefixes_.find(uri);
      case Match::wildcard: return wildcards_.find(uri);
    }
    return nullptr;
  }

  // visit(T&) for everything that `uri` matches: the exact one, prefixes from the shortest, wildcards from
  // the best. How many places were looked at, for tests of what it costs.
  template <typename Visitor>
  std::size_t match(std::string_view uri, Visitor visit) const {
    const HashedUri hashed{uri, TextHash{}(uri)};
    const auto found = exact_.find(hashed);
    if (found != exact_.end()) {
      const Place& place = found->second;
      visit(*place.value);
      return 1 + match_patterns(uri, place.known, visit);
    }
    if (prefixes_.size() + wildcards_.size() == 0) return 1;
    const Known* remembered = elsewhere_.find(uri, hashed.hash);
    Known known = remembered == nullptr ? Known() : *remembered;
    const std::uint64_t before = known.as_of;
    const std::size_t steps = match_patterns(uri, known, visit);
    if (known.as_of != before) elsewhere_.remember(uri, hashed.hash, known);
    return 1 + steps;
  }

  // The exact one, else the longest prefix, else the best wildcard (wildcard_tree.h says which that is).
  // Null: none matches.
  T* best(std::string_view uri) const {
    if (T* exact = find_exact(uri)) return exact;
    if (T* prefix = prefixes_.longest(uri)) return prefix;
    return wildcards_.best(uri);
  }

  std::size_t size(Match match) const {
    switch (match) {
      case Match::exact: return exact_.size();
      case Match::prefix: return prefixes_.size();
      case Match::wildcard: return wildcards_.size();
    }
    return 0;
  }
  std::size_t size() const { return exact_.size() + prefixes_.size() + wildcards_.size(); }

 private:
  static constexpr std::uint64_t number_mask = (std::uint64_t{1} << 56) - 1;  // more than ever comes and goes
  // Which patterns a URI matches, if that is known.
  struct Known {
    std::uint64_t as_of : 56 = PatternChanges::never;
    std::uint64_t count : 8 = 0;
    std::array<T*, remembered_patterns_max> patterns = {};
  };
  struct Place {
    T* value;
    mutable Known known;
  };
  // So that one hash serves both tables.
  struct HashedUri {
    std::string_view text;
    std::size_t hash;
  };
  struct UriHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view uri) const { return TextHash{}(uri); }
    std::size_t operator()(const HashedUri& uri) const { return uri.hash; }
  };
  struct UriEqual {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const { return a == b; }
    bool operator()(const HashedUri& a, std::string_view b) const { return a.text == b; }
    bool operator()(std::string_view a, const HashedUri& b) const { return a == b.text; }
  };
  using Exact = std::unordered_map<std::string, Place, UriHash, UriEqual>;

  // How many nodes of the trees were looked at: none, where the answer was known.
  template <typename Visitor>
  std::size_t match_patterns(std::string_view uri, Known& known, Visitor& visit) const {
    const std::uint64_t latest = changes_.latest();
    if (known.as_of != latest && !changes_.spared(uri, known.as_of)) return walk(uri, known, visit);
    known.as_of = latest & number_mask;
    for (std::size_t i = 0; i < known.count; ++i) visit(*known.patterns[i]);
    return 0;
  }

  template <typename Visitor>
  std::size_t walk(std::string_view uri, Known& known, Visitor& visit) const {
    std::size_t matched = 0;
    const auto visit_and_remember = [&](T& value) {
      visit(value);
      if (matched < remembered_patterns_max) known.patterns[matched] = &value;
      ++matched;
    };
    const std::size_t steps = prefixes_.match(uri, visit_and_remember);
    const std::size_t more = wildcards_.match(uri, visit_and_remember);
    const bool few = matched <= remembered_patterns_max;
    known.as_of = few ? changes_.latest() & number_mask : PatternChanges::never;
    known.count = few ? matched & 0xff : 0;
    return steps + more;
  }

  T* find_exact(std::string_view uri) const {
    const auto place = exact_.find(uri);
    return place == exact_.end() ? nullptr : place->second.value;
  }

  Exact exact_;
  PrefixTree<T> prefixes_;
  WildcardTree<T> wildcards_;
  PatternChanges changes_;
  mutable UriMemory<Known> elsewhere_;
};

}  // namespace crosspoint::wamp
