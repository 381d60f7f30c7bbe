#pragma once
// The client's half of the opening handshake (RFC 6455 section 4.1) over a Network: connect, straight or
// through a proxy (CONNECT, RFC 9110 section 9.3.6), shake hands in TLS where the address says so, ask, check
// the answer, hand out the stream. Never follows a redirect; an answer other than a valid 101 is an error
// with its status (row H4).

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "http/message.h"
#include "http/proxy.h"
#include "http/url.h"
#include "net/network.h"
#include "net/tls.h"
#include "websocket/handshake.h"

namespace crosspoint::websocket {

struct ConnectError {
  enum class Cause {
    network,          // no name, no route, refused, reset
    tls_unavailable,  // wss, and no TlsContext was given
    tls,              // the server, or a proxy, is not who it should be, or does not speak TLS as it should
    proxy,            // the proxy answered, and did not connect
    bad_request,      // the target or a field holds a character that cannot be sent
    not_websocket,    // something answered, but not as a WebSocket server does
    refused,          // an HTTP answer other than 101
    timed_out,
  };
  Cause cause;
  int http_status = 0;   // refused, not_websocket, proxy: what was answered, 0 if it was not HTTP
  std::string sentence;  // for people; holds no path and no query string, since codes travel there
};

struct ConnectRequest {
  http::Url url;
  std::vector<std::string> subprotocols;
  http::Fields fields;   // more request fields: Authorization, User-Agent, …
  Duration limit = 10s;  // name, connection, proxy, TLS and answer together
  bool offer_deflate = false;
  net::StreamOptions stream = {};
  const net::TlsContext* tls = nullptr;  // what wss needs; outlives the Connector
  std::optional<http::Proxy> proxy;      // as http::ProxyRules chose it for `url`
  // The sentence about a refusal ends with the first line that the server wrote, where that is short plain
  // text. Only for requests that hold nothing secret, which a server may repeat; never of an address with a
  // query.
  bool quote_refusal = false;
};

// What a Socket of Role::client is made from. Its stream is paused and tells nobody, as that of an
// http::Takeover.
struct Connected {
  std::unique_ptr<net::Stream> stream;
  ByteVector early_bytes;
  std::string subprotocol;
  std::optional<DeflateAgreement> deflate;
};

// Of what a server wrote, for quote_refusal: a longer line is not repeated.
inline constexpr std::size_t quoted_bytes_max = 200;

// Destroying it gives up; the callback is then never called. Otherwise the callback is called once, at the
// end of a later turn, and may destroy the Connector.
class Connector {
 public:
  using Done = std::move_only_function<void(Result<Connected, ConnectError>)>;
  // `loop`, `network` and `random` outlive it.
  Connector(net::Loop& loop, net::Network& network, Random& random, ConnectRequest request, Done done);
  ~Connector();
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;

 private:
  class Attempt;
  net::Loop& loop_;
  std::unique_ptr<Attempt> attempt_;
};

}  // namespace crosspoint::websocket
