#include "wamp/io/transport_facts.h"

#include "crypto/sha.h"
#include "net/tls_session.h"

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

std::shared_ptr<const TlsFacts> tls_facts_of(const net::Stream& stream) {
  const auto* tls = stream.tls();
  if (tls == nullptr) return nullptr;
  auto facts = std::make_shared<TlsFacts>();
  facts->unique = tls->channel_binding(net::ChannelBinding::tls_unique);
  facts->server_finished = tls->channel_binding(net::ChannelBinding::tls_server_finished);
  facts->exporter = tls->channel_binding(net::ChannelBinding::tls_exporter);
  facts->server_end_point = tls->channel_binding(net::ChannelBinding::tls_server_end_point);
  if (const auto certificate = tls->peer_certificate(); !certificate.empty()) {
    facts->certificate_sha1 = to_vector(crypto::sha1(certificate));
    facts->certificate_sha256 = to_vector(crypto::sha256(certificate));
  }
  return facts;
}

TransportFacts facts_of_rawsocket(const net::Address& peer, bool secure) {
  return facts_of(peer, "rawsocket", secure);
}

}  // namespace crosspoint::wamp
