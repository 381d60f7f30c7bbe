#pragma once
// What a server's SSL_CTX carries beside OpenSSL's own: it lives as long as the context itself, which every
// stream made from it holds. Private to net/*.cpp.

#include <vector>

#include "net/tls.h"
#include "net/tls_pem.h"

namespace crosspoint::net {

struct TlsServerData {
  std::vector<ContextPointer> others;  // identities besides the first, whose context this belongs to
  TlsServerSettings settings;

  // Null for a client's context, and for that of another identity than the first.
  static const TlsServerData* of(const ssl_ctx_st* context);
  // Keeps the secret of each connection for its TlsStream (tls_write_key.h).
  static void keep_secrets(ssl_ctx_st* context);
  static void attach(ssl_ctx_st* context, std::unique_ptr<TlsServerData> data);
};

}  // namespace crosspoint::net
