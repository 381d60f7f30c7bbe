#pragma once
// A token for an address: POST <access>/session/<topic> with the token in Authorization, and the WebSocket
// address that comes back opens the topic once, within seconds. 10 s for everything; no redirect is followed.
//
// Of what can go wrong only a sentence is left, fit for logs: it names the service, never the token, the code
// or the path.

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "client/access_reply.h"
#include "client/io/http_call.h"

namespace crosspoint::client {

// How to reach others: whom to trust, which way to go, and who one says one is.
struct Outbound {
  const net::TlsContext* tls = nullptr;  // what https and wss need; outlives whoever uses it
  http::ProxyRules proxies;
  std::string user_agent = "crosspoint";
};

class AccessExchange {
 public:
  using Done = std::move_only_function<void(Result<http::Url, std::string>)>;
  static constexpr Duration time_max = 10s;

  // `access` is http or https. `loop`, `network` and `outbound` outlive it. Destroying it gives up; otherwise
  // `done` is called once, at the end of a later turn, and may destroy it.
  AccessExchange(net::Loop& loop, net::Network& network, const Outbound& outbound, const http::Url& access,
                 std::string token, Done done);

 private:
  void judge(Result<HttpAnswer, HttpCallError> answer);

  std::string where_;  // "lab.example.org"
  std::string token_;
  Done done_;
  HttpCall call_;
};

}  // namespace crosspoint::client
