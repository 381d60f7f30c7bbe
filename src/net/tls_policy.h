#pragma once
// What both ends insist on (row J9). Private to net/*.cpp.

#include "net/tls_pem.h"

struct ssl_method_st;

namespace crosspoint::net {

// TLS 1.2 and 1.3, key exchange with forward secrecy, authenticated encryption; no compression, no
// renegotiation, no session kept; buffers given back by idle connections.
ContextPointer make_tls_context(const ssl_method_st* method);

}  // namespace crosspoint::net
