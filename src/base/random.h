#pragma once
// Where unpredictable bytes come from: mask keys, codes, nonces, jitter. Injected, so that a test or a
// simulation is repeatable from one seed.

#include <cstdint>

#include "base/bytes.h"

namespace crosspoint {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(MutableBytes out) = 0;

  std::uint32_t next_u32();
  std::uint64_t next_u64();
  // A whole number in [0, bound), every one equally likely; bound > 0.
  std::uint64_t below(std::uint64_t bound);
};

// The kernel's generator (getrandom), read in blocks. One per loop: it is not locked.
class SystemRandom final : public Random {
 public:
  void fill(MutableBytes out) override;

 private:
  ByteVector pool_;
  std::size_t used_ = 0;
};

// The same sequence for the same seed (SplitMix64). For tests; predictable, so never for secrets.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(MutableBytes out) override;

 private:
  std::uint64_t state_;
};

}  // namespace crosspoint
