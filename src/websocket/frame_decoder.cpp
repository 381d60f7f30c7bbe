#include "websocket/frame_decoder.h"

#include <algorithm>

#include "base/assert.h"
#include "websocket/mask.h"

namespace crosspoint::websocket {
namespace {

constexpr std::uint8_t rsv1_bit = 0x40;
constexpr std::uint8_t rsv2_and_rsv3_bits = 0x30;
constexpr std::uint8_t control_payload_bytes_max = 125;

bool is_known(std::uint8_t opcode) { return opcode <= 2 || (opcode >= 8 && opcode <= 10); }

// Incompressible data grows a little under deflate, by 5 bytes for each stored block; small blocks are the
// sender's choice.
std::uint64_t wire_bytes_max(std::uint64_t message_bytes_max, bool compressed) {
  return compressed ? message_bytes_max + message_bytes_max / 64 + 64 : message_bytes_max;
}

}  // namespace

CloseCode close_code_of(FrameError error) {
  return error == FrameError::too_big ? CloseCode::message_too_big : CloseCode::protocol_error;
}

FrameDecoder::FrameDecoder(Role role, std::size_t message_bytes_max, Compression compression)
    : message_bytes_max_(message_bytes_max), role_(role), compression_(compression) {}

void FrameDecoder::feed(MutableBytes bytes) {
  CROSSPOINT_ASSERT(input_.empty() || broken_);
  input_ = bytes;
}

Result<std::optional<FramePart>, FrameError> FrameDecoder::next() {
  if (broken_) return fail(*broken_);
  if (!in_payload_) {
    const auto whole = take_header();
    if (!whole) {
      broken_ = whole.error();
      return fail(*broken_);
    }
    if (!*whole) return std::nullopt;
    begin_payload();
  }
  if (input_.empty() && payload_left_ > 0) return std::nullopt;
  return take_payload();
}

Result<bool, FrameError> FrameDecoder::take_header() {
  while (!input_.empty()) {
    header_[header_size_++] = input_.front();
    input_ = input_.subspan(1);

    std::optional<FrameError> error;
    if (header_size_ == 1) {
      error = judge_first_byte();
    } else {
      if (header_size_ == 2) error = judge_second_byte();
      if (!error && header_size_ == 2 + length_bytes()) error = judge_length();
    }
    if (error) return fail(*error);
    if (header_size_ >= 2 && header_size_ == 2 + length_bytes() + mask_bytes()) return true;
  }
  return false;
}

std::optional<FrameError> FrameDecoder::judge_first_byte() {
  const std::uint8_t byte = to_u8(header_[0]);
  const std::uint8_t number = byte & 0x0f;
  const bool begins_message = number == 1 || number == 2;

  if ((byte & rsv2_and_rsv3_bits) != 0) return FrameError::reserved_bits;
  if ((byte & rsv1_bit) != 0 && !(compression_ == Compression::agreed && begins_message)) {
    return FrameError::reserved_bits;
  }
  if (!is_known(number)) return FrameError::unknown_opcode;
  if (is_control(opcode())) {
    if (!final()) return FrameError::fragmented_control;
    return std::nullopt;
  }
  if (begins_message && message_) return FrameError::expected_continuation;
  if (!begins_message && !message_) return FrameError::unexpected_continuation;
  return std::nullopt;
}

std::optional<FrameError> FrameDecoder::judge_second_byte() {
  const std::uint8_t byte = to_u8(header_[1]);
  const bool masked = (byte & mask_bit) != 0;
  if (masked != (role_ == Role::server)) return FrameError::wrong_masking;
  if (is_control(opcode()) && (byte & 0x7f) > control_payload_bytes_max) return FrameError::oversized_control;
  return std::nullopt;
}

std::size_t FrameDecoder::length_bytes() const {
  const std::uint8_t short_length = to_u8(header_[1]) & 0x7f;
  return short_length == 127 ? 8 : short_length == 126 ? 2 : 0;
}

std::optional<FrameError> FrameDecoder::judge_length() {
  const std::size_t size = length_bytes();
  const std::uint64_t length =
      size == 0 ? to_u8(header_[1]) & 0x7f : read_big_endian(Bytes(header_).subspan(2, size));
  if (length >> 63 != 0) return FrameError::impossible_length;
  if (size == 2 && length < 126) return FrameError::wasteful_length;
  if (size == 8 && length < 65536) return FrameError::wasteful_length;

  if (!is_control(opcode())) {
    const bool compressed = message_ ? message_->compressed : (to_u8(header_[0]) & rsv1_bit) != 0;
    // message_bytes_ never exceeds the limit, so this does not wrap.
    if (length > wire_bytes_max(message_bytes_max_, compressed) - message_bytes_) return FrameError::too_big;
  }
  payload_left_ = length;
  return std::nullopt;
}

void FrameDecoder::begin_payload() {
  if (role_ == Role::server) std::copy_n(header_.begin() + 2 + length_bytes(), 4, key_.begin());
  if (!is_control(opcode())) {
    if (!message_) message_ = Message{opcode(), (to_u8(header_[0]) & rsv1_bit) != 0};
    message_bytes_ += payload_left_;
  }
  in_payload_ = true;
  part_is_first_ = true;
}

FramePart FrameDecoder::take_payload() {
  const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, input_.size()));
  const MutableBytes payload = input_.first(taken);
  input_ = input_.subspan(taken);
  payload_left_ -= taken;
  if (role_ == Role::server) {
    apply_mask(payload, key_);
    key_ = rotated(key_, taken);
  }

  const bool control = is_control(opcode());
  const FramePart part{.opcode = control ? opcode() : message_->opcode,
                       .continuation = opcode() == Opcode::continuation,
                       .compressed = !control && message_->compressed,
                       .first = std::exchange(part_is_first_, false),
                       .last = payload_left_ == 0,
                       .final = final(),
                       .payload = payload};
  if (part.last) {
    in_payload_ = false;
    header_size_ = 0;
    if (!control && part.final) {
      message_.reset();
      message_bytes_ = 0;
    }
  }
  return part;
}

}  // namespace crosspoint::websocket
