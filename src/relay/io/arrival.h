#pragma once
// A client between its request and its seat: it may have to travel to another loop, where its topic lives,
// and on to a third, where the topic has a copy. Private to the gateway.

#include <memory>
#include <optional>
#include <string>

#include "access/grant.h"
#include "crypto/sha.h"
#include "http/io/server.h"
#include "relay/io/session.h"
#include "relay/topic_path.h"
#include "websocket/handshake.h"

namespace crosspoint::relay {

class Gateway;

struct Arrival {
  http::Takeover takeover;
  websocket::Acceptance acceptance;
  TopicPath path;
  std::unique_ptr<const std::string> forwarded_for;
  std::string user_agent;
  std::optional<LateJoin> late_join;
  std::string shown_token;  // the older relay's, of the handshake; where tokens of that kind are checked
  Gateway& accepted_by;     // whose HTTP server writes a refusal
  Gateway* at;              // whose loop the stream is on

  // Token topics only.
  std::string code;            // as presented; its grant is there once it was redeemed
  std::string client_address;  // that a failed attempt counts against
  std::optional<access::Grant> grant;
  crypto::Sha256Digest code_digest{};
};

// The server's half of the handshake, with the subprotocol that old players need, and the one behind which a
// token is shown.
Result<websocket::Acceptance, websocket::HandshakeError> accept_websocket(const http::RequestHead& request,
                                                                          bool allow_deflate);

// The token that a handshake shows: behind the subprotocol `bearer`, which a page can name although it cannot
// set fields ("Sec-WebSocket-Protocol: bearer, eyJhbGciOi…"), else as `token` in the query, for players that
// are given an address and nothing else. Empty: it shows none.
std::string shown_token(const http::Request& request);

// Null when the request was no good: it has been answered.
std::unique_ptr<Arrival> make_arrival(http::Request&& request, http::Takeover&& takeover, Gateway& gateway,
                                      bool allow_deflate);

}  // namespace crosspoint::relay
