#pragma once
// Bytes in, parts of frames out: RFC 6455 section 5.2 and the order of fragments (5.4). No socket, no clock,
// no buffer: a payload is unmasked where it lies and handed out as a view, so that a whole small frame costs
// no copy, and a huge one no memory. Putting parts together is for message_assembler.h, compression for
// deflate.h.
//
// Every rule is applied to the first byte that can break it: reserved bits and opcode on byte 0, masking on
// byte 1, the length as soon as it is complete, before the mask key and before any payload (row B3).

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "websocket/mask.h"
#include "websocket/message.h"

namespace crosspoint::websocket {

enum class FrameError : std::uint8_t {
  reserved_bits,  // an extension that was not agreed to, or RSV1 where RFC 7692 has no place for it
  unknown_opcode,
  wrong_masking,  // clients must mask, servers must not (section 5.1)
  fragmented_control,
  oversized_control,        // control payloads stop at 125 bytes
  wasteful_length,          // 16 or 64 bits of length where a shorter form fits
  impossible_length,        // 2^63 or more
  unexpected_continuation,  // a continuation without a message begun
  expected_continuation,    // a new message while the last one is unfinished
  too_big,                  // the message, all its fragments together, is longer than we accept
};

// What close code to answer with: 1009 for too_big, 1002 for the others.
CloseCode close_code_of(FrameError error);

// Some of a frame. A frame without payload is one part without bytes; otherwise every part holds at least
// one.
struct FramePart {
  Opcode opcode;      // of the message: a continuation carries the opcode of the message it continues
  bool continuation;  // the frame is not its message's first
  bool compressed;    // RSV1 was set on the message's first frame (only if the decoder was told that this is
                      // allowed)
  bool first;         // the frame begins here
  bool last;          // the frame ends here
  bool final;         // FIN: the message ends with this frame
  Bytes payload;      // unmasked; lies in what was fed
};

inline bool is_control(Opcode opcode) { return (static_cast<std::uint8_t>(opcode) & 0x8) != 0; }

class FrameDecoder {
 public:
  enum class Compression : std::uint8_t { refused, agreed };

  // `role` is ours: a server wants masked frames, a client unmasked ones. A compressed message may be a
  // little longer on the wire than message_bytes_max, since deflate cannot shorten everything; its inflated
  // size is for the assembler to judge.
  FrameDecoder(Role role, std::size_t message_bytes_max, Compression compression = Compression::refused);

  // What has arrived, cut anywhere. Changed in place by next(), which must have come to its end before more
  // is fed.
  void feed(MutableBytes bytes);

  // The next part, or nothing until more is fed. After an error the peer and we no longer agree on where
  // frames begin, so every later call repeats it.
  Result<std::optional<FramePart>, FrameError> next();

  // Between two messages, with nothing half here: a new decoder would do as well.
  bool idle() const { return header_size_ == 0 && !in_payload_ && !message_; }

 private:
  struct Message {
    Opcode opcode;
    bool compressed;
  };

  // Each looks at the part of the header that has just become complete.
  std::optional<FrameError> judge_first_byte();
  std::optional<FrameError> judge_second_byte();
  std::optional<FrameError> judge_length();
  // Takes header bytes from the input until the header is whole (true) or the input is empty (false).
  Result<bool, FrameError> take_header();
  void begin_payload();
  FramePart take_payload();

  Opcode opcode() const { return static_cast<Opcode>(to_u8(header_[0]) & 0x0f); }
  bool final() const { return (to_u8(header_[0]) & 0x80) != 0; }
  std::size_t length_bytes() const;
  std::size_t mask_bytes() const { return role_ == Role::server ? 4 : 0; }

  MutableBytes input_;
  std::uint64_t message_bytes_max_;
  std::uint64_t message_bytes_ = 0;  // of the message under way, as its headers declared
  std::uint64_t payload_left_ = 0;   // of the frame under way
  MaskKey key_{};                    // rotated so that key_[0] goes with the next byte
  std::array<std::byte, 14> header_;
  std::uint8_t header_size_ = 0;
  Role role_;
  Compression compression_;
  bool in_payload_ = false;
  bool part_is_first_ = false;
  std::optional<Message> message_;  // begun and not finished
  std::optional<FrameError> broken_;
};

}  // namespace crosspoint::websocket
