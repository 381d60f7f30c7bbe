#pragma once
// Several messages in one WebSocket message or HTTP body: the `.batched` subprotocols (wamp-router §5).
// Sans-IO, both ends.
//
//   JSON            message separator message separator …   every message is followed by one
//   binary formats  length message length message …         32 bits, most significant byte first
//
// JSON has no control characters but white space outside of escapes, so a batch is cut at separators without
// reading it.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "data/format.h"

namespace crosspoint::wamp::batch {

enum class Separator : std::uint8_t {
  record = 0x1e,  // the draft's, ASCII RS
  cancel = 0x18,  // AutobahnPython's, which writes RS's digits as an octal escape
};

// What a client of this name (HELLO's agent, HTTP's User-Agent) expects, as long as it has sent none.
Separator separator_of(std::string_view agent);

enum class Refusal : std::uint8_t {
  no_message,         // there is nothing in it
  empty_message,      // nothing between two separators, or a length of zero
  truncated,          // it ends within a length or a message; JSON: without a separator
  too_many_messages,  // more than were allowed
};
std::string_view sentence_of(Refusal refusal);

// Cuts a batch that came whole into its messages.
class Reader {
 public:
  Reader(data::Format format, Bytes batch, std::size_t messages_max)
      : rest_(batch), messages_left_(messages_max), text_(data::is_text(format)) {}

  // The next message, a view of the batch; nothing: that was all. A refusal is final and repeats itself.
  Result<std::optional<Bytes>, Refusal> next();
  // What followed the message that was handed out last. Nothing before there is one, and in binary formats.
  std::optional<Separator> separator() const { return separator_; }

 private:
  Result<Bytes, Refusal> cut_text();
  Result<Bytes, Refusal> cut_binary();

  Bytes rest_;
  std::size_t messages_left_;
  const bool text_;
  bool begun_ = false;
  std::optional<Separator> separator_;
  std::optional<Refusal> refusal_;
};

// What stands around a message in a batch.
class Envelope {
 public:
  // `separator` is for JSON, `message_bytes` for the others: less than 4 GiB.
  Envelope(data::Format format, Separator separator, std::size_t message_bytes);

  Bytes before() const { return text_ ? Bytes() : Bytes(bytes_); }
  Bytes after() const { return text_ ? Bytes(bytes_).first(1) : Bytes(); }
  std::size_t size() const { return text_ ? 1 : bytes_.size(); }

 private:
  std::array<std::byte, 4> bytes_{};
  bool text_;
};

}  // namespace crosspoint::wamp::batch
