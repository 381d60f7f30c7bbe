#include "base/random.h"

#include <sys/random.h>

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace crosspoint {
namespace {

constexpr std::size_t pool_bytes = 512;

void fill_from_kernel(MutableBytes out) {
  while (!out.empty()) {
    const auto got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0) continue;  // interrupted by a signal: the only way this call fails
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace

std::uint32_t Random::next_u32() {
  std::array<std::byte, 4> bytes;
  fill(bytes);
  return static_cast<std::uint32_t>(read_big_endian(bytes));
}

std::uint64_t Random::next_u64() {
  std::array<std::byte, 8> bytes;
  fill(bytes);
  return read_big_endian(bytes);
}

std::uint64_t Random::below(std::uint64_t bound) {
  CROSSPOINT_ASSERT(bound > 0);
  // Numbers from the incomplete last stretch would favour small results: draw again.
  const std::uint64_t whole = UINT64_MAX - UINT64_MAX % bound;
  std::uint64_t drawn = next_u64();
  while (drawn >= whole) drawn = next_u64();
  return drawn % bound;
}

void SystemRandom::fill(MutableBytes out) {
  if (out.size() > pool_bytes) return fill_from_kernel(out);
  if (pool_.size() - used_ < out.size()) {
    pool_.resize(pool_bytes);
    fill_from_kernel(pool_);
    used_ = 0;
  }
  const auto fresh = MutableBytes(pool_).subspan(used_, out.size());
  std::copy(fresh.begin(), fresh.end(), out.begin());
  std::fill(fresh.begin(), fresh.end(), std::byte{0});  // what was handed out stays nowhere else
  used_ += out.size();
}

void SeededRandom::fill(MutableBytes out) {
  while (!out.empty()) {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    mixed ^= mixed >> 31;
    const auto count = std::min<std::size_t>(8, out.size());
    write_big_endian(mixed >> (8 * (8 - count)), out.first(count));
    out = out.subspan(count);
  }
}

}  // namespace crosspoint
