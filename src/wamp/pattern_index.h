#pragma once
// Finds what a URI means to whom: values under exact URIs, prefix patterns and wildcard patterns. The broker
// asks for all that match (subscriptions), the dealer for the best (registrations); permissions are chosen
// as the dealer chooses.
//
// Any number of values costs a question next to nothing: exact URIs are hashed, prefixes and wildcards lie in
// trees that the URI leads through. Of each kind there is one value for a URI.
//
// Values are not owned; whoever adds one takes it out before it goes. URIs are what is_uri() and is_pattern()
// let through. While a question is visited nothing may be added or taken out.

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
  // There is none yet: find() is null.
  void add(Match match, std::string_view uri, T& value) {
    switch (match) {
      case Match::exact: CROSSPOINT_ASSERT(exact_.emplace(uri, &value).second); break;
      case Match::prefix: prefixes_.add(uri, value); break;
      case Match::wildcard: wildcards_.add(uri, value); break;
    }
  }

  // There is one: find() is not null.
  void remove(Match match, std::string_view uri) {
    switch (match) {
      case Match::exact: {
        const auto place = exact_.find(uri);
        CROSSPOINT_ASSERT(place != exact_.end());
        exact_.erase(place);
        break;
      }
      case Match::prefix: prefixes_.remove(uri); break;
      case Match::wildcard: wildcards_.remove(uri); break;
    }
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
    if (T* exact = find_exact(uri)) visit(*exact);
    return 1 + prefixes_.match(uri, visit) + wildcards_.match(uri, visit);
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
  T* find_exact(std::string_view uri) const {
    const auto place = exact_.find(uri);
    return place == exact_.end() ? nullptr : place->second;
  }

  ByText<T*> exact_;
  PrefixTree<T> prefixes_;
  WildcardTree<T> wildcards_;
};

}  // namespace crosspoint::wamp
