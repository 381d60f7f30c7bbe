#pragma once
// Where a router is, as people write it:
//
//   ws://lab.example:8080/ws    WebSocket; wss: over TLS
//   rs://lab.example:8081       RawSocket; rss: over TLS
//   unix:/run/crosspoint.sock   RawSocket over a Unix socket

#include <string>
#include <string_view>

#include "base/result.h"

namespace crosspoint::wamp::client {

struct RouterAddress {
  enum class Transport : unsigned char { websocket, rawsocket } transport = Transport::websocket;
  bool secure = false;
  std::string url;       // of a WebSocket, for http::parse_url
  std::string endpoint;  // of a RawSocket, for net::parse_endpoint: "lab.example:8081", "unix:/run/x.sock"
  std::string host;      // of a RawSocket over TLS: whom the certificate must be for, without brackets
};

// The error is a sentence, and repeats nothing of the text. What follows the scheme is checked by those two.
Result<RouterAddress, std::string> parse_router_address(std::string_view text);

}  // namespace crosspoint::wamp::client
