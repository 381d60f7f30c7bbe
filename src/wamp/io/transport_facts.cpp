#include "wamp/io/transport_facts.h"

namespace crosspoint::wamp {
namespace {

TransportFacts facts_of(const net::Address& peer, std::string_view protocol) {
  TransportFacts facts;
  facts.peer = net::to_string(peer);
  facts.protocol = protocol;
  return facts;
}

}  // namespace

TransportFacts facts_of_websocket(const http::Request& request) {
  return facts_of(request.peer, "websocket");
}
TransportFacts facts_of_rawsocket(const net::Address& peer) { return facts_of(peer, "rawsocket"); }

}  // namespace crosspoint::wamp
