#include "client/backoff.h"

#include <algorithm>

namespace crosspoint::client {

Duration Backoff::after_failure() {
  const auto delay = scheduled();
  if (failures_ < UINT32_MAX) ++failures_;
  switch (policy_.jitter) {
    case BackoffPolicy::Jitter::later_by_a_part:
      return delay + anywhere_up_to(delay * policy_.jitter_percent / 100);
    case BackoffPolicy::Jitter::anywhere_below: return anywhere_up_to(delay);
  }
  return delay;
}

Duration Backoff::after_connection(Duration lived) {
  if (lived > policy_.settled_after) {
    failures_ = 0;
    return anywhere_up_to(policy_.after_settled_max);
  }
  return std::max(after_failure(), policy_.after_short_life_min);
}

Duration Backoff::scheduled() const {
  auto delay = std::min(policy_.first, policy_.longest);
  // Stops at the longest, so it cannot overflow however often it failed.
  for (std::uint32_t i = 0; i < failures_ && delay < policy_.longest; ++i)
    delay = std::min(delay * 2, policy_.longest);
  return delay;
}

Duration Backoff::anywhere_up_to(Duration longest) {
  if (longest <= Duration::zero()) return Duration::zero();
  return Duration(static_cast<Duration::rep>(random_.below(static_cast<std::uint64_t>(longest.count()) + 1)));
}

}  // namespace crosspoint::client
