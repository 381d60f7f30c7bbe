#pragma once
// One HTTP/1.1 request and its bounded answer over a Network: connect, straight or through a proxy, shake
// hands in TLS where the address says so, ask, read, close. For the few questions that a client asks beside
// its WebSocket: an address for a token, a report.
//
// Never follows a redirect: a 302 is an answer like any other, so what was in Authorization goes to the one
// place that was named (row H4). Nothing is kept: each call is a connection of its own.
//
// Through a proxy: https by a tunnel (CONNECT, RFC 9110 section 9.3.6), http by naming the whole address in
// the request line (RFC 9112 section 3.2.2), as most proxies allow no tunnel to port 80.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "http/message.h"
#include "http/proxy.h"
#include "http/url.h"
#include "net/network.h"
#include "net/tls.h"

namespace crosspoint::client {

struct HttpCallError {
  enum class Cause {
    network,          // no name, no route, refused, reset
    tls_unavailable,  // https, and no TlsContext was given
    tls,              // the server, or a proxy, is not who it should be
    proxy,            // the proxy answered, and did not connect
    bad_request,      // the target or a field holds a character that cannot be sent
    not_http,         // something answered, but not in HTTP
    too_big,
    timed_out,
  };
  Cause cause;
  std::string sentence;  // for people; holds no path, no query string and no field
};

struct HttpQuestion {
  http::Url url;  // http or https
  std::string method = "GET";
  http::Fields fields;  // beside Host, Content-Length and Connection
  std::string body;
  Duration limit = 10s;                      // name, connection, proxy, TLS and the whole answer together
  std::size_t answer_bytes_max = 64 * 1024;  // of its body
  net::StreamOptions stream = {};
  const net::TlsContext* tls = nullptr;  // what https needs; outlives the call
  std::optional<http::Proxy> proxy;      // as http::ProxyRules chose it for `url`
};

struct HttpAnswer {
  http::ResponseHead head;
  std::string body;
};

// Destroying it gives up; the callback is then never called. Otherwise the callback is called once, at the
// end of a later turn, and may destroy the call.
class HttpCall {
 public:
  using Done = std::move_only_function<void(Result<HttpAnswer, HttpCallError>)>;
  // `loop` and `network` outlive it.
  HttpCall(net::Loop& loop, net::Network& network, HttpQuestion question, Done done);
  ~HttpCall();
  HttpCall(const HttpCall&) = delete;
  HttpCall& operator=(const HttpCall&) = delete;

 private:
  class Attempt;
  net::Loop& loop_;
  std::unique_ptr<Attempt> attempt_;
};

}  // namespace crosspoint::client
