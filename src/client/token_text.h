#pragma once
// Tokens as text, whatever is in them: what may be shown to a relay or an access service, and what of an
// address may be shown to people. Pure.

#include <string>
#include <string_view>

#include "base/result.h"

namespace crosspoint::client {

// Servers take heads of 8 KiB.
inline constexpr std::size_t token_bytes_max = 6 * 1024;

// One line of visible ASCII, as it may stand in a header field. The error is a sentence that completes "the
// token …", and repeats nothing of it.
Result<void, std::string> check_token(std::string_view token);

// What stands for a secret that is not shown.
inline constexpr std::string_view masked_secret = "***";

// An address as it may be shown: what its query gives as `token` or `code`, however those words are spelt
// there (in capitals, percent-encoded), is ***. Nothing else of it changes.
std::string mask_secrets(std::string_view address);
// Does it say *** where a token or a code would stand? It was copied from where it was shown, then.
bool has_masked_secret(std::string_view address);

}  // namespace crosspoint::client
