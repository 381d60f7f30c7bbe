#pragma once
// What a Socket has only while it needs it. Private to socket*.cpp.

#include <array>
#include <memory>
#include <optional>

#include "base/receive_throttle.h"
#include "websocket/deflate.h"
#include "websocket/frame_decoder.h"
#include "websocket/handshake.h"
#include "websocket/io/socket.h"
#include "websocket/message_assembler.h"

namespace crosspoint::websocket {

struct Socket::Reception {
  FrameDecoder decoder;
  MessageAssembler assembler;
  MonotonicTime began;  // when the first byte of what is half here came

  bool idle() const { return decoder.idle() && assembler.idle(); }
};

// Bytes of whole frames (or of the handshake) that go out at the next boundary between two frames of the
// outbox, and the pong that will follow them. A pong is framed as late as can be, so that a newer one takes
// its place (row B8).
struct Socket::Urgent {
  ByteVector bytes;
  std::size_t written = 0;
  std::optional<std::uint8_t> pong_bytes;  // of pong, if one is wanted
  std::array<std::byte, 125> pong;

  Bytes unwritten() const { return Bytes(bytes).subspan(written); }
};

struct Socket::Closing {
  CloseReason own;
  std::optional<CloseReason> peer;
  MonotonicTime due;         // then the connection is cut
  std::size_t bytes_before;  // of the outbox, that are to go out before the close frame
  bool failing;              // RFC 6455 section 7.1.7: the peer's answer is not waited for
  bool framed = false;       // the close frame is among the urgent bytes
  bool sent = false;
  bool half_closed = false;  // our FIN was sent
};

struct Compression {
  Inflater inflater;
  Deflater deflater;
};

// Nothing of it is needed for a peer that only listens.
struct Socket::Extras {
  SocketCounters counters;
  std::unique_ptr<Compression> compression;   // if it was agreed
  std::unique_ptr<ReceiveThrottle> throttle;  // if there are limits
};

}  // namespace crosspoint::websocket
