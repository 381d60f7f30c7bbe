#pragma once
// A decoder must give the same result however its input was cut into pieces. Works for every type of result
// that has
// == and that GoogleTest can print or compare.

#include <gtest/gtest.h>

#include <span>
#include <vector>

#include "base/bytes.h"

namespace crosspoint::testing {

// Calls decode(std::span<const Bytes> pieces) with `input` whole, cut in two at every place, byte by byte,
// and cut in three when it is short enough for all the ways; expects the result of the whole each time.
// Decoders that change their input in place must copy it.
template <class Decode>
void expect_same_result_however_cut(Bytes input, Decode decode) {
  const std::vector<Bytes> whole{input};
  const auto expected = decode(std::span<const Bytes>(whole));
  const auto expect_same = [&](const std::vector<Bytes>& pieces) {
    EXPECT_EQ(decode(std::span<const Bytes>(pieces)), expected);
  };

  for (std::size_t cut = 0; cut <= input.size(); ++cut) {
    SCOPED_TRACE("cut at " + std::to_string(cut));
    expect_same({input.first(cut), input.subspan(cut)});
  }

  std::vector<Bytes> single_bytes;
  for (std::size_t i = 0; i < input.size(); ++i) single_bytes.push_back(input.subspan(i, 1));
  SCOPED_TRACE("byte by byte, or cut in three");
  expect_same(single_bytes);

  constexpr std::size_t bytes_for_three_max = 64;
  if (input.size() > bytes_for_three_max) return;
  for (std::size_t first = 0; first <= input.size(); ++first) {
    for (std::size_t second = first; second <= input.size(); ++second) {
      expect_same({input.first(first), input.subspan(first, second - first), input.subspan(second)});
    }
  }
}

}  // namespace crosspoint::testing
