#include "wamp/rawsocket.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/assert.h"

namespace crosspoint::wamp::rawsocket {
namespace {

constexpr std::size_t length_bits_least = 9;
constexpr std::size_t kept_bytes_first =
    64 * 1024;  // what a header may make us set aside before any of it came

std::size_t read_length(Bytes header) {
  return to_u8(header[1]) << 16 | to_u8(header[2]) << 8 | to_u8(header[3]);
}

Offer offer_of(Bytes four) {
  const auto byte = to_u8(four[1]);
  return {std::size_t{1} << (length_bits_least + (byte >> 4)), static_cast<std::uint8_t>(byte & 0x0f)};
}

bool reserved_bits_are_set(Bytes four) { return four[2] != std::byte{0} || four[3] != std::byte{0}; }

}  // namespace

std::optional<Result<Offer, Refusal>> read_offer(Bytes four) {
  CROSSPOINT_ASSERT(four.size() == handshake_bytes);
  if (four[0] != magic) return std::nullopt;
  if (reserved_bits_are_set(four)) return fail(Refusal::reserved_bits);
  const Offer offer = offer_of(four);
  if (!find_format(offer.serializer)) return fail(Refusal::serializer_unsupported);
  return offer;
}

std::optional<data::Format> find_format(std::uint8_t serializer) {
  switch (serializer) {
    case 1: return data::Format::json;
    case 2: return data::Format::msgpack;
    case 3: return data::Format::cbor;
    case 4: return data::Format::ubjson;
    default: return std::nullopt;
  }
}

std::uint8_t serializer_of(data::Format format) {
  switch (format) {
    case data::Format::json: return 1;
    case data::Format::msgpack: return 2;
    case data::Format::cbor: return 3;
    case data::Format::ubjson:
    case data::Format::bjdata: return 4;
  }
  return 0;
}

HandshakeBytes handshake(std::size_t message_bytes_max, std::uint8_t serializer) {
  const auto bytes = std::clamp(message_bytes_max, message_bytes_least, message_bytes_most);
  const auto length_bits = static_cast<std::size_t>(std::bit_width(bytes)) - 1;
  return {magic, static_cast<std::byte>((length_bits - length_bits_least) << 4 | serializer), std::byte{0},
          std::byte{0}};
}

HandshakeBytes handshake(Refusal refusal) {
  return {magic, static_cast<std::byte>(static_cast<unsigned>(refusal) << 4), std::byte{0}, std::byte{0}};
}

std::optional<Result<Offer, Refusal>> read_answer(Bytes four) {
  CROSSPOINT_ASSERT(four.size() == handshake_bytes);
  if (four[0] != magic || reserved_bits_are_set(four)) return std::nullopt;
  const Offer offer = offer_of(four);
  if (offer.serializer != 0) return offer;
  const auto code = to_u8(four[1]) >> 4;
  if (code < 1 || code > 4) return std::nullopt;
  return fail(static_cast<Refusal>(code));
}

std::array<std::byte, header_bytes> frame_header(FrameType type, std::size_t payload_bytes) {
  CROSSPOINT_ASSERT(payload_bytes <= message_bytes_most);
  const auto largest = payload_bytes == message_bytes_most ? 0x08u : 0u;
  return {static_cast<std::byte>(static_cast<unsigned>(type) | largest),
          static_cast<std::byte>(payload_bytes >> 16), static_cast<std::byte>(payload_bytes >> 8),
          static_cast<std::byte>(payload_bytes)};
}

std::uint64_t frame_length(Bytes frame) {
  const bool largest = (to_u8(frame[0]) & 0x08) != 0;
  return header_bytes + (largest ? message_bytes_most : read_length(frame));
}

Result<std::size_t, FrameError> FrameReader::payload_bytes(Bytes header) const {
  const auto first = to_u8(header[0]);
  if ((first & 0xf0) != 0) return fail(FrameError::reserved_bits);
  if ((first & 0x07) > static_cast<unsigned>(FrameType::pong)) return fail(FrameError::unknown_type);
  std::size_t bytes = read_length(header);
  if ((first & 0x08) != 0) {
    if (bytes != 0) return fail(FrameError::reserved_bits);
    bytes = message_bytes_most;
  }
  if (bytes > message_bytes_max_) return fail(FrameError::too_long);
  return bytes;
}

Result<std::optional<Frame>, FrameError> FrameReader::next(Bytes& bytes) {
  if (std::exchange(given_, false)) ByteVector().swap(kept_);
  const auto take = [&](std::size_t wanted) {
    const auto taken = bytes.first(std::min(wanted - std::min(wanted, kept_.size()), bytes.size()));
    append(kept_, taken);
    bytes = bytes.subspan(taken.size());
  };
  const bool whole_header_here = kept_.empty() && bytes.size() >= header_bytes;
  if (!whole_header_here) take(header_bytes);
  const Bytes header = whole_header_here ? bytes : Bytes(kept_);
  if (header.size() < header_bytes) return std::nullopt;
  const auto payload = payload_bytes(header);
  if (!payload) return fail(payload.error());
  const std::size_t whole = header_bytes + *payload;
  const auto type = static_cast<FrameType>(to_u8(header[0]) & 0x07);
  if (whole_header_here && bytes.size() >= whole) {
    const auto frame = bytes.first(whole);
    bytes = bytes.subspan(whole);
    return Frame{type, frame.subspan(header_bytes)};
  }
  if (kept_.empty()) kept_.reserve(std::min(whole, kept_bytes_first));
  take(whole);
  if (kept_.size() < whole) return std::nullopt;
  given_ = true;
  return Frame{type, Bytes(kept_).subspan(header_bytes)};
}

}  // namespace crosspoint::wamp::rawsocket
