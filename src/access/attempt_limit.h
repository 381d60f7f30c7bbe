#pragma once
// How often one address may present codes that are no good, before it is told to slow down (reliability row
// C10). Only failures count, and a good code is let in all the same: behind one address there may be a whole
// classroom.
//
// A window of fixed length for each address that failed in it; bounded, the addresses of a window that is
// over are forgotten first.

#include <cstdint>
#include <string_view>

#include "base/text_hash.h"
#include "base/time.h"

namespace crosspoint::access {

class AttemptLimit {
 public:
  struct Settings {
    std::uint32_t failures_max = 10;  // 0: no limit
    Duration window = 60s;
    std::size_t addresses_max = 10'000;
  };
  explicit AttemptLimit(const Settings& settings) : settings_(settings) {}

  // Notes one more failure. False when that was one too many: answer 429.
  bool allows_failure(std::string_view address, MonotonicTime now);
  std::size_t addresses() const { return windows_.size(); }

 private:
  struct Window {
    MonotonicTime began;
    std::uint32_t failures;
  };
  void make_room(MonotonicTime now);

  const Settings settings_;
  ByText<Window> windows_;
};

}  // namespace crosspoint::access
