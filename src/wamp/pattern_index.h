#pragma once
// Finds what a URI means to whom: values under exact URIs, prefix patterns and wildcard patterns. The broker
// asks for all that match (subscriptions), the dealer for the best (registrations); permissions are chosen
// as the dealer chooses.
//
// Any number of values costs a question next to nothing: exact URIs are hashed, prefixes and wildcards lie in
// trees that the URI leads through. Of each kind there is one value for a URI. What is asked once about a URI
// that stands there exactly is asked again (a topic that somebody subscribes to is published to many times),
// and the way through the trees is long in lines of memory; so which patterns it matches is remembered beside
// it, until a pattern comes or goes.
//
// Values are not owned; whoever adds one takes it out before it goes. URIs are what is_uri() and is_pattern()
// let through. While a question is visited nothing may be added or taken out.

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>

#include "base/assert.h"
#include "base/text_hash.h"
#include "wamp/options.h"
#include "wamp/prefix_tree.h"
#include "wamp/wildcard_tree.h"

namespace crosspoint::wamp {

template <typename T>
class PatternIndex {
 public:
  // A URI that matches more patterns is looked up anew each time: what is remembered lies beside it, and
  // is not allocated.
  static constexpr std::size_t remembered_patterns_max = 3;

  // There is none yet: find() is null.
  void add(Match match, std::string_view uri, T& value) {
    switch (match) {
      case Match::exact: CROSSPOINT_ASSERT(exact_.emplace(uri, Place{&value}).second); return;
      case Match::prefix: prefixes_.add(uri, value); break;
      case Match::wildcard: wildcards_.add(uri, value); break;
    }
    ++patterns_version_;
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
    ++patterns_version_;
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
    const auto found = exact_.find(uri);
    if (found == exact_.end()) return 1 + match_patterns(uri, visit);
    const Place& place = found->second;
    visit(*place.value);
    if (place.remembered_version == patterns_version_) {
      for (std::size_t i = 0; i < place.remembered; ++i) visit(*place.patterns[i]);
      return 1;
    }
    std::size_t matched = 0;
    const auto visit_and_remember = [&](T& value) {
      visit(value);
      if (matched < remembered_patterns_max) place.patterns[matched] = &value;
      ++matched;
    };
    const std::size_t steps = match_patterns(uri, visit_and_remember);
    const bool few = matched <= remembered_patterns_max;
    place.remembered_version = few ? patterns_version_ & version_mask : 0;
    place.remembered = few ? matched & 0xff : 0;
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
  static constexpr std::uint64_t version_mask =
      (std::uint64_t{1} << 56) - 1;  // more than ever comes and goes
  struct Place {
    T* value;
    // Which patterns its URI matches; right as long as the patterns are those of this version.
    mutable std::uint64_t remembered_version : 56 = 0;
    mutable std::uint64_t remembered : 8 = 0;  // so many of these
    mutable std::array<T*, remembered_patterns_max> patterns = {};
  };

  template <typename Visitor>
  std::size_t match_patterns(std::string_view uri, Visitor& visit) const {
    const std::size_t steps = prefixes_.match(uri, std::ref(visit));
    return steps + wildcards_.match(uri, std::ref(visit));
  }

  T* find_exact(std::string_view uri) const {
    const auto place = exact_.find(uri);
    return place == exact_.end() ? nullptr : place->second.value;
  }

  ByText<Place> exact_;
  PrefixTree<T> prefixes_;
  WildcardTree<T> wildcards_;
  std::uint64_t patterns_version_ = 1;
};

}  // namespace crosspoint::wamp
