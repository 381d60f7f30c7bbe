#pragma once
// What probes are filled with: windows of one long unpredictable text, so that comparing is one memcmp, and
// neighbours differ.

#include <cstdint>

#include "base/bytes.h"

namespace crosspoint::bench {

// `text` is letters, digits, "-" and "_", which every serializer spells as they are.
enum class Alphabet : std::uint8_t { bytes, text };
inline constexpr std::string_view text_digits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

// The body of the message with this number from this source, as long as `body`.
void write_body(Alphabet alphabet, std::uint64_t sequence, std::uint64_t source, MutableBytes body);
bool is_body(Alphabet alphabet, std::uint64_t sequence, std::uint64_t source, Bytes body);

}  // namespace crosspoint::bench
