#pragma once
// Negotiation of permessage-deflate: Sec-WebSocket-Extensions (RFC 6455 section 9.1) and its parameters (RFC
// 7692 section 7.1).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "websocket/handshake.h"

namespace crosspoint::websocket {

struct ExtensionParameter {
  std::string name;
  std::optional<std::string> value;  // without quotes
};
struct Extension {
  std::string name;
  std::vector<ExtensionParameter> parameters;
};

// All extensions of all Sec-WebSocket-Extensions fields, in order. Nothing if one of the fields does not
// follow the grammar.
std::optional<std::vector<Extension>> parse_extensions(const http::Fields& fields);

// A server's choice: the first offer of permessage-deflate that can be met. Offers with unknown, repeated or
// impossible parameters are passed over (RFC 7692 section 7), and so is everything when the field is
// malformed: compression is never owed.
struct DeflateChoice {
  DeflateAgreement agreement;
  std::string answer;  // the field value that says so
};
std::optional<DeflateChoice> choose_deflate(const http::Fields& request);

// What a client offers …
std::string deflate_offer();
// … and what a server may answer to it. Nothing: fail the connection (RFC 7692 section 7.1).
std::optional<DeflateAgreement> read_deflate_answer(const Extension& answer);

}  // namespace crosspoint::websocket
