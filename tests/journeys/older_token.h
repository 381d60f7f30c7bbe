#pragma once
// A token as the older relay's users make them (RFC 7515, HS256).

#include <fmt/core.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/base64.h"
#include "crypto/hmac.h"

namespace crosspoint::journeys {

// `expires`: seconds since 1970.
inline std::string older_token(std::string_view audience, std::string_view secret,
                               std::int64_t expires = 4102444800) {
  const auto base64 = [](std::string_view text) { return encode_base64(Base64::url, as_bytes(text)); };
  const auto signed_part = base64(R"({"alg":"HS256","typ":"JWT"})") + "." +
                           base64(fmt::format(R"({{"exp":{},"aud":"{}"}})", expires, audience));
  return signed_part + "." +
         encode_base64(Base64::url, crypto::hmac_sha256(as_bytes(secret), as_bytes(signed_part)));
}

}  // namespace crosspoint::journeys
