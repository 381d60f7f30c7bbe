#pragma once
// Finding packets in bytes: 0x47 at one offset in several packets in a row.

#include <algorithm>
#include <cstring>
#include <optional>

#include "media/ts_packet.h"

namespace crosspoint::media {

// By chance 0x47 stands at one place in 256. Five in a row at a phase that had to be searched, and three
// where a packet was expected, leave less than one mistake in 10^7 messages of noise.
inline constexpr std::size_t sync_packets_searched = 5;
inline constexpr std::size_t sync_packets_expected = 3;

// How many packets begin one after the other at `from` (the last may be cut short by the end), counting no
// further than `enough`; 0 when a sync byte is missing before that.
inline std::size_t packets_in_sync(Bytes bytes, std::size_t from, std::size_t enough) {
  std::size_t count = 0;
  for (std::size_t at = from; at < bytes.size() && count < enough; at += packet_bytes, ++count) {
    if (bytes[at] != sync_byte) return 0;
  }
  return count;
}

// The first offset from `from` on at which `enough` packets begin in a row. Only one packet's length is
// searched.
inline std::optional<std::size_t> find_sync(Bytes bytes, std::size_t from, std::size_t enough) {
  const std::size_t end = std::min(bytes.size(), from + packet_bytes);
  while (from < end) {
    const void* found = std::memchr(bytes.data() + from, to_u8(sync_byte), end - from);
    if (found == nullptr) return std::nullopt;
    from = static_cast<std::size_t>(static_cast<const std::byte*>(found) - bytes.data());
    if (packets_in_sync(bytes, from, enough) == enough) return from;
    ++from;
  }
  return std::nullopt;
}

}  // namespace crosspoint::media
