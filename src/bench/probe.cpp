#include "bench/probe.h"

#include <cstring>

#include "base/assert.h"
#include "bench/probe_body.h"

namespace crosspoint::bench {
namespace {

constexpr std::string_view magic = "xpb1";

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
  write_body(Alphabet::bytes, probe.sequence, probe.source, message.subspan(probe_bytes_min));
}

Verdict read_probe(Bytes message, bool whole_body) {
  Verdict verdict;
  if (message.size() < probe_bytes_min || as_text(message.first(4)) != magic) return verdict;
  if (read_big_endian(message.subspan(4, 4)) != message.size()) return verdict;
  verdict.probe = {
      .sequence = read_big_endian(message.subspan(8, 8)),
      .due = MonotonicTime{Duration{static_cast<std::int64_t>(read_big_endian(message.subspan(16, 8)))}},
      .source = read_big_endian(message.subspan(24, 8))};
  verdict.intact = !whole_body || is_body(Alphabet::bytes, verdict.probe.sequence, verdict.probe.source,
                                          message.subspan(probe_bytes_min));
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
