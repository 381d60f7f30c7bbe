#pragma once
// Views of bytes, and the few conversions that every codec needs. A view owns nothing: whoever hands one
// out says how long it lives.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crosspoint {

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;
using ByteVector = std::vector<std::byte>;

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline std::string to_string(Bytes bytes) { return std::string(as_text(bytes)); }
inline ByteVector to_vector(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

inline std::uint8_t to_u8(std::byte b) { return std::to_integer<std::uint8_t>(b); }

// The first bytes.size() bytes as one unsigned number, most significant first (network order). At most 8.
std::uint64_t read_big_endian(Bytes bytes);
// Writes the low out.size() bytes of `value`, most significant first.
void write_big_endian(std::uint64_t value, MutableBytes out);

// "0a ff 47": for tests and error messages, never for secrets.
std::string to_hex(Bytes bytes);

inline std::size_t total_bytes(std::span<const Bytes> pieces) {
  std::size_t total = 0;
  for (const Bytes piece: pieces) total += piece.size();
  return total;
}

inline void append(ByteVector& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
inline void append(ByteVector& out, std::string_view text) { append(out, as_bytes(text)); }

}  // namespace crosspoint
