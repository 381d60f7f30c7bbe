#pragma once
// The client's half of the opening handshake (RFC 6455 section 4.1) over a Network: connect, ask, check the
// answer, hand out the stream. Never follows a redirect; an answer other than a valid 101 is an error with
// its status (row H4).

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "http/message.h"
#include "http/url.h"
#include "net/network.h"
#include "websocket/handshake.h"

namespace crosspoint::websocket {

struct ConnectError {
  enum class Cause { network, tls_unavailable, not_websocket, refused, timed_out };
  Cause cause;
  int http_status = 0;   // refused, not_websocket: what the server answered, 0 if it was not HTTP
  std::string sentence;  // for people; holds no query string, since codes travel there
};

struct ConnectRequest {
  http::Url url;
  std::vector<std::string> subprotocols;
  http::Fields fields;   // more request fields: Authorization, User-Agent, …
  Duration limit = 10s;  // name, connection, TLS and answer together
  bool offer_deflate = false;
};

struct Connected {
  std::unique_ptr<net::Stream> stream;
  ByteVector early_bytes;
  std::string subprotocol;
  std::optional<DeflateAgreement> deflate;
};

// Destroying it gives up; the callback is then never called. The callback may destroy it.
class Connector {
 public:
  using Done = std::move_only_function<void(Result<Connected, ConnectError>)>;
  Connector(net::Loop& loop, net::Network& network, Random& random, ConnectRequest request, Done done);
  ~Connector();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace crosspoint::websocket
