#include "wamp/batch.h"

#include <algorithm>

#include "base/assert.h"

namespace crosspoint::wamp::batch {
namespace {

constexpr std::size_t length_bytes = 4;

constexpr bool is_separator(std::byte byte) {
  return byte == std::byte{static_cast<std::uint8_t>(Separator::record)} ||
         byte == std::byte{static_cast<std::uint8_t>(Separator::cancel)};
}

}  // namespace

Separator separator_of(std::string_view agent) {
  return agent.starts_with("AutobahnPython") ? Separator::cancel : Separator::record;
}

std::string_view sentence_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::no_message: return "a batch holds at least one message";
    case Refusal::empty_message: return "a message of a batch is empty";
    case Refusal::truncated: return "a batch ends within a message";
    case Refusal::too_many_messages: return "a batch holds more messages than this router takes";
  }
  return {};
}

Result<std::optional<Bytes>, Refusal> Reader::next() {
  if (refusal_) return fail(*refusal_);
  if (begun_ && rest_.empty()) return std::nullopt;
  const auto message = text_ ? cut_text() : cut_binary();
  if (!message) {
    refusal_ = message.error();
    return fail(*refusal_);
  }
  begun_ = true;
  --messages_left_;
  return *message;
}

Result<Bytes, Refusal> Reader::cut_text() {
  if (rest_.empty()) return fail(Refusal::no_message);
  if (messages_left_ == 0) return fail(Refusal::too_many_messages);
  const auto end = std::ranges::find_if(rest_, is_separator);
  if (end == rest_.end()) return fail(Refusal::truncated);
  if (end == rest_.begin()) return fail(Refusal::empty_message);
  const auto message = rest_.first(static_cast<std::size_t>(end - rest_.begin()));
  separator_ = static_cast<Separator>(to_u8(*end));
  rest_ = rest_.subspan(message.size() + 1);
  return message;
}

Result<Bytes, Refusal> Reader::cut_binary() {
  if (rest_.empty()) return fail(Refusal::no_message);
  if (messages_left_ == 0) return fail(Refusal::too_many_messages);
  if (rest_.size() < length_bytes) return fail(Refusal::truncated);
  const auto bytes = read_big_endian(rest_.first(length_bytes));
  if (bytes == 0) return fail(Refusal::empty_message);
  if (bytes > rest_.size() - length_bytes) return fail(Refusal::truncated);
  const auto message = rest_.subspan(length_bytes, bytes);
  rest_ = rest_.subspan(length_bytes + bytes);
  return message;
}

Envelope::Envelope(data::Format format, Separator separator, std::size_t message_bytes)
    : text_(data::is_text(format)) {
  CROSSPOINT_ASSERT(message_bytes <= 0xffff'ffff);
  if (text_) {
    bytes_[0] = std::byte{static_cast<std::uint8_t>(separator)};
  } else {
    write_big_endian(message_bytes, bytes_);
  }
}

}  // namespace crosspoint::wamp::batch
