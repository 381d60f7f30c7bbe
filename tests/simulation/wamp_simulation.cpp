// The router and its clients simulated, as long as you like.
//
//   wamp_simulation [CALLS] [SEED] [SEEDS]      1000000 calls from seed 1 unless said; SEEDS: so many seeds,
//   each
//                                               with CALLS calls, from SEED on
//
// Prints what came up, and how much heap is in use each time that everybody has left. Fails at the first
// thing that should not have been, and says the seed, which with the same number of calls does the same
// again.

#include <fmt/core.h>
#include <malloc.h>

#include <chrono>
#include <cstdlib>

#include "base/log.h"
#include "simulation.h"

namespace {

using namespace crosspoint;
using simulation::Simulation;

constexpr std::uint64_t generations = 10;  // of clients, in one course

std::size_t heap_bytes() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

bool run(std::uint64_t calls, std::uint64_t seed) {
  Simulation simulation(seed);
  std::string heap;
  for (std::uint64_t generation = 1; generation <= generations; ++generation) {
    simulation.run(calls * generation / generations);
    simulation.finish();
    heap += fmt::format(" {}", heap_bytes() / 1024);
  }
  for (const auto& [name, count]: simulation.totals().report()) fmt::print("{:>12} {}\n", count, name);
  fmt::print("{:>12} seconds of their time\n",
             std::chrono::ceil<std::chrono::seconds>(simulation.passed()).count());
  fmt::print("KiB of heap in use, each time that everybody has left:{}\n", heap);
  for (const auto& sentence: simulation.findings().sentences()) fmt::print("FOUND: {}\n", sentence);
  if (simulation.findings().any()) fmt::print("again: wamp_simulation {} {}\n", calls, seed);
  return !simulation.findings().any();
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int place, std::uint64_t otherwise) {
    return argc > place ? std::strtoull(argv[place], nullptr, 10) : otherwise;
  };
  const auto calls = argument(1, 1'000'000), first = argument(2, 1), seeds = argument(3, 1);
  if (calls == 0 || seeds == 0) {
    fmt::print(stderr, "usage: wamp_simulation [CALLS] [SEED] [SEEDS]\n");
    return 2;
  }
  (void)log::configure({.level = log::Level::off});
  for (auto seed = first; seed < first + seeds; ++seed) {
    fmt::print("seed {}, {} calls\n", seed, calls);
    const auto began = std::chrono::steady_clock::now();
    if (!run(calls, seed)) return 1;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    fmt::print("nothing found, in {:.1f} s\n", took.count());
    std::fflush(stdout);
  }
  return 0;
}
