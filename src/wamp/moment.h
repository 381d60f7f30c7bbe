#pragma once
// Now, on both time lines: for deadlines, and for what people read.

#include "base/time.h"

namespace crosspoint::wamp {

struct Moment {
  MonotonicTime monotonic{};
  WallTime wall{};
};

}  // namespace crosspoint::wamp
