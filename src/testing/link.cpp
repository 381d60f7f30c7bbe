#include "testing/link.h"

#include <algorithm>

#include "testing/memory_stream.h"

namespace crosspoint::testing {

Link::Link(const Clock& clock, const LinkSettings& settings, const End& listener, const End& connector)
    : clock_(clock), settings_(settings), ends_{listener, connector} {}

void Link::set(const LinkSettings& settings) {
  settings_ = settings;
  wake(Side::listener);
  wake(Side::connector);
}

void Link::stall(Way way) { lane(way).stalled = true; }

void Link::resume(Way way) {
  lane(way).stalled = false;
  wake(Side::listener);
  wake(Side::connector);
}

void Link::cut() {
  fail_end(Side::listener, net::StreamError::reset);
  fail_end(Side::connector, net::StreamError::reset);
}

void Link::go_silent() {
  if (silent_since_) return;
  silent_since_ = clock_.monotonic();
  wake(Side::listener);
  wake(Side::connector);
}

bool Link::alive() const {
  return streams_[0] != nullptr && streams_[1] != nullptr && !failures_[0] && !failures_[1];
}

// Bytes leave one after the other at the speed of the line, then take the latency to arrive.
MonotonicTime Link::send(Lane& lane, std::size_t bytes) {
  lane.line_free = std::max(lane.line_free, clock_.monotonic());
  if (settings_.bytes_per_second > 0) {
    constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;
    lane.line_free +=
        Duration(static_cast<Duration::rep>(bytes * nanoseconds_per_second / settings_.bytes_per_second));
  }
  return lane.line_free + settings_.latency;
}

void Link::end_lane(Lane& lane, Ending ending) {
  if (lane.ending == Ending::reset) return;
  lane.ending = ending;
  lane.ending_arrives = send(lane, 0);
}

void Link::fail_end(Side side, net::StreamError error) {
  auto& failure = failures_[index(side)];
  if (!failure) failure = error;
  wake(side);
}

void Link::wake(Side side) {
  if (MemoryStream* stream = streams_[index(side)]) stream->wake();
}

}  // namespace crosspoint::testing
