#include "bench/probe.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/assert.h"
#include "base/random.h"

namespace crosspoint::bench {
namespace {

constexpr std::string_view magic = "xpb1";
constexpr std::size_t pattern_bytes = 64 * 1024;

// Bodies are windows of one long unpredictable text, so that comparing is one memcmp and neighbours differ.
const ByteVector& pattern() {
  static const ByteVector bytes = [] {
    ByteVector made(pattern_bytes * 2);
    SeededRandom(0x6372'6f73'7370'6f69).fill(MutableBytes(made).first(pattern_bytes));
    std::copy_n(made.begin(), pattern_bytes, made.begin() + pattern_bytes);
    return made;
  }();
  return bytes;
}

// Every bit of number and source moves the window.
std::size_t phase_of(const Probe& probe) {
  const std::uint64_t mixed = probe.sequence * 0x9e3779b97f4a7c15u + probe.source * 0xc2b2ae3d27d4eb4fu;
  return static_cast<std::size_t>(mixed >> 48) % pattern_bytes;
}

template <class Visit>
void for_each_piece(const Probe& probe, std::size_t body_bytes, Visit visit) {
  const Bytes window = Bytes(pattern()).subspan(phase_of(probe), pattern_bytes);
  for (std::size_t at = 0; at < body_bytes; at += pattern_bytes) {
    if (!visit(at, window.first(std::min(pattern_bytes, body_bytes - at)))) return;
  }
}

}  // namespace

void encode_probe(const Probe& probe, std::size_t bytes, ByteVector& out) {
  CROSSPOINT_ASSERT(bytes >= probe_bytes_min);
  out.resize(bytes);
  const MutableBytes message(out);
  std::memcpy(message.data(), magic.data(), magic.size());
  write_big_endian(bytes, message.subspan(4, 4));
  write_big_endian(probe.sequence, message.subspan(8, 8));
  write_big_endian(static_cast<std::uint64_t>(probe.due.time_since_epoch().count()), message.subspan(16, 8));
  write_big_endian(probe.source, message.subspan(24, 8));
  const auto body = message.subspan(probe_bytes_min);
  for_each_piece(probe, body.size(), [&](std::size_t at, Bytes piece) {
    std::memcpy(body.data() + at, piece.data(), piece.size());
    return true;
  });
}

Verdict read_probe(Bytes message, bool whole_body) {
  Verdict verdict;
  if (message.size() < probe_bytes_min || as_text(message.first(4)) != magic) return verdict;
  if (read_big_endian(message.subspan(4, 4)) != message.size()) return verdict;
  verdict.probe = {
      .sequence = read_big_endian(message.subspan(8, 8)),
      .due = MonotonicTime{Duration{static_cast<std::int64_t>(read_big_endian(message.subspan(16, 8)))}},
      .source = read_big_endian(message.subspan(24, 8))};
  verdict.intact = true;
  if (!whole_body) return verdict;
  const auto body = message.subspan(probe_bytes_min);
  for_each_piece(verdict.probe, body.size(), [&](std::size_t at, Bytes piece) {
    return verdict.intact = std::memcmp(body.data() + at, piece.data(), piece.size()) == 0;
  });
  return verdict;
}

void Receipt::take(const Verdict& verdict) {
  ++received_;
  if (!verdict.intact) {
    ++corrupt_;
    return;
  }
  if (verdict.probe.sequence < next_) {
    ++disorder_;
    return;
  }
  lost_ += verdict.probe.sequence - next_;
  next_ = verdict.probe.sequence + 1;
}

}  // namespace crosspoint::bench
