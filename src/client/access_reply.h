#pragma once
// What an access service says when a token is shown to it (POST /session/<topic>): the WebSocket address that
// opens the topic once, or why not. Pure. Also the answer of the older relay, which wants the token as the
// first message of a connection.
//
// Whoever answers is a stranger: a captive portal, a proxy's error page, a relay that is set up wrongly.
// Whatever it says becomes one bounded sentence in which nothing that could be a token or a code is left:
// logs and status pages show it.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/url.h"

namespace crosspoint::client {

// An answer is an object with one address, or a sentence.
inline constexpr std::size_t access_reply_bytes_max = 16 * 1024;
inline constexpr std::size_t access_uri_bytes_max = 4096;
// Of what a stranger said, so much is repeated.
inline constexpr std::size_t quoted_bytes_max = 200;

struct AccessRefusal {
  enum class Cause : std::uint8_t {
    unauthorized,  // 401, 403: not with this token
    refused,       // any other 4xx: the booking was cancelled, the path is wrong, too many requests
    failed,        // 5xx. Older services answer so to tokens that are expired or signed for somebody else
    redirected,    // 3xx: never followed, since the token would go with it
    not_access,    // something answered that is no access service: a page, or JSON without an address
    bad_address,   // an address that is not ws or wss, too long, or with user info
  };
  Cause cause;
  int status = 0;
  std::string sentence;  // completes "access at lab.example.org …": "answered 401: Token Wrong Topic"

  bool operator==(const AccessRefusal&) const = default;
};

// `token` is what was shown, so that it can be taken out of what came back. The three shapes of errors that
// such services use are understood: {"code":401,"message":"…"}, {"code":"401","message":"…"} and "…".
Result<http::Url, AccessRefusal> read_access_reply(int status, std::string_view body, std::string_view token);

// What a stranger said, fit to be shown: one line, bounded, valid UTF-8, with `***` where `secret` stood and
// where anything stood that is long enough for a code or a token.
std::string quoted(std::string_view text, std::string_view secret);

// What the older relay answers to a token: a text message, {"authorised":true|false,"reason":"…",…}.
struct TokenAnswer {
  enum class Kind : std::uint8_t { authorised, refused, something_else };
  Kind kind = Kind::something_else;
  std::string reason;  // refused: fit to be shown
};
TokenAnswer read_token_answer(std::string_view text, std::string_view token);

}  // namespace crosspoint::client
