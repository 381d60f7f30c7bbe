#pragma once
// The machine's clocks: CLOCK_MONOTONIC and CLOCK_REALTIME. Nothing else in the program reads them.

#include "base/time.h"

namespace crosspoint::net {

class SystemClock final : public Clock {
 public:
  MonotonicTime monotonic() const override;
  WallTime wall() const override;
};

}  // namespace crosspoint::net
