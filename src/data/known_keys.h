#pragma once
// Reads a map of options of which some keys are known: each comes at most once, unknown ones are passed over
// and may come as often as they like.
//
//   constexpr std::string_view keys[] = {"disclose_me", "timeout"};
//   KnownKeys options(cursor, keys);
//   while (true) {
//     const auto key = options.next();
//     if (!key) return fail(key.error());
//     if (!*key) break;                       // the map has been left
//     switch (**key) { case 0: … cursor.read_bool() … case 1: … cursor.read_uint64() … }
//   }
//
// A known key that comes twice is refused with duplicate_key: who checked the first and obeyed the second
// would have let something in. The map must have been entered. Whoever is told of a key takes its value.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "data/cursor.h"

namespace crosspoint::data {

class KnownKeys {
 public:
  static constexpr std::size_t keys_max = 64;

  // Cursor and keys outlive it. At most keys_max keys.
  KnownKeys(Cursor& cursor, std::span<const std::string_view> keys);

  // The place among the keys of the next known one in the map, or nothing at its end.
  Result<std::optional<std::size_t>, Refusal> next();

 private:
  Cursor& cursor_;
  std::span<const std::string_view> keys_;
  std::uint64_t seen_ = 0;  // one bit for each key
  std::string room_;
};

}  // namespace crosspoint::data
