#pragma once
// What is counted about a stream.

#include <cstdint>

namespace crosspoint::media {

struct StreamCounters {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  // of messages that were TS
  std::uint64_t access_points = 0;
  std::uint64_t continuity_errors = 0;  // counters that jumped without being announced
  std::uint64_t transport_errors = 0;   // packets marked as damaged by whoever received them
  std::uint64_t sync_losses = 0;        // times that a packet did not begin where it should
  std::uint64_t table_errors = 0;       // sections that were malformed or failed their CRC
  std::uint64_t restarts = 0;
  std::uint64_t packets_ignored = 0;  // of PIDs beyond the 64 that are followed
};

}  // namespace crosspoint::media
