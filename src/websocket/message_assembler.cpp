#include "websocket/message_assembler.h"

#include <algorithm>

#include "base/assert.h"

namespace crosspoint::websocket {

CloseCode close_code_of(AssemblyError error) {
  switch (error) {
    case AssemblyError::invalid_utf8: return CloseCode::invalid_payload;
    case AssemblyError::too_many_empty_fragments: return CloseCode::policy_violation;
    case AssemblyError::too_big: return CloseCode::message_too_big;
    case AssemblyError::corrupt_deflate: return CloseCode::invalid_payload;
  }
  return CloseCode::protocol_error;
}

Result<std::optional<Message>, AssemblyError> MessageAssembler::add(const FramePart& part) {
  if (!message_) buffer_.release();  // the last message has been looked at by now
  if (is_control(part.opcode)) return add_control(part);
  if (!message_) {
    message_ = part.opcode;
    utf8_ = {};
    empty_fragments_left_ = empty_fragments_max_;
  }
  if (part.first && part.last && part.payload.empty() && !part.final && empty_fragments_left_-- == 0) {
    return fail(AssemblyError::too_many_empty_fragments);
  }

  const bool ends = part.last && part.final;
  const bool whole = ends && part.first && !part.continuation && !part.compressed;
  const auto error = part.compressed ? take_compressed(part.payload, ends) : check_plain(part.payload);
  if (error) return fail(*error);
  if (!part.compressed && !whole) buffer_.append(part.payload);
  if (!ends) return std::nullopt;
  if (!text_may_end()) return fail(AssemblyError::invalid_utf8);
  message_.reset();
  return Message{part.opcode, whole ? part.payload : buffer_.bytes()};
}

std::optional<AssemblyError> MessageAssembler::check_plain(Bytes payload) {
  if (payload.size() > buffer_.bytes_left()) return AssemblyError::too_big;
  if (message_ == Opcode::text && !text_goes_on(payload)) return AssemblyError::invalid_utf8;
  return std::nullopt;
}

std::optional<AssemblyError> MessageAssembler::take_compressed(Bytes payload, bool ends) {
  CROSSPOINT_ASSERT(inflater_ != nullptr);  // the decoder lets RSV1 through only when it was agreed
  const std::size_t before = buffer_.size();
  const auto inflated = inflater_->feed(payload, ends, buffer_);
  // What came out before an error counts first: the byte that breaks the text may lie before the one that
  // breaks the block.
  if (message_ == Opcode::text && !text_goes_on(buffer_.bytes().subspan(before)))
    return AssemblyError::invalid_utf8;
  if (inflated) return std::nullopt;
  return inflated.error() == InflateError::corrupt ? AssemblyError::corrupt_deflate : AssemblyError::too_big;
}

Result<std::optional<Message>, AssemblyError> MessageAssembler::add_control(const FramePart& part) {
  if (part.first && part.last) return Message{part.opcode, part.payload};
  // The decoder lets no control payload of more than 125 bytes through.
  CROSSPOINT_ASSERT(part.payload.size() <= control_.size() - (part.first ? 0u : control_size_));
  if (part.first) control_size_ = 0;
  std::copy(part.payload.begin(), part.payload.end(), control_.begin() + control_size_);
  control_size_ = static_cast<std::uint8_t>(control_size_ + part.payload.size());
  if (!part.last) return std::nullopt;
  return Message{part.opcode, Bytes(control_).first(std::exchange(control_size_, std::uint8_t{0}))};
}

}  // namespace crosspoint::websocket
