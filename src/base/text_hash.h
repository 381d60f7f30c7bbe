#pragma once
// A hash for tables whose keys strangers choose: topics, user agents, bookings, feeds. It is keyed
// (SipHash-2-4), so that nobody outside can find keys that all fall into one bucket and make each look-up as
// long as the table (reliability row D5). std::hash has no key, and its collisions can be computed at
// leisure.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace crosspoint {

struct TextHashKey {
  std::uint64_t first = 0, second = 0;
};

// The key of this process; called by main, once, before there is any table. Tests leave it at zero, so that a
// run is like the run before.
void set_text_hash_key(const TextHashKey& key);

std::uint64_t siphash_2_4(const TextHashKey& key, std::string_view text);

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const;
};

// Found by a string_view, without making a string.
template <class Value>
using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

}  // namespace crosspoint
