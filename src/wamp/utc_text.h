#pragma once
// Times as people and RFC 3339 write them.

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace crosspoint::wamp {

// "2026-01-02T03:04:05.678Z"
std::string utc_text(WallTime time);

// RFC 3339 section 5.6: any number of digits of a second (nine count), "Z" or an offset, "T" or a space
// between. Nothing: it is none, or a time that never was. A leap second is the first of the next minute.
std::optional<WallTime> parse_utc_text(std::string_view text);

}  // namespace crosspoint::wamp
