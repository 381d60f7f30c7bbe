#pragma once
// The calls of one caller that have no answer yet: which request is which, and that none is answered twice.
// Requests count from 1.

#include <algorithm>
#include <cstdint>
#include <deque>

namespace crosspoint::bench {

class OpenCalls {
 public:
  // The next request.
  std::uint64_t begin() {
    open_.push_back(++begun_);
    return begun_;
  }
  // False: it is none of those that are open. Answers may overtake each other, which WAMP allows between
  // calls; but mostly the oldest is answered.
  bool end(std::uint64_t request) {
    const auto place = std::ranges::find(open_, request);
    if (place == open_.end()) return false;
    open_.erase(place);
    return true;
  }
  std::size_t open() const { return open_.size(); }
  std::uint64_t begun() const { return begun_; }

 private:
  std::deque<std::uint64_t> open_;  // from the oldest
  std::uint64_t begun_ = 0;
};

}  // namespace crosspoint::bench
