#pragma once
// How long things took: a histogram whose buckets grow with the value, so that a microsecond and a minute are
// both known to within one part in 32. Fixed memory, whatever is recorded.

#include <array>
#include <cstdint>

#include "base/time.h"

namespace crosspoint::bench {

class Histogram {
 public:
  void record(Duration value);
  std::uint64_t count() const { return count_; }
  // The value below which this share (0 to 1) of what was recorded lies; 0 when nothing was.
  Duration percentile(double share) const;
  Duration longest() const { return longest_; }
  Duration mean() const;

 private:
  static constexpr int sub_bits = 5;
  static std::size_t bucket_of(std::uint64_t nanoseconds);
  static std::uint64_t middle_of(std::size_t bucket);

  std::array<std::uint64_t, (64 - sub_bits + 1) << sub_bits> buckets_{};
  std::uint64_t count_ = 0;
  double sum_ = 0;
  Duration longest_{};
};

}  // namespace crosspoint::bench
