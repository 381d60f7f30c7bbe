#pragma once
// Masking of payloads, RFC 6455 section 5.3: byte i of a payload is XORed with byte i % 4 of the key. Doing
// it twice undoes it.

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace crosspoint::websocket {

using MaskKey = std::array<std::byte, 4>;

// Of a frame's second byte: the payload is masked.
constexpr std::uint8_t mask_bit = 0x80;

// The key as it applies from byte `offset` of the payload on, for a payload that comes in pieces.
constexpr MaskKey rotated(const MaskKey& key, std::size_t offset) {
  return {key[offset % 4], key[(offset + 1) % 4], key[(offset + 2) % 4], key[(offset + 3) % 4]};
}

// In place; any alignment, any length, and never a byte beyond the end. key[0] goes with bytes[0].
void apply_mask(MutableBytes bytes, const MaskKey& key);

}  // namespace crosspoint::websocket
