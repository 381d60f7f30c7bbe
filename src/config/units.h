#pragma once
// Quantities as people write them. Exact both ways: what is printed reads back as the same number.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace crosspoint::config {

enum class UnitsError {
  malformed,  // not a number with a unit
  no_unit,    // a duration without one (0 needs none)
  negative,
  not_whole,  // "0.3 B", "0.5ns"
  too_large,  // does not fit
};

// "4 MiB", "1.5 GiB", "64 kB" (1000s), "1316" (bytes). Units: B kB MB GB TB KiB MiB GiB TiB, in any case.
Result<std::uint64_t, UnitsError> parse_byte_size(std::string_view text);
std::string print_byte_size(std::uint64_t bytes);  // "4 MiB", "1316 B", "0"

// "500ms", "1m30s", "1.5h", "0". Units: ns us ms s m h d.
Result<Duration, UnitsError> parse_duration(std::string_view text);
std::string print_duration(Duration duration);  // "500ms", "1m30s", "0"; not negative

// "8", "-1": digits only, as a whole.
Result<std::int64_t, UnitsError> parse_integer(std::string_view text);

}  // namespace crosspoint::config
