#pragma once
// Parts of frames in, whole messages out. A message that came in one part is handed out as it lies, without a
// copy; any other comes together in one buffer (growing_buffer.h), which is let go as soon as the message has
// been looked at. Control frames that come between the fragments of a message are handed out when they are
// whole.
//
// Text is checked as it comes, compressed messages are inflated as they come: neither waits for the end to be
// refused.

#include <array>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "base/utf8.h"
#include "websocket/deflate.h"
#include "websocket/frame_decoder.h"
#include "websocket/growing_buffer.h"
#include "websocket/message.h"

namespace crosspoint::websocket {

enum class AssemblyError : std::uint8_t {
  invalid_utf8,              // 1007, at the offending byte (row B9)
  too_many_empty_fragments,  // 1008 (row B5)
  too_big,                   // 1009: too long, or a compression bomb (row B6)
  corrupt_deflate,           // 1007
};
CloseCode close_code_of(AssemblyError error);

struct Message {
  Opcode opcode;  // text, binary, close, ping, pong
  Bytes payload;
};

class MessageAssembler {
 public:
  // `inflater` outlives the assembler; null when compression was not agreed. There is no limit on fragments
  // that hold something: they cost nothing, and a limit would refuse what RFC 6455 allows.
  MessageAssembler(std::size_t message_bytes_max, std::size_t empty_fragments_max,
                   Inflater* inflater = nullptr)
      : empty_fragments_left_(empty_fragments_max),
        empty_fragments_max_(empty_fragments_max),
        inflater_(inflater),
        buffer_(message_bytes_max) {}

  // The message that this part completes, if it does. Its payload is valid until the next call, or until the
  // part's bytes are gone. After an error the assembler is of no more use.
  Result<std::optional<Message>, AssemblyError> add(const FramePart& part);

  // Nothing is half here: a new assembler would do as well.
  bool idle() const { return !message_ && control_size_ == 0; }
  // What it holds on to; for tests and accounts.
  std::size_t buffer_bytes() const { return buffer_.capacity(); }

 private:
  Result<std::optional<Message>, AssemblyError> add_control(const FramePart& part);
  std::optional<AssemblyError> check_plain(Bytes payload);
  std::optional<AssemblyError> take_compressed(Bytes payload, bool ends);
  bool text_goes_on(Bytes payload) { return utf8_.feed(payload) == payload.size(); }
  bool text_may_end() const { return message_ != Opcode::text || utf8_.at_boundary(); }

  std::size_t empty_fragments_left_;
  std::size_t empty_fragments_max_;
  Inflater* inflater_;
  GrowingBuffer buffer_;
  std::optional<Opcode> message_;  // begun and not finished
  Utf8Validator utf8_;
  std::uint8_t control_size_ = 0;
  std::array<std::byte, 125> control_;
};

}  // namespace crosspoint::websocket
