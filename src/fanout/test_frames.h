#pragma once
// Tests only: the simplest framing there is, one length byte and then the payload.

#include <algorithm>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "fanout/frame_log.h"
#include "fanout/outbox.h"

namespace crosspoint::fanout::testing {

inline std::uint64_t frame_length(Bytes bytes) { return 1u + to_u8(bytes[0]); }

inline std::string header_of(std::string_view payload) {
  return std::string(1, static_cast<char>(payload.size()));
}

inline const FrameRecord& append(FrameLog& log, std::string_view payload, PublisherId publisher = 1,
                                 MonotonicTime now = {}) {
  return log.append(as_bytes(header_of(payload)), as_bytes(payload), publisher, now);
}

// What a connection that takes `most` bytes would put on the wire.
inline std::string write(Outbox& outbox, std::size_t most = SIZE_MAX) {
  std::string wire;
  while (!outbox.empty() && most > 0) {
    Bytes piece;
    outbox.gather(std::span(&piece, 1));
    piece = piece.first(std::min(most, piece.size()));
    wire += as_text(piece);
    most -= piece.size();
    outbox.wrote(piece.size());
  }
  return wire;
}

// "\3abc\1x" -> "abc x"; a frame that is not whole is shown with its bytes missing.
inline std::string payloads(std::string_view wire) {
  std::string text;
  while (!wire.empty()) {
    const auto size = static_cast<unsigned char>(wire[0]);
    if (!text.empty()) text += ' ';
    text += wire.substr(1, size);
    wire.remove_prefix(std::min<std::size_t>(wire.size(), 1u + size));
  }
  return text;
}

}  // namespace crosspoint::fanout::testing
