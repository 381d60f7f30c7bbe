// Heads of PES packets: they lie within what was given, more bytes never change what was read, and moving
// times forth and back changes nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "media/pes.h"

using namespace crosspoint;
using namespace crosspoint::media;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  const auto header = parse_pes_header(bytes);
  for (std::size_t cut = 0; cut < std::min<std::size_t>(size, 300); ++cut) {
    const auto early = parse_pes_header(bytes.first(cut));
    if (early)
      CROSSPOINT_ASSERT(header && early->header_bytes == header->header_bytes && early->pts == header->pts);
    if (!early && early.error() != PesError::need_more) CROSSPOINT_ASSERT(!header);
  }
  ByteVector copy = to_vector(bytes);
  const bool moved = shift_pes_timestamps(copy, 123456789);
  CROSSPOINT_ASSERT(moved == header.has_value());
  if (!header) {
    CROSSPOINT_ASSERT(std::ranges::equal(copy, bytes));
    return 0;
  }
  CROSSPOINT_ASSERT(header->header_bytes <= size);
  const auto shifted = parse_pes_header(copy);
  CROSSPOINT_ASSERT(shifted && shifted->pts.has_value() == header->pts.has_value());
  if (header->pts) CROSSPOINT_ASSERT(timestamp_difference(*shifted->pts, *header->pts) == 123456789);
  CROSSPOINT_ASSERT(shift_pes_timestamps(copy, -123456789));
  const auto back = parse_pes_header(copy);
  CROSSPOINT_ASSERT(back && back->pts == header->pts && back->dts == header->dts);

  ByteVector written;
  append_pes_header(*header, size - header->header_bytes, written);
  const auto again = parse_pes_header(written);
  CROSSPOINT_ASSERT(again && again->pts == header->pts && again->stream_id == header->stream_id);
  return 0;
}
