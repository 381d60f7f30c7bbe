#include "net/stall_watch.h"

#include "base/assert.h"

namespace crosspoint::net {

std::vector<StallWatch::Notice> StallWatch::look(std::span<const std::optional<MonotonicTime>> turning_since,
                                                 MonotonicTime now) {
  CROSSPOINT_ASSERT(turning_since.size() == loops_.size());
  std::vector<Notice> notices;
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    Watched& loop = loops_[i];
    if (loop.turn != turning_since[i]) {
      if (loop.stood >= noticed_after) notices.push_back({i, loop.stood, true});
      loop = {.turn = turning_since[i]};
    }
    if (!loop.turn) continue;
    loop.stood = now - *loop.turn;
    if (loop.stood < loop.next_notice) continue;
    while (loop.next_notice <= loop.stood) loop.next_notice *= 2;
    notices.push_back({i, loop.stood, false});
  }
  return notices;
}

}  // namespace crosspoint::net
