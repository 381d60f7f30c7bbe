#pragma once
// Points of time as the relay's reports and answers write them: RFC 3339, UTC, whole seconds.

#include <string>

#include "base/time.h"

namespace crosspoint::access {

std::string utc_text(WallTime at);  // "2026-11-20T23:59:42Z"

}  // namespace crosspoint::access
