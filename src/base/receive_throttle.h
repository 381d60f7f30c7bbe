#pragma once
// Whoever sends more than it may in a second is not read for as long as what it sent too much is worth (row
// D6). What was read in one go is always handled; the debt makes up for it. Pure: it is given the time.

#include <algorithm>
#include <cstdint>

#include "base/time.h"

namespace crosspoint {

struct ReceiveRates {
  std::uint64_t bytes_per_second_max = 0;     // 0: no limit
  std::uint64_t messages_per_second_max = 0;  // the same
  bool any() const { return bytes_per_second_max > 0 || messages_per_second_max > 0; }
};

class ReceiveThrottle {
 public:
  void charge(std::uint64_t bytes, std::uint64_t messages, const ReceiveRates& rates, MonotonicTime now) {
    use(bytes_used_until_, bytes, rates.bytes_per_second_max, now);
    use(messages_used_until_, messages, rates.messages_per_second_max, now);
  }
  // For each limit there is a time until which the peer has used up what it may send; this is the later of
  // them. Until then nothing more is read.
  MonotonicTime used_until() const { return std::max(bytes_used_until_, messages_used_until_); }

 private:
  // A second's worth may come at once.
  static void use(MonotonicTime& used_until, std::uint64_t amount, std::uint64_t per_second,
                  MonotonicTime now) {
    if (per_second == 0) return;
    const double seconds = static_cast<double>(amount) / static_cast<double>(per_second);
    used_until = std::max(used_until, now - 1s) +
                 std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
  }

  MonotonicTime bytes_used_until_{};
  MonotonicTime messages_used_until_{};
};

}  // namespace crosspoint
