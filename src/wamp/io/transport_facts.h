#pragma once
// What a connection tells of its client (doorkeeper.h), by the kind of transport.

#include "http/io/server.h"
#include "net/address.h"
#include "net/stream.h"
#include "wamp/doorkeeper.h"

namespace crosspoint::wamp {

// `secure`: the connection speaks TLS.
TransportFacts facts_of_websocket(const http::Request& request, bool secure);
TransportFacts facts_of_long_poll(const http::Request& request, bool secure);
// What TLS knows, once its handshake is done.
std::shared_ptr<const TlsFacts> tls_facts_of(const net::Stream& stream);
TransportFacts facts_of_rawsocket(const net::Address& peer, bool secure);

}  // namespace crosspoint::wamp
