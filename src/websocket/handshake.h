#pragma once
// The opening handshake as values, for both ends: RFC 6455 section 4 and RFC 7692 section 5. What a request
// must hold, what the answer says, whether an answer is one. No socket, no clock; the client's nonce is an
// argument.

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "http/message.h"
#include "websocket/message.h"

namespace crosspoint::websocket {

// permessage-deflate parameters as agreed (RFC 7692 section 7.1).
struct DeflateAgreement {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  int server_max_window_bits = 15;
  int client_max_window_bits = 15;

  bool operator==(const DeflateAgreement&) const = default;
};

// ---- A server's half.

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

// One more field of the answer. Neither name nor value holds a character that would break out of its line.
void add_field(Acceptance& acceptance, std::string_view name, std::string_view value);

Result<Acceptance, HandshakeError> accept(const http::RequestHead& request, const AcceptPolicy& policy);
// 400 or 426, body "Bad Request\n", Sec-WebSocket-Version: 13.
http::Response refusal(HandshakeError error);

// The value of Sec-WebSocket-Accept for a key.
std::string accept_value(std::string_view key);

// ---- A client's half.

struct Offer {
  std::string host;                           // the Host field: "lab.example.org:8080"
  std::string target;                         // path and query
  std::span<const std::string> subprotocols;  // tokens (RFC 9110 section 5.6.2), the preferred one first
  bool deflate = false;
  http::Fields fields;  // more of them: Authorization, User-Agent, …
};
using Nonce = std::array<std::byte, 16>;  // unpredictable, a new one for each connection

// The whole request. Nothing if the offer holds a character that would break out of its line: it came from a
// setting.
std::optional<std::string> request(const Offer& offer, const Nonce& nonce);

enum class AnswerError {
  not_switching,      // another status than 101
  no_upgrade,         // 101 without Upgrade: websocket and Connection: Upgrade
  wrong_accept,       // Sec-WebSocket-Accept absent, twice, or not for this nonce
  wrong_subprotocol,  // one that was not offered, or two
  wrong_extension,    // one that was not offered, or twice, or with parameters that make no sense (row H4)
};

struct Agreed {
  std::string subprotocol;
  std::optional<DeflateAgreement> deflate;
};

Result<Agreed, AnswerError> check_answer(const http::ResponseHead& answer, const Offer& offer,
                                         const Nonce& nonce);

}  // namespace crosspoint::websocket
