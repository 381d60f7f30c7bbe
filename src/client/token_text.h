#pragma once
// Tokens as text, whatever is in them: what may be shown to a relay or an access service. Pure.

#include <string>
#include <string_view>

#include "base/result.h"

namespace crosspoint::client {

// Servers take heads of 8 KiB.
inline constexpr std::size_t token_bytes_max = 6 * 1024;

// One line of visible ASCII, as it may stand in a header field. The error is a sentence that completes "the
// token …", and repeats nothing of it.
Result<void, std::string> check_token(std::string_view token);

}  // namespace crosspoint::client
