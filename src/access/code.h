#pragma once
// The one-time code that opens a WebSocket: 128 unpredictable bits, spelled as clients in the field expect to
// find them in the address, like a UUID (RFC 9562): "1f0c2a5e-8d3b-40c1-9f27-5b6a0e4c7d88". Unlike a UUID it
// gives no bits away for a version: all of them are random.

#include <string>
#include <string_view>

#include "base/random.h"

namespace crosspoint::access {

std::string make_code(Random& random);
// 36 characters, lower-case hexadecimal digits with dashes where make_code puts them.
bool is_code(std::string_view text);

}  // namespace crosspoint::access
