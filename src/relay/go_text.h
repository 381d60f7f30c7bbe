#pragma once
// Times as the old relay's stats spell them: Go's own text forms, which pages and scripts in the field read.

#include <string>

#include "base/time.h"

namespace crosspoint::relay {

// Go's time.Duration: "850ns", "1.5µs", "101.051177ms", "3.772274933s", "1m2.5s", "2h3m4s", "0s".
std::string go_duration(Duration duration);

// Go's time.Time with its process-relative clock: "2026-11-20 23:59:55.745670924 +0000 UTC m=+4.002269099".
std::string go_time(WallTime at, Duration since_start);

}  // namespace crosspoint::relay
