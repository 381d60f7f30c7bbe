#pragma once
// The answers of the access API, to the byte where clients in the field depend on it. There are three shapes
// of errors, and which is used where is part of the interface:
//
//   from the framework   {"code":404,"message":"path /nope was not found"}         code is a number, no
//   newline from an operation    {"code":"400","message":"…"}\n                            code is a text of
//   POST /session     "Token Wrong Topic"\n                                     a bare JSON string, 401 only
//
// Generated Go clients read `code` as a text in 400 and 401. No answer holds a token or a code, other than
// the address that was asked for.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/desk.h"
#include "http/message.h"
#include "token/refusal.h"

namespace crosspoint::access {

// How tokens that cannot be accepted are answered: 401, or 500 as the old relay did.
enum class BadTokenStatus : std::uint8_t { unauthorized_401, internal_error_500 };

// ---- before an operation begins
http::Response path_not_found(std::string_view path);
http::Response method_not_allowed(std::string_view method, std::string_view allowed);  // allowed: "POST,GET"
http::Response no_credentials();
http::Response token_refused(token::Refusal refusal, BadTokenStatus status);
// `audience` is the claim's values joined by a space.
http::Response wrong_audience(std::string_view audience, std::string_view own, BadTokenStatus status);
http::Response unsupported_media_type(std::string_view type);
http::Response not_acceptable();
http::Response parameter_required(std::string_view name);
http::Response parameter_not_integer(std::string_view name, std::string_view value);

// ---- from operations
http::Response session_opened(std::string_view uri);  // {"uri":"…"}
http::Response answer_to(IssueRefusal refusal);
// {"expires_at":"2026-11-20T23:59:42Z","connections":2}
http::Response session_extended(WallTime expires, std::size_t connections);
http::Response operation_failed(int status, std::string_view message);
http::Response booking_ids(std::vector<std::string> ids);         // in_order()
std::vector<std::string> in_order(std::vector<std::string> ids);  // each once
http::Response done();                                            // 204

}  // namespace crosspoint::access
