#pragma once
// The port, or the Unix socket, where `serve` takes WAMP clients by RawSocket alone, on every loop that the
// router's connections are spread over. Closed by its destructor, on the router's loop, and on the others in
// a turn of theirs; who is connected stays.
//
// With TLS, whose facts (wamp/doorkeeper.h) are known when the handshake is done, a connection waits on the
// loop that accepted it until its client has said something: as on the port of HTTP, by whose server, for as
// long and with as many others as that allows. Who says anything else there is answered in HTTP.

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "http/io/server.h"
#include "net/network.h"
#include "net/tls_acceptor.h"
#include "relay/io/node.h"
#include "wamp/io/node.h"

namespace crosspoint::cli {

class RawSocketListener {
 public:
  // Before the loops run. Null: `serve.rawsocket-listen` does not ask for one. With `tls` a port speaks it,
  // in the share that the relay's loops have for handshakes; a Unix socket does not. Network, loops and both
  // nodes outlive it. The error is a sentence that names the setting.
  static Result<std::unique_ptr<RawSocketListener>, std::string> open(
      const config::Settings& settings, net::Network& network, wamp::Node* node, relay::Node& relay,
      const std::shared_ptr<const net::TlsContext>& tls);

  RawSocketListener() = default;
  ~RawSocketListener();
  RawSocketListener(const RawSocketListener&) = delete;
  RawSocketListener& operator=(const RawSocketListener&) = delete;

  // With the real port.
  net::Endpoint endpoint() const { return places_.front()->listener->endpoint(); }
  // Other certificates, from now on. On the router's loop.
  void show(const std::shared_ptr<const net::TlsContext>& tls);

 private:
  // What there is on one loop.
  struct Place {
    explicit Place(net::Loop& the_loop) : loop(the_loop) {}

    net::Loop& loop;
    // Of TLS: who waits for what clients say first, and who shakes hands.
    http::Routes routes;
    std::unique_ptr<http::Server> server;
    std::unique_ptr<net::TlsAcceptor> acceptor;
    std::unique_ptr<net::Listener> listener;
  };
  std::vector<std::unique_ptr<Place>> places_;  // the router's first
};

}  // namespace crosspoint::cli
