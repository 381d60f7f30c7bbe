#include "client/token_text.h"

#include <fmt/core.h>

#include <algorithm>

namespace crosspoint::client {

Result<void, std::string> check_token(std::string_view token) {
  if (token.empty()) return fail(std::string("is empty"));
  if (token.size() > token_bytes_max) return fail(fmt::format("is longer than {} bytes", token_bytes_max));
  if (!std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7f; }))
    return fail(std::string("holds a character that no token has: it must be one line of visible ASCII"));
  return {};
}

}  // namespace crosspoint::client
