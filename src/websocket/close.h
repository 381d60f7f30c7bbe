#pragma once
// Payloads of close frames, RFC 6455 sections 5.5.1 and 7.4: nothing, or two bytes of code and up to 123
// bytes of UTF-8.

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "websocket/message.h"

namespace crosspoint::websocket {

inline constexpr std::size_t close_text_bytes_max = 123;

enum class CloseError : std::uint8_t {
  half_a_code,   // one byte
  invalid_code,  // reserved, out of range, or not for the wire (row B10)
  invalid_text,  // not UTF-8 (row B9)
};
// 1007 for invalid_text, 1002 for the others.
CloseCode close_code_of(CloseError error);

// May this number travel in a close frame? 1000–1003, 1007–1014 and 3000–4999.
bool is_sendable(CloseCode code);

// An empty payload gives CloseCode::no_status.
Result<CloseReason, CloseError> parse_close(Bytes payload);

// CloseCode::no_status gives the empty payload; any other code must be sendable. A text that is too long is
// cut between two code points, one that is not UTF-8 is left out.
ByteVector encode_close(CloseCode code, std::string_view text);

}  // namespace crosspoint::websocket
