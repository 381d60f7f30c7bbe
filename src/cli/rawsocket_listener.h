#pragma once
// The port, or the Unix socket, where `serve` takes WAMP clients by RawSocket alone: on every loop, but on
// the router's alone with TLS, whose facts (wamp/doorkeeper.h) are not known yet when a connection is
// accepted. Closed by its destructor, on the router's loop, and on the others in a turn of theirs; who is
// connected stays.

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "net/network.h"
#include "net/tls_acceptor.h"
#include "wamp/io/node.h"

namespace crosspoint::cli {

class RawSocketListener {
 public:
  // Null: `serve.rawsocket-listen` does not ask for one. With `tls` a port speaks it; a Unix socket does not.
  // Network, loops and node outlive it. The error is a sentence that names the setting.
  static Result<std::unique_ptr<RawSocketListener>, std::string> open(
      const config::Settings& settings, net::Network& network, wamp::Node* node,
      std::shared_ptr<const net::TlsContext> tls);

  RawSocketListener() = default;
  ~RawSocketListener();
  RawSocketListener(const RawSocketListener&) = delete;
  RawSocketListener& operator=(const RawSocketListener&) = delete;

  // With the real port.
  net::Endpoint endpoint() const { return listeners_.front()->endpoint(); }
  bool secure() const { return tls_ != nullptr; }
  // Other certificates, from now on.
  void show(std::shared_ptr<const net::TlsContext> tls);

 private:
  std::unique_ptr<net::TlsAcceptor> tls_;
  std::vector<net::Loop*> loops_;                          // the router's first
  std::vector<std::unique_ptr<net::Listener>> listeners_;  // by loop
};

}  // namespace crosspoint::cli
