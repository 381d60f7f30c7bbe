#pragma once
// Which call runs out of time next. Starting and stopping cost O(log n); of equal times the one that was
// started first comes first.

#include <map>
#include <optional>
#include <utility>

#include "base/time.h"

namespace crosspoint::wamp {

class OpenCall;

class CallTimers {
 public:
  // Where a call is in here; nothing: it is not.
  using Place = std::optional<std::multimap<MonotonicTime, OpenCall*>::iterator>;

  void start(OpenCall& call, Place& place, MonotonicTime due) {
    if (!place) {
      place = timers_.emplace(due, &call);
      return;
    }
    auto node = timers_.extract(*place);
    node.key() = due;
    place = timers_.insert(std::move(node));
  }
  void stop(Place& place) {
    if (place) timers_.erase(*place);
    place.reset();
  }

  std::optional<MonotonicTime> next_due() const {
    if (timers_.empty()) return std::nullopt;
    return timers_.begin()->first;
  }
  // The next call whose time is up; it stays until it is stopped. Null: none.
  OpenCall* find_due(MonotonicTime now) const {
    return timers_.empty() || timers_.begin()->first > now ? nullptr : timers_.begin()->second;
  }
  std::size_t size() const { return timers_.size(); }

 private:
  std::multimap<MonotonicTime, OpenCall*> timers_;
};

}  // namespace crosspoint::wamp
