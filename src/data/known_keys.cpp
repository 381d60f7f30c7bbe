#include "data/known_keys.h"

#include <algorithm>

#include "base/assert.h"

namespace crosspoint::data {

KnownKeys::KnownKeys(Cursor& cursor, std::span<const std::string_view> keys) : cursor_(cursor), keys_(keys) {
  CROSSPOINT_ASSERT(keys.size() <= keys_max);
}

Result<std::optional<std::size_t>, Refusal> KnownKeys::next() {
  while (true) {
    const auto key = cursor_.next_key(room_);
    if (!key) return fail(key.error());
    if (!*key) return std::nullopt;
    const auto place = static_cast<std::size_t>(std::ranges::find(keys_, **key) - keys_.begin());
    if (place == keys_.size()) {
      if (const auto passed = cursor_.skip(); !passed) return fail(passed.error());
      continue;
    }
    const std::uint64_t bit = std::uint64_t{1} << place;
    if ((seen_ & bit) != 0) return fail(Refusal{Cause::duplicate_key, cursor_.offset()});
    seen_ |= bit;
    return place;
  }
}

}  // namespace crosspoint::data
