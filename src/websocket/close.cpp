#include "websocket/close.h"

#include <algorithm>

#include "base/assert.h"
#include "base/utf8.h"

namespace crosspoint::websocket {

CloseCode close_code_of(CloseError error) {
  return error == CloseError::invalid_text ? CloseCode::invalid_payload : CloseCode::protocol_error;
}

bool is_sendable(CloseCode code) {
  const auto number = static_cast<std::uint16_t>(code);
  return (number >= 1000 && number <= 1003) || (number >= 1007 && number <= 1014) ||
         (number >= 3000 && number <= 4999);
}

Result<CloseReason, CloseError> parse_close(Bytes payload) {
  if (payload.empty()) return CloseReason{CloseCode::no_status, {}};
  if (payload.size() == 1) return fail(CloseError::half_a_code);
  const auto code = static_cast<CloseCode>(read_big_endian(payload.first(2)));
  if (!is_sendable(code)) return fail(CloseError::invalid_code);
  const Bytes text = payload.subspan(2);
  if (!is_utf8(text)) return fail(CloseError::invalid_text);
  return CloseReason{code, to_string(text)};
}

ByteVector encode_close(CloseCode code, std::string_view text) {
  if (code == CloseCode::no_status) return {};
  CROSSPOINT_ASSERT(is_sendable(code));
  if (!is_utf8(as_bytes(text))) text = {};
  std::size_t text_bytes = std::min(text.size(), close_text_bytes_max);
  // A code point is cut where the first byte left out is a continuation.
  while (text_bytes < text.size() && text_bytes > 0 &&
         (static_cast<unsigned char>(text[text_bytes]) & 0xc0) == 0x80) {
    --text_bytes;
  }
  ByteVector payload(2);
  write_big_endian(static_cast<std::uint16_t>(code), payload);
  append(payload, text.substr(0, text_bytes));
  return payload;
}

}  // namespace crosspoint::websocket
