// Payloads of close frames: what is read can be written, and is read again as the same; any reason can be
// given.
#include <cstdint>

#include "base/assert.h"
#include "base/utf8.h"
#include "websocket/close.h"

using namespace crosspoint;
using namespace crosspoint::websocket;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = std::as_bytes(std::span(data, size));
  if (const auto reason = parse_close(input); reason && size <= 2 + close_text_bytes_max) {
    CROSSPOINT_ASSERT(encode_close(reason->code, reason->text) == to_vector(input));
  }
  const ByteVector payload = encode_close(CloseCode::going_away, as_text(input));
  CROSSPOINT_ASSERT(payload.size() <= 125);
  const auto back = parse_close(payload);
  CROSSPOINT_ASSERT(back && back->code == CloseCode::going_away);
  CROSSPOINT_ASSERT(as_text(input).starts_with(back->text));
  CROSSPOINT_ASSERT(!is_utf8(input) || back->text.size() + 4 > std::min(size, close_text_bytes_max));
  return 0;
}
