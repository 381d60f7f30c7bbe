// Decoder and assembler together, compression and all: every split gives the same messages and the same
// verdict; text is UTF-8; no message and no buffer is beyond its limit.
#include <cstdint>
#include <optional>
#include <vector>

#include "base/assert.h"
#include "fuzz_cuts.h"
#include "websocket/message_assembler.h"

using namespace crosspoint;
using namespace crosspoint::websocket;

namespace {

constexpr std::size_t message_bytes_max = 50'000;

struct Outcome {
  std::vector<std::pair<Opcode, ByteVector>> messages;
  std::optional<CloseCode> verdict;
  bool operator==(const Outcome&) const = default;
};

Outcome assemble(std::span<const Bytes> pieces, bool deflate) {
  Outcome result;
  Inflater inflater(Inflater::Context::kept);
  FrameDecoder decoder(Role::client, message_bytes_max,
                       deflate ? FrameDecoder::Compression::agreed : FrameDecoder::Compression::refused);
  MessageAssembler assembler(message_bytes_max, 8, deflate ? &inflater : nullptr);
  std::size_t fed = 0;
  for (const Bytes piece: pieces) {
    fed += piece.size();
    ByteVector copy = to_vector(piece);
    decoder.feed(copy);
    while (true) {
      const auto part = decoder.next();
      if (!part) {
        result.verdict = close_code_of(part.error());
        return result;
      }
      if (!*part) break;
      const auto message = assembler.add(**part);
      CROSSPOINT_ASSERT(assembler.buffer_bytes() <= message_bytes_max);
      CROSSPOINT_ASSERT(deflate || assembler.buffer_bytes() <= 2 * fed + 16 * 1024);
      if (!message) {
        result.verdict = close_code_of(message.error());
        return result;
      }
      if (!*message) continue;
      CROSSPOINT_ASSERT((*message)->opcode != Opcode::text || is_utf8((*message)->payload));
      CROSSPOINT_ASSERT((*message)->payload.size() <= message_bytes_max);
      result.messages.emplace_back((*message)->opcode, to_vector((*message)->payload));
    }
  }
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const Bytes input = std::as_bytes(std::span(data + 2, size - 2));
  const bool deflate = (data[1] & 1) != 0;
  const Outcome whole = assemble(std::span(&input, 1), deflate);
  const Outcome pieces = assemble(fuzz::cut(input, data[0]), deflate);
  CROSSPOINT_ASSERT(pieces.messages == whole.messages);
  CROSSPOINT_ASSERT(pieces.verdict == whole.verdict);
  return 0;
}
