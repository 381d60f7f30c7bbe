// An upload cut into reads, with chunk ends and pauses as the input says: not a byte is lost, added or moved,
// no message is longer than the limit, and nothing but the end of the upload is waited for without a time.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "media/ts_chunker.h"

using namespace crosspoint;
using namespace crosspoint::media;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::uint8_t cuts = data[0];
  const std::size_t limit = data[1] < 8 ? data[1] + std::size_t{1} : data[1] * std::size_t{64};
  const Bytes bytes(reinterpret_cast<const std::byte*>(data + 2), size - 2);
  TsChunker chunker({.silence = 2ms, .message_bytes_max = limit});
  MonotonicTime now{1000s};
  ByteVector joined;
  const auto collect = [&] {
    while (const auto message = chunker.next()) {
      CROSSPOINT_ASSERT(!message->empty() && message->size() <= std::max(limit, packet_bytes));
      append(joined, *message);
    }
  };
  std::uint32_t turn = cuts;
  for (std::size_t at = 0; at < bytes.size();) {
    turn = turn * 1103515245u + 12345u;
    const std::size_t piece =
        std::min<std::size_t>(bytes.size() - at, 1 + (turn >> 16) % (cuts % 2 == 0 ? 300 : 5000));
    chunker.feed(bytes.subspan(at, piece), now);
    at += piece;
    collect();
    CROSSPOINT_ASSERT(chunker.pending_bytes() < limit + 2 * packet_bytes);
    if (turn % 3 == 0) chunker.chunk_end(now);
    collect();
    if (turn % 5 == 0) {
      now += 2ms;
      chunker.tick(now);
      collect();
      CROSSPOINT_ASSERT(!chunker.due());
      // What still waits is the beginning of a packet.
      CROSSPOINT_ASSERT(chunker.pending_bytes() < packet_bytes);
    }
    CROSSPOINT_ASSERT(joined.size() + chunker.pending_bytes() == at);
  }
  chunker.end();
  collect();
  CROSSPOINT_ASSERT(std::ranges::equal(joined, bytes));
  return 0;
}
