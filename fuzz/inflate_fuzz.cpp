// permessage-deflate both ways: whatever comes, inflating stays within its limit and does not depend on how
// it was cut; whatever is deflated is inflated to the same.
#include <cstdint>
#include <optional>

#include "base/assert.h"
#include "fuzz_cuts.h"
#include "websocket/deflate.h"

using namespace crosspoint;
using namespace crosspoint::websocket;

namespace {

constexpr std::size_t bytes_max = 100'000;

struct Inflated {
  std::optional<ByteVector> bytes;  // nothing: refused
  bool operator==(const Inflated&) const = default;
};

Inflated inflate(Inflater& inflater, std::span<const Bytes> pieces) {
  GrowingBuffer out(bytes_max);
  for (const Bytes piece: pieces) {
    const auto done = inflater.feed(piece, false, out);
    CROSSPOINT_ASSERT(out.capacity() <= bytes_max);
    if (!done) return {};
  }
  if (!inflater.feed({}, true, out)) return {};
  return {to_vector(out.bytes())};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto context = (data[1] & 1) != 0 ? Inflater::Context::kept : Inflater::Context::forgotten;
  const int bits = 8 + (data[1] >> 1) % 8;
  const Bytes input = std::as_bytes(std::span(data + 2, size - 2));
  const auto pieces = fuzz::cut(input, data[0]);

  // Twice, so that the second message may refer to the first.
  Inflater whole_reader(context);
  Inflater piece_reader(context);
  for (int message = 0; message < 2; ++message) {
    const Inflated whole = inflate(whole_reader, std::span(&input, 1));
    CROSSPOINT_ASSERT(inflate(piece_reader, pieces) == whole);
    if (!whole.bytes) break;
  }

  Deflater deflater(bits, context);
  if (!deflater.able() || input.size() > bytes_max) return 0;
  Inflater inflater(context);
  for (int message = 0; message < 2; ++message) {
    ByteVector compressed;
    deflater.compress(input, compressed);
    const Bytes compressed_bytes = compressed;
    const Inflated back = inflate(inflater, std::span(&compressed_bytes, 1));
    CROSSPOINT_ASSERT(back.bytes && *back.bytes == to_vector(input));
  }
  return 0;
}
