// Whatever a user writes as an address: it is refused in one printable line of bounded length, or it is
// understood, keeps the limits of what the kernel takes, and is written back as something that is understood
// the same.

#include <algorithm>

#include "base/bytes.h"
#include "net/address.h"
#include "require.h"

using namespace crosspoint;
using namespace crosspoint::net;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto endpoint = parse_endpoint(text);
  if (!endpoint) {
    const std::string& sentence = endpoint.error();
    REQUIRE(!sentence.empty() && sentence.size() < 1000);
    REQUIRE(std::none_of(sentence.begin(), sentence.end(), [](char c) { return c >= 0 && c < ' '; }));
    return 0;
  }
  REQUIRE(endpoint->host.size() <= 300 && endpoint->path.size() <= 107);
  REQUIRE(endpoint->path.find('\0') == std::string::npos);
  const bool local = endpoint->kind == Endpoint::Kind::unix_socket;
  REQUIRE(local ? endpoint->host.empty() && endpoint->port == 0 : endpoint->path.empty());
  const auto again = parse_endpoint(to_string(*endpoint));
  REQUIRE(again && *again == *endpoint);
  return 0;
}
