#pragma once
// Frame headers, RFC 6455 section 5.2, in their shortest form. A server's header is the same for every
// receiver, so a frame is built once and shared; a client's holds the mask key, which the caller takes from
// an unpredictable source, a new one for each frame.

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "websocket/mask.h"
#include "websocket/message.h"

namespace crosspoint::websocket {

inline constexpr std::size_t header_bytes_max = 14;

// The first two bytes' bits other than opcode and length. A message in one frame: final, not compressed.
struct FrameBits {
  bool final = true;
  bool compressed = false;  // RSV1, on the first frame of a message (RFC 7692)
};

// A header by value: convertible to the bytes it holds.
class FrameHeader {
 public:
  FrameHeader(Opcode opcode, std::uint64_t payload_bytes,
              FrameBits bits = {});  // a server's: 2, 4 or 10 bytes
  FrameHeader(Opcode opcode, std::uint64_t payload_bytes, const MaskKey& key,
              FrameBits bits = {});  // a client's: 4 more

  Bytes bytes() const { return Bytes(bytes_).first(size_); }
  operator Bytes() const {
    return bytes();
  }  // NOLINT(google-explicit-constructor): it is nothing but its bytes

 private:
  std::array<std::byte, header_bytes_max> bytes_;
  std::uint8_t size_ = 0;
};

// How long the frame is that begins here, header included, masked or not. `bytes` holds at least its header,
// which was written by FrameHeader. This is the fanout::FrameLength of WebSocket.
std::uint64_t frame_length(Bytes bytes);
// The part of that which is header.
std::size_t header_length(Bytes bytes);

}  // namespace crosspoint::websocket
