#include "wamp/io/transport_facts.h"

namespace crosspoint::wamp {
namespace {

// Nobody listens in between.
bool is_local(const net::Address& peer) {
  if (peer.family == net::Address::Family::unix_socket) return true;
  return net::is_loopback({net::Endpoint::Kind::tcp, net::host_of(peer), peer.port, {}});
}

TransportFacts facts_of(const net::Address& peer, std::string_view protocol, bool secure) {
  TransportFacts facts;
  facts.peer = net::to_string(peer);
  facts.protocol = protocol;
  facts.secure = secure;
  facts.local = is_local(peer);
  return facts;
}

}  // namespace

TransportFacts facts_of_websocket(const http::Request& request, bool secure) {
  return facts_of(request.peer, "websocket", secure);
}
TransportFacts facts_of_long_poll(const http::Request& request, bool secure) {
  return facts_of(request.peer, "longpoll", secure);
}
TransportFacts facts_of_rawsocket(const net::Address& peer, bool secure) {
  return facts_of(peer, "rawsocket", secure);
}

}  // namespace crosspoint::wamp
