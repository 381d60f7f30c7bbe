#pragma once
// What a TLS connection knows of itself that a protocol above it may build on: bytes that only its two ends
// know, and who the other end has shown to be. Asked of a stream (Stream::tls), of whatever kind it is.

#include <cstdint>

#include "base/bytes.h"

namespace crosspoint::net {

// Proof that two ends speak over one and the same connection, with nobody in between who ends TLS
// (RFC 5056).
enum class ChannelBinding : std::uint8_t {
  tls_unique,            // RFC 5929 section 3: the client's Finished message. TLS 1.2 alone
  tls_server_finished,   // no RFC's: the server's Finished message, which is as much a secret. TLS 1.2 alone
  tls_exporter,          // RFC 9266: 32 bytes. TLS 1.3, or 1.2 with an extended master secret
  tls_server_end_point,  // RFC 5929 section 4: a hash of the server's certificate
};

class TlsSession {
 public:
  // Empty: this connection has none of this kind, or its handshake is not done.
  virtual ByteVector channel_binding(ChannelBinding kind) const = 0;
  // The other end's own certificate, DER; it has the key. Empty: it showed none. A client has judged it by
  // then. A server has not: whoever builds on it knows it by its fingerprint.
  virtual ByteVector peer_certificate() const = 0;

 protected:
  ~TlsSession() = default;
};

}  // namespace crosspoint::net
