#pragma once
// Bytes as hexadecimal digits without anything between them: keys, fingerprints and challenges.

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace crosspoint {

// Small letters: "0aff47".
std::string encode_hex(Bytes bytes);
// Digits in either case, two for each byte; nothing for any other text.
std::optional<ByteVector> decode_hex(std::string_view text);

}  // namespace crosspoint
