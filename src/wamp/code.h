#pragma once
// The type codes of WAMP messages: element 0 of each. Router and client read the same table; what a router
// may not be sent is refused where messages are read (read_message.h).

#include <cstdint>
#include <optional>
#include <string_view>

namespace crosspoint::wamp {

enum class Code : std::uint16_t {
  hello = 1,
  welcome = 2,
  abort = 3,
  challenge = 4,
  authenticate = 5,
  goodbye = 6,
  error = 8,
  publish = 16,
  published = 17,
  subscribe = 32,
  subscribed = 33,
  unsubscribe = 34,
  unsubscribed = 35,
  event = 36,
  call = 48,
  cancel = 49,
  result = 50,
  register_ = 64,
  registered = 65,
  unregister = 66,
  unregistered = 67,
  invocation = 68,
  interrupt = 69,
  yield = 70,
  event_received = 337,  // Autobahn's acknowledgement by a subscriber
};

constexpr std::uint64_t number(Code code) { return static_cast<std::uint64_t>(code); }
std::optional<Code> find_code(std::uint64_t number);
// "HELLO", "PUBLISH", … as the specification writes them: for logs and error texts.
std::string_view to_string(Code code);

}  // namespace crosspoint::wamp
