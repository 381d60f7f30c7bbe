// Frames, for both roles: every split gives the same frames and the same error; what was read, written again,
// is read alike; limits hold.
#include <cstdint>
#include <optional>
#include <vector>

#include "base/assert.h"
#include "fuzz_cuts.h"
#include "websocket/frame_decoder.h"
#include "websocket/frame_encoder.h"

using namespace crosspoint;
using namespace crosspoint::websocket;

namespace {

constexpr std::size_t message_bytes_max = 100'000;

struct Frame {
  Opcode opcode;
  bool continuation, compressed, final;
  ByteVector payload;
  bool operator==(const Frame&) const = default;
};
struct Outcome {
  std::vector<Frame> frames;
  std::optional<ByteVector> unfinished;  // payload of a frame whose end did not come
  std::optional<FrameError> error;
  bool operator==(const Outcome&) const = default;
};

Outcome decode(std::span<const Bytes> pieces, Role role, FrameDecoder::Compression compression) {
  Outcome result;
  FrameDecoder decoder(role, message_bytes_max, compression);
  std::size_t message_bytes = 0;
  for (const Bytes piece: pieces) {
    ByteVector copy = to_vector(piece);
    decoder.feed(copy);
    while (true) {
      const auto part = decoder.next();
      if (!part) {
        CROSSPOINT_ASSERT(decoder.next().error() == part.error());  // an error repeats itself
        result.error = part.error();
        return result;
      }
      if (!*part) break;
      const FramePart& got = **part;
      CROSSPOINT_ASSERT(!got.payload.empty() || (got.first && got.last));
      CROSSPOINT_ASSERT(got.first == !result.unfinished);
      if (got.first) result.unfinished = ByteVector{};
      append(*result.unfinished, got.payload);
      if (is_control(got.opcode)) {
        CROSSPOINT_ASSERT(got.final && result.unfinished->size() <= 125);
      } else {
        if (got.first && !got.continuation) message_bytes = 0;
        message_bytes += got.payload.size();
        CROSSPOINT_ASSERT(got.compressed || message_bytes <= message_bytes_max);
      }
      if (!got.last) continue;
      result.frames.push_back(
          {got.opcode, got.continuation, got.compressed, got.final, std::move(*result.unfinished)});
      result.unfinished.reset();
    }
  }
  return result;
}

ByteVector encode(const std::vector<Frame>& frames, Role reader) {
  const MaskKey key{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
  ByteVector bytes;
  for (const Frame& frame: frames) {
    const Opcode opcode = frame.continuation ? Opcode::continuation : frame.opcode;
    const FrameBits bits{.final = frame.final, .compressed = frame.compressed && !frame.continuation};
    const FrameHeader header = reader == Role::server ? FrameHeader(opcode, frame.payload.size(), key, bits)
                                                      : FrameHeader(opcode, frame.payload.size(), bits);
    CROSSPOINT_ASSERT(frame_length(header) == header.bytes().size() + frame.payload.size());
    append(bytes, header);
    ByteVector payload = frame.payload;
    if (reader == Role::server) apply_mask(payload, key);
    append(bytes, payload);
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const Role role = (data[1] & 1) != 0 ? Role::server : Role::client;
  const auto compression =
      (data[1] & 2) != 0 ? FrameDecoder::Compression::agreed : FrameDecoder::Compression::refused;
  const Bytes input = std::as_bytes(std::span(data + 2, size - 2));

  const Outcome whole = decode(std::span(&input, 1), role, compression);
  CROSSPOINT_ASSERT(decode(fuzz::cut(input, data[0]), role, compression) == whole);

  const ByteVector again = encode(whole.frames, role);
  const Bytes again_bytes = again;
  const Outcome reread = decode(std::span(&again_bytes, 1), role, compression);
  CROSSPOINT_ASSERT(reread.frames == whole.frames && !reread.error);
  return 0;
}
