#include "websocket/frame_encoder.h"

#include <algorithm>

namespace crosspoint::websocket {
namespace {

std::size_t length_bytes_of(std::uint8_t short_length) {
  return short_length == 127 ? 8 : short_length == 126 ? 2 : 0;
}

}  // namespace

FrameHeader::FrameHeader(Opcode opcode, std::uint64_t payload_bytes, FrameBits bits) {
  const std::uint8_t short_length = payload_bytes < 126     ? static_cast<std::uint8_t>(payload_bytes)
                                    : payload_bytes < 65536 ? std::uint8_t{126}
                                                            : std::uint8_t{127};
  const std::size_t length_bytes = length_bytes_of(short_length);
  bytes_[0] = static_cast<std::byte>((bits.final ? 0x80 : 0) | (bits.compressed ? 0x40 : 0) |
                                     static_cast<std::uint8_t>(opcode));
  bytes_[1] = static_cast<std::byte>(short_length);
  write_big_endian(payload_bytes, MutableBytes(bytes_).subspan(2, length_bytes));
  size_ = static_cast<std::uint8_t>(2 + length_bytes);
}

FrameHeader::FrameHeader(Opcode opcode, std::uint64_t payload_bytes, const MaskKey& key, FrameBits bits)
    : FrameHeader(opcode, payload_bytes, bits) {
  bytes_[1] |= std::byte{mask_bit};
  std::copy(key.begin(), key.end(), bytes_.begin() + size_);
  size_ = static_cast<std::uint8_t>(size_ + key.size());
}

std::size_t header_length(Bytes bytes) {
  const std::uint8_t second = to_u8(bytes[1]);
  return 2 + length_bytes_of(second & 0x7f) + ((second & mask_bit) != 0 ? 4u : 0u);
}

std::uint64_t frame_length(Bytes bytes) {
  const std::uint8_t short_length = to_u8(bytes[1]) & 0x7f;
  const std::size_t length_bytes = length_bytes_of(short_length);
  const std::uint64_t payload =
      length_bytes == 0 ? short_length : read_big_endian(bytes.subspan(2, length_bytes));
  return header_length(bytes) + payload;
}

}  // namespace crosspoint::websocket
