// Strict base64: what decodes is exactly what would have been encoded.
#include <cstdint>

#include "base/assert.h"
#include "base/base64.h"

using namespace crosspoint;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto kind: {Base64::standard, Base64::url}) {
    if (const auto bytes = decode_base64(kind, text)) CROSSPOINT_ASSERT(encode_base64(kind, *bytes) == text);
    const auto back = decode_base64(kind, encode_base64(kind, as_bytes(text)));
    CROSSPOINT_ASSERT(back && *back == to_vector(as_bytes(text)));
  }
  return 0;
}
