#pragma once
// The patterns that came and went last: by them an answer about a URI that was found earlier is known to be
// still right, without looking for it once more.
//
// Each change has a number. An answer is of the number that was the latest when it was found; it stays right
// as long as no later pattern has to do with its URI. After more changes than are kept here nobody knows.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wamp/uri.h"

namespace crosspoint::wamp {

class PatternChanges {
 public:
  static constexpr std::size_t kept_max = 32;

  // Of no change, and so of no answer.
  static constexpr std::uint64_t never = 0;
  std::uint64_t latest() const { return latest_; }

  // Prefixes and wildcards.
  void add(Match match, std::string_view pattern) {
    const std::size_t place = ++latest_ % kept_max;
    if (changes_.size() <= place) changes_.resize(place + 1);
    changes_[place].match = match;
    changes_[place].pattern = pattern;
  }

  // What `uri` matches is what it was at `number`. False: it is not, or nobody knows.
  bool spared(std::string_view uri, std::uint64_t number) const {
    if (number == never || latest_ - number > kept_max) return false;
    while (number != latest_) {
      const Change& change = changes_[++number % kept_max];
      if (matches(uri, change.pattern, change.match)) return false;
    }
    return true;
  }

 private:
  struct Change {
    Match match{};
    std::string pattern;
  };
  std::uint64_t latest_ = 1;
  std::vector<Change> changes_;  // by their numbers modulo kept_max
};

}  // namespace crosspoint::wamp
