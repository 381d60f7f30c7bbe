#pragma once
// What the binary spellings write alike.

#include <bit>
#include <cmath>
#include <limits>
#include <optional>

#include "base/bytes.h"

namespace crosspoint::data {

inline void put_byte(std::uint8_t byte, ByteVector& out) { out.push_back(static_cast<std::byte>(byte)); }

// The low sizeof(Number) bytes.
template <class Number>
void put_number(Number number, std::endian order, ByteVector& out) {
  std::byte bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  if (order == std::endian::native) {
    out.insert(out.end(), bytes, bytes + sizeof number);
  } else {
    for (std::size_t i = sizeof number; i-- > 0;) out.push_back(bytes[i]);
  }
}

// The float that is exactly this double, if there is one. NaN is one, whatever its payload.
inline std::optional<float> exact_float(double value) {
  if (std::isnan(value)) return std::numeric_limits<float>::quiet_NaN();
  if (std::isfinite(value) && std::abs(value) > std::numeric_limits<float>::max()) return std::nullopt;
  const auto narrow = static_cast<float>(value);
  if (static_cast<double>(narrow) != value) return std::nullopt;
  return narrow;
}

}  // namespace crosspoint::data
