#pragma once
// Frames as a test writes them down, right or wrong, and what comes out of decoding them. For tests only.

#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "websocket/frame_decoder.h"
#include "websocket/frame_encoder.h"
#include "websocket/message_assembler.h"

namespace crosspoint::websocket {

inline constexpr MaskKey test_key{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};

inline std::string operator+(std::string text, const ByteVector& bytes) {
  return std::move(text += as_text(bytes));
}

// A client's frame: masked.
inline std::string masked_frame(Opcode opcode, std::string_view payload, FrameBits bits = {}) {
  std::string frame = to_string(FrameHeader(opcode, payload.size(), test_key, bits));
  ByteVector masked = to_vector(as_bytes(payload));
  apply_mask(masked, test_key);
  return frame + masked;
}

// A server's frame: not masked.
inline std::string plain_frame(Opcode opcode, std::string_view payload, FrameBits bits = {}) {
  return to_string(FrameHeader(opcode, payload.size(), bits)).append(payload);
}

// Header bytes, whatever they mean: header({0x81, 0x05}).
inline std::string header(std::initializer_list<int> bytes) {
  std::string text;
  for (const int byte: bytes) text += static_cast<char>(byte);
  return text;
}

// What a whole conversation came to: the messages, then perhaps why it ended.
struct Heard {
  struct One {
    Opcode opcode;
    std::string payload;
    bool operator==(const One&) const = default;
  };
  std::vector<One> messages;
  std::optional<FrameError> frame_error;
  std::optional<AssemblyError> assembly_error;

  bool operator==(const Heard&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Heard& heard) {
    for (const One& one: heard.messages) out << static_cast<int>(one.opcode) << ":" << one.payload << " ";
    if (heard.frame_error) out << "frame error " << static_cast<int>(*heard.frame_error);
    if (heard.assembly_error) out << "assembly error " << static_cast<int>(*heard.assembly_error);
    return out;
  }
};

struct Hearing {
  Role role = Role::server;
  std::size_t message_bytes_max = 1024 * 1024;
  std::size_t empty_fragments_max = 1024;
  bool deflate = false;
};

// Decoder and assembler together, as a Socket uses them.
inline Heard hear(std::span<const Bytes> pieces, const Hearing& hearing = {}) {
  Heard heard;
  Inflater inflater(Inflater::Context::kept);
  FrameDecoder decoder(
      hearing.role, hearing.message_bytes_max,
      hearing.deflate ? FrameDecoder::Compression::agreed : FrameDecoder::Compression::refused);
  MessageAssembler assembler(hearing.message_bytes_max, hearing.empty_fragments_max,
                             hearing.deflate ? &inflater : nullptr);
  for (const Bytes piece: pieces) {
    ByteVector copy = to_vector(piece);
    decoder.feed(copy);
    while (true) {
      const auto part = decoder.next();
      if (!part) {
        heard.frame_error = part.error();
        return heard;
      }
      if (!*part) break;
      const auto message = assembler.add(**part);
      if (!message) {
        heard.assembly_error = message.error();
        return heard;
      }
      if (*message) heard.messages.push_back({(*message)->opcode, to_string((*message)->payload)});
    }
  }
  return heard;
}

inline Heard hear(std::string_view bytes, const Hearing& hearing = {}) {
  const Bytes whole = as_bytes(bytes);
  return hear(std::span(&whole, 1), hearing);
}

}  // namespace crosspoint::websocket
