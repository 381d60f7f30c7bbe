#pragma once
// The opening handshake as values, RFC 6455 section 4 and RFC 7692 section 5: what a request must hold, what
// the answer says. No socket, no clock; the client's nonce is an argument.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace crosspoint::websocket {

// permessage-deflate parameters as agreed (RFC 7692 section 7.1).
struct DeflateAgreement {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  int server_max_window_bits = 15;
  int client_max_window_bits = 15;
};

enum class HandshakeError {
  wrong_method,         // not GET, or HTTP/1.0
  no_upgrade,           // Upgrade does not name websocket, or Connection does not name Upgrade
  bad_key,              // Sec-WebSocket-Key absent, twice, or not 16 bytes of base64
  unsupported_version,  // answer 426 with Sec-WebSocket-Version: 13
};

struct AcceptPolicy {
  // Answered with the first of these that the client offers; none matches: no subprotocol in the answer.
  std::span<const std::string_view> subprotocols;
  bool allow_deflate = false;
};

struct Acceptance {
  std::string response;  // the whole 101, ready to be written
  std::string subprotocol;
  std::optional<DeflateAgreement> deflate;
};

Result<Acceptance, HandshakeError> accept(const http::RequestHead& request, const AcceptPolicy& policy);
// 400 or 426, body "Bad Request\n", Sec-WebSocket-Version: 13.
http::Response refusal(HandshakeError error);

// The value of Sec-WebSocket-Accept for a key.
std::string accept_value(std::string_view key);

}  // namespace crosspoint::websocket
