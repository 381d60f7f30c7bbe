#pragma once
// The maps of the opening, from the bytes that spell them to the few texts that methods look at.

#include <string>

#include "base/result.h"
#include "wamp/auth/extra.h"
#include "wamp/payload.h"

namespace crosspoint::wamp::auth {

// A map in kwargs, or nothing. Keys that no method knows are passed over. The error is a sentence: a key that
// is known holds something else than a text or null, or more than 4096 bytes; or the bytes are no map.
Result<HelloExtra, std::string> read_hello_extra(const Payload& authextra);
Result<AuthenticateExtra, std::string> read_authenticate_extra(const Payload& extra);

inline constexpr std::size_t extra_text_bytes_max = 4096;

}  // namespace crosspoint::wamp::auth
