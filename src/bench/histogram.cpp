#include "bench/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace crosspoint::bench {

// Values below 2^sub_bits have a bucket each; above, each power of two is cut into 2^sub_bits of equal width.
std::size_t Histogram::bucket_of(std::uint64_t nanoseconds) {
  if (nanoseconds < (1u << sub_bits)) return nanoseconds;
  const int power = static_cast<int>(std::bit_width(nanoseconds)) - 1;
  const int shift = power - sub_bits;
  const std::uint64_t within = (nanoseconds >> shift) - (1u << sub_bits);
  return (static_cast<std::size_t>(shift + 1) << sub_bits) + within;
}

std::uint64_t Histogram::middle_of(std::size_t bucket) {
  if (bucket < (1u << sub_bits)) return bucket;
  const std::size_t shift = (bucket >> sub_bits) - 1;
  const std::uint64_t within = bucket & ((1u << sub_bits) - 1);
  const std::uint64_t low = ((1u << sub_bits) + within) << shift;
  return low + ((std::uint64_t{1} << shift) >> 1);
}

void Histogram::record(Duration value) {
  const auto nanoseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(0, value.count()));
  ++buckets_[bucket_of(nanoseconds)];
  ++count_;
  sum_ += static_cast<double>(nanoseconds);
  longest_ = std::max(longest_, value);
}

Duration Histogram::percentile(double share) const {
  if (count_ == 0) return {};
  const auto wanted =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= wanted) return std::min(longest_, Duration{static_cast<std::int64_t>(middle_of(bucket))});
  }
  return longest_;
}

Duration Histogram::mean() const {
  return count_ == 0 ? Duration{} : Duration{static_cast<std::int64_t>(sum_ / static_cast<double>(count_))};
}

}  // namespace crosspoint::bench
