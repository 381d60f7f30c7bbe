// Every value that can be turned into another spelling is well-formed there, does not grow beyond what
// transcode.h says, and is a fixed point: once it has been through the other spelling, going again changes
// nothing.
#include <cstdint>

#include "base/assert.h"
#include "data/transcode.h"
#include "data/value.h"

using namespace crosspoint;
using namespace crosspoint::data;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Format from = formats[data[0] % std::size(formats)];
  const Format to = formats[data[0] / std::size(formats) % std::size(formats)];
  const Bytes value = std::as_bytes(std::span(data + 1, size - 1));

  const auto there = transcode(from, value, to);
  if (!there) {
    CROSSPOINT_ASSERT(there.error().at <= value.size());
    return 0;
  }
  CROSSPOINT_ASSERT(check(from, value) && check(to, *there));
  CROSSPOINT_ASSERT(there->size() <= 16 * value.size());
  if (from == to) return 0;

  const auto back = transcode(to, *there, from);
  if (!back) {
    // UBJSON's numbers of high precision are JSON's as they stand, and may be more than a double on the way
    // back.
    CROSSPOINT_ASSERT(to == Format::json && back.error().cause == Cause::out_of_range);
    return 0;
  }
  const auto again = transcode(from, *back, to);
  CROSSPOINT_ASSERT(again && *again == *there);

  // The tree says the same as the walk, if it takes the value at all (it refuses duplicate keys).
  if (const auto tree = read_value(to, *there)) CROSSPOINT_ASSERT(check(to, write_value(to, *tree)));
  return 0;
}
