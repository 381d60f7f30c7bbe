// A topic's messages, cut as the first byte says. Reports lie within their messages, and what viewers get at
// an access point keeps the rhythm of packets.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "media/ts_observer.h"

using namespace crosspoint;
using namespace crosspoint::media;

namespace {

// Whole packets as far as `end` bytes of tail allow, each with its sync byte where the observer found one.
void check_entry(const TsObserver& observer, Bytes message, const MessageReport& report) {
  const Bytes rest = message.subspan(*report.access_point);
  const AccessPoint& point = observer.access_point();
  CROSSPOINT_ASSERT(point.tables.size() % packet_bytes == 0);
  CROSSPOINT_ASSERT(point.head.size() < packet_bytes);
  CROSSPOINT_ASSERT(point.pids_known <= AccessPoint::pids_max);
  ByteVector join;
  append_join(point, rest, join);
  ByteVector skip;
  append_skip(point, report.tail_bytes, rest, skip);
  CROSSPOINT_ASSERT(join.size() <= point.tables.size() + point.head.size() + rest.size());
  CROSSPOINT_ASSERT(skip.size() >= join.size());
  const std::size_t filled = report.tail_bytes == 0 ? 0 : packet_bytes - report.tail_bytes;
  CROSSPOINT_ASSERT((skip.size() - filled - join.size()) % packet_bytes == 0);
  if (join.size() >= packet_bytes) CROSSPOINT_ASSERT(join[0] == sync_byte);
  if (report.aligned) CROSSPOINT_ASSERT(join.size() % packet_bytes == 0 && point.head.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t piece =
      data[0] < 128 ? (data[0] + std::size_t{1}) * packet_bytes : data[0] * std::size_t{9};
  const auto step = std::chrono::milliseconds(data[1] * 10);
  Bytes bytes(reinterpret_cast<const std::byte*>(data + 2), size - 2);
  TsObserver observer;
  MonotonicTime now{1000s};
  while (!bytes.empty()) {
    const Bytes message = bytes.first(std::min(piece, bytes.size()));
    bytes = bytes.subspan(message.size());
    const MessageReport report = observer.observe(message, now += step);
    CROSSPOINT_ASSERT(report.tail_bytes < packet_bytes);
    CROSSPOINT_ASSERT(!report.aligned ||
                      (report.is_ts && report.tail_bytes == 0 && message.size() % packet_bytes == 0));
    CROSSPOINT_ASSERT(!report.access_point || *report.access_point <= message.size());
    CROSSPOINT_ASSERT(!report.is_ts || observer.is_ts());
    if (report.access_point) check_entry(observer, message, report);
  }
  const auto description = observer.describe(now);
  CROSSPOINT_ASSERT((description.container == Container::mpeg_ts) == observer.is_ts());
  return 0;
}
