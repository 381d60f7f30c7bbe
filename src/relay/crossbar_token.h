#pragma once
// The token check of crossbar's last version, for clients that still speak it: the first message of a
// connection is a JWT (RFC 7519), HMAC-signed with the relay's secret, whose audience names the very route
// that was opened. The answer is a text message in fixed words, which those clients read.
//
// The reader of tokens is src/token; here are the old relay's rules and words.
//
// Pure: the time is given. The words of a refusal never hold the token.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "token/compact.h"

namespace crosspoint::relay {

struct CrossbarGrant {
  WallTime expires{};  // a token without `exp` is accepted and expires at once
};

// The error is the reason in the old relay's words: "Error reading token Token is expired".
Result<CrossbarGrant, std::string> check_crossbar_token(std::string_view token, std::string_view secret,
                                                        std::string_view audience_prefix,
                                                        std::string_view route, WallTime now);

// {"topic":…,"token":…,"authorised":…,"reason":…}; `token` is what the client sent, echoed to it alone.
std::string crossbar_answer(std::string_view route, std::string_view token, bool authorised,
                            std::string_view reason);

inline constexpr std::size_t crossbar_token_bytes_max = token::token_bytes_max;

}  // namespace crosspoint::relay
