#pragma once
// Notices a loop that stands still: whose turn goes on and on, so that nobody on it is served (reliability
// row J10). Pure: it is told when each loop's turn began, as SystemLoop::turning_since() says, and answers
// with what there is to tell. Who asks is on a thread of its own (cli/loop_threads.h): a loop that stands
// cannot tell anything itself.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"

namespace crosspoint::net {

class StallWatch {
 public:
  // A turn takes microseconds. A second is more than a machine with too much to do keeps one waiting.
  static constexpr Duration noticed_after = 1s;
  static constexpr Duration look_every = 250ms;

  struct Notice {
    std::size_t loop;  // by number
    Duration stood;    // so far, or until it went on, to look_every
    bool goes_on;      // it is over
    bool operator==(const Notice&) const = default;
  };

  explicit StallWatch(std::size_t loops) : loops_(loops) {}

  // To be called each look_every; `turning_since` holds for each loop when the turn began that it is in, or
  // nothing. A loop is told of once it has stood for noticed_after, again each time that has doubled, and
  // when it goes on.
  std::vector<Notice> look(std::span<const std::optional<MonotonicTime>> turning_since, MonotonicTime now);

 private:
  struct Watched {
    std::optional<MonotonicTime> turn;
    Duration next_notice = noticed_after;
    Duration stood{};  // when it was last looked at
  };
  std::vector<Watched> loops_;
};

}  // namespace crosspoint::net
