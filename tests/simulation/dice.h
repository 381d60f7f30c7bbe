#pragma once
// All that is left to chance in one course of events, from its seed.

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "base/random.h"
#include "base/time.h"

namespace crosspoint::simulation {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  bool chance(std::uint64_t in_a_thousand) { return random_.below(1000) < in_a_thousand; }
  std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
  std::uint64_t between(std::uint64_t least, std::uint64_t most) { return least + below(most - least + 1); }
  Duration up_to(Duration most) {
    return Duration(static_cast<Duration::rep>(below(static_cast<std::uint64_t>(most.count()) + 1)));
  }
  template <class List>
  auto& pick(List& list) {
    return list[below(std::size(list))];
  }

 private:
  SeededRandom random_;
};

}  // namespace crosspoint::simulation
