#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "net/tls.h"
#include "net/tls_pem.h"
#include "net/tls_policy.h"

namespace crosspoint::net {
namespace {

Result<void, std::string> trust(SSL_CTX* context, std::string_view authorities_pem) {
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  // Whom the operator names is trusted, an intermediate authority as well.
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  return for_each_certificate(authorities_pem, [store](X509* certificate) {
    return X509_STORE_add_cert(store, certificate) == 1 ? std::string() : "cannot be read";
  });
}

}  // namespace

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

Result<std::unique_ptr<TlsContext>, std::string> TlsContext::client(
    std::optional<std::string_view> authorities_pem) {
  auto context = make_tls_context(TLS_client_method());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (authorities_pem) {
    if (auto trusted = trust(context.get(), *authorities_pem); !trusted) return fail(trusted.error());
  } else if (SSL_CTX_set_default_verify_paths(context.get()) != 1) {
    return fail(std::string("of the system's trusted certificates cannot be read"));
  }
  ERR_clear_error();
  return std::unique_ptr<TlsContext>(new TlsContext(context.release()));
}

std::unique_ptr<TlsStream> TlsContext::connect(Loop& loop, std::unique_ptr<Stream> stream,
                                               std::string_view peer_name) const {
  std::unique_ptr<TlsStream> made(new TlsStream(loop, std::move(stream), context_));
  made->expect(peer_name);
  return made;
}

// Whom the certificate must name. Fails closed: a name that cannot be checked is a stream that fails.
void TlsStream::expect(std::string_view peer_name) {
  SSL_set_connect_state(tls_.get());
  peer_name_ = peer_name;
  // "lab.example.org." is the same host; the zone of "fe80::1%eth0" is this machine's affair.
  std::string name(peer_name.substr(0, peer_name.find('%')));
  if (name.ends_with('.')) name.pop_back();
  std::array<unsigned char, 16> number{};
  const bool is_number = ::inet_pton(AF_INET, name.c_str(), number.data()) == 1 ||
                         ::inet_pton(AF_INET6, name.c_str(), number.data()) == 1;
  auto* check = SSL_get0_param(tls_.get());
  // RFC 9525: names are alternative names, and a wildcard is a whole label.
  X509_VERIFY_PARAM_set_hostflags(check,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool known = !name.empty() && name.find('\0') == std::string::npos &&
                     (is_number ? X509_VERIFY_PARAM_set1_ip_asc(check, name.c_str()) == 1
                                : SSL_set1_host(tls_.get(), name.c_str()) == 1 &&
                                      SSL_ctrl(tls_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME,
                                               TLSEXT_NAMETYPE_host_name, name.data()) == 1);
  if (!known) give_up(StreamError::tls, "the other side has no name that a certificate could be for");
}

}  // namespace crosspoint::net
