#pragma once
// The words of RFC 6455 that every file of the room, and its users, share.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crosspoint::websocket {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };
enum class MessageType : std::uint8_t { text = 1, binary = 2 };
enum class Role : std::uint8_t { client, server };  // which end we are

// Section 7.4.1 and the IANA registry. Any other number that a peer may send is passed through as it is.
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  no_status = 1005,  // never on the wire: a close frame without a code came
  abnormal = 1006,   // never on the wire: the connection ended without a close frame
  invalid_payload = 1007,
  policy_violation = 1008,
  message_too_big = 1009,
  internal_error = 1011,
  service_restart = 1012,
  try_again_later = 1013,
};

struct CloseReason {
  CloseCode code = CloseCode::normal;
  std::string text;  // at most 123 bytes of UTF-8 on the wire
};

}  // namespace crosspoint::websocket
