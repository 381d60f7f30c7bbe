// What a stranger posts to open a long-poll transport, and the paths it asks for: what is chosen is one of
// ours, and an answer reads as a request would.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "require.h"
#include "wamp/long_poll.h"
#include "wamp/subprotocol.h"

using namespace crosspoint;
using namespace crosspoint::wamp;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(reinterpret_cast<const std::byte*>(data), size);
  if (const auto chosen = long_poll::choose_protocol(input)) {
    REQUIRE(input.size() <= long_poll::open_bytes_max);
    REQUIRE(std::ranges::find(subprotocols, *chosen) != subprotocols.end());
    const auto again = "{\"protocols\":[\"" + std::string(*chosen) + "\"]}";
    REQUIRE(*long_poll::choose_protocol(as_bytes(again)) == *chosen);
  }
  const auto path = as_text(input);
  if (const auto ask = long_poll::find_ask(path, "/lp")) {
    REQUIRE(path.starts_with("/lp/"));
    REQUIRE(ask->transport.find('/') == ask->transport.npos);
    REQUIRE(ask->transport.empty() == (ask->action == long_poll::Action::open));
  }
  if (long_poll::is_base(path)) REQUIRE(long_poll::find_ask(std::string(path) + "/open", path));
  for (const auto format: data::formats) (void)long_poll::fits(path, format);
  return 0;
}
