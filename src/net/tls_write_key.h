#pragma once
// The key with which a connection encrypts, taken out of OpenSSL so that somebody else can do the encrypting.
// Private to net/*.cpp.

#include <optional>

#include "net/kernel_tls.h"

struct ssl_st;

namespace crosspoint::net {

// OpenSSL tells its secrets to a callback for key logs (the format of NSS) only. Of such a line, the secret
// of a server's application data in TLS 1.3; empty when it is another's.
ByteVector server_secret_in(const char* key_log_line);

// RFC 8446 section 7.3. Nothing when the cipher is one that kernels are not asked for.
std::optional<TlsWriteKey> derive_write_key(const ssl_st* tls, Bytes secret);

// Forgets a secret.
void wipe(ByteVector& secret);

}  // namespace crosspoint::net
