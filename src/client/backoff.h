#pragma once
// How long to wait before dialling again. Pure: it is told what happened, and answers with a delay.
//
// Two families of schedule:
//   - later_by_a_part: 1, 2, 4, 8, 10, 10 … s as the older host agent had it, each up to a fifth longer,
//   never shorter, so
//     that a fleet which lost its relay at one moment does not come back at one moment;
//   - anywhere_below: "full jitter", any delay between nothing and the schedule's value (reliability row H1).
//
// A connection that ends soon after it was made counts as one more failure: a relay that accepts and closes
// at once is not dialled in a tight loop. One that lived longer than `settled_after` starts the schedule
// anew.

#include <cstdint>

#include "base/random.h"
#include "base/time.h"

namespace crosspoint::client {

struct BackoffPolicy {
  enum class Jitter { later_by_a_part, anywhere_below };

  Duration first = 1s;     // after the first failure; doubles with each further one
  Duration longest = 10s;  // where doubling stops
  Jitter jitter = Jitter::later_by_a_part;
  std::uint32_t jitter_percent = 20;  // later_by_a_part: at most so much is added

  Duration settled_after = 10s;        // a connection that lived longer was a good one
  Duration after_short_life_min = 1s;  // between the end of a shorter one and the next attempt
  Duration after_settled_max = 500ms;  // after a good one: at once, spread over this

  // Reconnecting quickly where many agents share a relay: 0.1 → 10 s, full jitter.
  static BackoffPolicy full_jitter() {
    BackoffPolicy policy;
    policy.first = 100ms;
    policy.jitter = Jitter::anywhere_below;
    return policy;
  }
};

class Backoff {
 public:
  // `random` outlives the backoff.
  Backoff(const BackoffPolicy& policy, Random& random) : policy_(policy), random_(random) {}

  // An attempt failed: refused, timed out, the name did not resolve.
  Duration after_failure();
  // A connection ended that lived for so long.
  Duration after_connection(Duration lived);

  // Failures in a row, short-lived connections included.
  std::uint32_t failures() const { return failures_; }

 private:
  Duration scheduled() const;
  Duration anywhere_up_to(Duration longest);

  BackoffPolicy policy_;
  Random& random_;
  std::uint32_t failures_ = 0;
};

}  // namespace crosspoint::client
