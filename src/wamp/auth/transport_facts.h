#pragma once
// What the connection itself says about who is at its other end. Filled in by the transport; all that it does
// not know stays empty.

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "wamp/proof/channel.h"

namespace crosspoint::wamp::auth {

struct TransportFacts {
  std::string peer = {};      // "192.0.2.7:5022", "unix"
  std::string protocol = {};  // "websocket", "rawsocket", "longpoll"
  bool encrypted = false;     // TLS, up to this program
  bool local = false;         // loopback or a Unix socket: nobody listens in between

  // Bytes that both ends of this one TLS connection know, and nobody else:
  ByteVector tls_unique = {};            // TLS 1.2 and older. The client's first Finished message
  ByteVector tls_server_finished = {};   // TLS 1.2 and older. The server's, which no RFC makes a binding
  ByteVector tls_exporter = {};          // 32 bytes
  ByteVector tls_server_end_point = {};  // the hash of the certificate that the client was shown

  ByteVector certificate_sha1 = {}, certificate_sha256 = {};  // fingerprints of the client's certificate
  std::string cookie = {};                                    // what the browser brought in cbtid

  proof::ChannelBindings bindings() const { return {tls_unique, tls_exporter, tls_server_end_point}; }
};

}  // namespace crosspoint::wamp::auth
