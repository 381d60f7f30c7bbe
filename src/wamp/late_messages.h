#pragma once
// Messages that may still come in although the call they belong to is over: a callee answers an invocation
// whose caller has given up, a caller sends more arguments for a call that has been answered. They are to be
// dropped, and are no violation; any other message with a number that means nothing is one.
//
// Bounded: past `max` the lowest numbers are forgotten, and from then on every number up to there counts as
// `forgotten`. What nobody can tell any more is not held against a peer.

#include <algorithm>
#include <cstdint>
#include <set>

#include "wamp/ids.h"

namespace crosspoint::wamp {

class LateMessages {
 public:
  enum class Verdict : std::uint8_t { expected, forgotten, unexpected };

  void expect(RequestId request, std::size_t max) {
    expected_.insert(request);
    while (expected_.size() > max) {
      forgotten_up_to_ = std::max(forgotten_up_to_, *expected_.begin());
      expected_.erase(expected_.begin());
    }
  }

  // A message came. After the last of its call none is expected any more.
  Verdict take(RequestId request, bool last) {
    const auto place = expected_.find(request);
    if (place != expected_.end()) {
      if (last) expected_.erase(place);
      return Verdict::expected;
    }
    return request <= forgotten_up_to_ ? Verdict::forgotten : Verdict::unexpected;
  }

  std::size_t size() const { return expected_.size(); }

 private:
  std::set<RequestId> expected_;
  RequestId forgotten_up_to_{};  // ids begin at 1
};

}  // namespace crosspoint::wamp
