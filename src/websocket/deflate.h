#pragma once
// permessage-deflate, RFC 7692 section 7: raw DEFLATE of whole messages, without the four bytes that end a
// flush (7.2.1). Which windows and which context takeover are agreed is the handshake's matter (handshake.h).
//
// zlib's state (some 40 KiB to inflate, 256 KiB to deflate with full windows) is made for the first
// compressed message, and without context takeover given back after each.

#include <memory>

#include "base/bytes.h"
#include "base/result.h"
#include "websocket/growing_buffer.h"

namespace crosspoint::websocket {

enum class InflateError : std::uint8_t {
  corrupt,  // not DEFLATE, or the message ends in the middle of a block
  too_big,  // longer than the buffer may become
  bomb,     // beyond inflate_ratio_free_bytes and more than inflate_ratio_max times what came
};

// A message may grow this much when inflated (row B6) …
inline constexpr std::size_t inflate_ratio_max = 100;
// … once it is longer than this; below, a long run of one byte is just what compression is for.
inline constexpr std::size_t inflate_ratio_free_bytes = 1024 * 1024;

class Inflater {
 public:
  enum class Context : bool { forgotten, kept };

  // Reads every window that a peer may use (7.1.2), since the largest holds them all; `context`: may a
  // message refer back to the one before?
  explicit Inflater(Context context);
  ~Inflater();

  // Inflates the next piece of a message onto `out`, never beyond its limit; `ends` with the message's last
  // piece (which may be empty). An error is final: the window is no longer the peer's.
  Result<void, InflateError> feed(Bytes piece, bool ends, GrowingBuffer& out);

  bool holds_memory() const { return stream_ != nullptr; }

 private:
  struct Stream;
  Result<void, InflateError> inflate(Bytes piece, GrowingBuffer& out);
  Result<void, InflateError> finish_message(GrowingBuffer& out);
  void begin_again_after_final_block();

  Context context_;
  std::unique_ptr<Stream> stream_;
};

class Deflater {
 public:
  using Context = Inflater::Context;

  // Our window as agreed, 8 to 15 bits.
  Deflater(int window_bits, Context context);
  ~Deflater();

  // zlib makes no windows of 8 bits: then nothing is compressed, which every agreement allows.
  bool able() const { return window_bits_ >= 9; }

  // Appends the compressed form of a whole message. Whoever calls this with context takeover must also send
  // what comes out, since the next message may refer to this one. able() only.
  void compress(Bytes message, ByteVector& out);

  bool holds_memory() const { return stream_ != nullptr; }

 private:
  struct Stream;
  int window_bits_;
  Context context_;
  std::unique_ptr<Stream> stream_;
};

}  // namespace crosspoint::websocket
