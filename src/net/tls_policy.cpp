#include "net/tls_policy.h"

#include <openssl/ssl.h>

#include "base/assert.h"

namespace crosspoint::net {
namespace {

// In the order in which a server chooses. AES-128 is as far out of reach as AES-256, and never dearer; a
// client without instructions for AES puts ChaCha20 first, and gets it (SSL_OP_PRIORITIZE_CHACHA).
constexpr const char* ciphers_of_tls_1_3 =
    "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384";
// What has forward secrecy and authenticates what it encrypts.
constexpr const char* ciphers_of_tls_1_2 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";
// RSA keys of 2048 bits and more, no SHA-1, whatever the system's OpenSSL was set to.
constexpr int security_level = 2;

}  // namespace

ContextPointer make_tls_context(const SSL_METHOD* method) {
  ContextPointer context(SSL_CTX_new(method));
  CROSSPOINT_ASSERT(context != nullptr);
  SSL_CTX_set_security_level(context.get(), security_level);
  CROSSPOINT_ASSERT(SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) == 1);
  CROSSPOINT_ASSERT(SSL_CTX_set_cipher_list(context.get(), ciphers_of_tls_1_2) == 1);
  CROSSPOINT_ASSERT(SSL_CTX_set_ciphersuites(context.get(), ciphers_of_tls_1_3) == 1);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // An idle connection gives back its two record buffers, which hold more than 16 KiB each.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  return context;
}

}  // namespace crosspoint::net
