#pragma once
// What ties a proof to the one connection that it is given on, so that it is worth nothing on another: bytes
// that both ends of a TLS connection know, and nobody else (RFC 5929, RFC 9266).

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace crosspoint::wamp::proof {

// Empty: this connection has none of the kind.
struct ChannelBindings {
  ByteVector tls_unique = {};            // TLS 1.2 and older
  ByteVector tls_exporter = {};          // 32 bytes
  ByteVector tls_server_end_point = {};  // the hash of the server's certificate
};

// By the name that WAMP has for it: "tls-unique", "tls-exporter", "tls-server-end-point". Empty: there is no
// such binding, or this connection has none.
Bytes find_binding(std::string_view name, const ChannelBindings& bindings);

// Cryptosign: what the challenge is combined with. 32 bytes of "tls-exporter", or, as Autobahn does, the
// SHA-256 of "tls-unique"; zeroes where nothing is bound: they change nothing. No value: it cannot be bound
// in this way.
using SignedBytes = std::array<std::byte, 32>;
std::optional<SignedBytes> channel_id(std::string_view binding, const ChannelBindings& bindings);
SignedBytes bound(const SignedBytes& challenge, const SignedBytes& channel);

// SCRAM: what stands behind "c=" (RFC 5802 section 7); an empty name: not bound.
std::string gs2_channel(std::string_view binding, Bytes bytes);

}  // namespace crosspoint::wamp::proof
