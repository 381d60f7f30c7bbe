#pragma once
// WAMP's own framing over a byte stream: four bytes of handshake each way, then frames of four bytes of
// header and a payload (wamp-router §6.2). Sans-IO: bytes in, frames out; both ends.

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "data/format.h"

namespace crosspoint::wamp::rawsocket {

// The first byte of a client; by it a port tells RawSocket from HTTP and TLS.
inline constexpr std::byte magic{0x7f};
inline constexpr std::size_t handshake_bytes = 4;
inline constexpr std::size_t header_bytes = 4;
inline constexpr std::size_t message_bytes_least = 512;  // what a handshake can say: 2^9 to 2^24
inline constexpr std::size_t welcome_bytes = 2048;       // who takes less than this cannot be welcomed
inline constexpr std::size_t message_bytes_most = std::size_t{1} << 24;

// ---- The handshake.

enum class Refusal : std::uint8_t {
  serializer_unsupported = 1,
  message_length_unacceptable = 2,
  reserved_bits = 3,
  too_many_connections = 4,
};

struct Offer {
  std::size_t message_bytes_max;  // the longest message that the other end takes
  std::uint8_t serializer;        // an id of the table in wamp-router §5: find_format()
};

using HandshakeBytes = std::array<std::byte, handshake_bytes>;

// What a client begins with. Nothing: it is no RawSocket at all, and gets no answer.
std::optional<Result<Offer, Refusal>> read_offer(Bytes four);
// "bjdata" goes by the id of ubjson.
std::optional<data::Format> find_format(std::uint8_t serializer);
std::uint8_t serializer_of(data::Format format);

// `message_bytes_max` is rounded down to a power of two.
HandshakeBytes handshake(std::size_t message_bytes_max, std::uint8_t serializer);
HandshakeBytes handshake(Refusal refusal);
// What a client reads: the server's offer, or why not. Nothing: no server that we know answers so.
std::optional<Result<Offer, Refusal>> read_answer(Bytes four);

// ---- Frames.

enum class FrameType : std::uint8_t { message = 0, ping = 1, pong = 2 };

enum class FrameError : std::uint8_t {
  reserved_bits,  // of the header, or the 25th bit of a length that is not 2^24
  unknown_type,   // 3 to 7
  too_long,       // longer than we said that we take
};

// At most message_bytes_most bytes.
std::array<std::byte, header_bytes> frame_header(FrameType type, std::size_t payload_bytes);
// The length of the frame that begins here, header included: fanout::FrameLength.
std::uint64_t frame_length(Bytes frame);

struct Frame {
  FrameType type;
  Bytes payload;  // good until the next call to the reader, or the bytes it was fed go
};

// Puts frames together. A frame that lies whole in what was fed is not copied; between frames nothing is
// held.
class FrameReader {
 public:
  explicit FrameReader(std::size_t message_bytes_max) : message_bytes_max_(message_bytes_max) {}

  // Takes bytes from the front of `bytes`, up to the end of one frame; nothing: all was taken, and more is
  // needed.
  Result<std::optional<Frame>, FrameError> next(Bytes& bytes);
  // A frame has begun and is not whole.
  bool within_frame() const { return !kept_.empty(); }

 private:
  Result<std::size_t, FrameError> payload_bytes(Bytes header) const;

  const std::size_t message_bytes_max_;
  ByteVector kept_;     // of a frame that came in pieces, from its header on
  bool given_ = false;  // kept_ was handed out, and goes at the next call
};

}  // namespace crosspoint::wamp::rawsocket
