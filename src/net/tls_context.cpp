#include <arpa/inet.h>
#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "net/tls.h"

namespace crosspoint::net {
namespace {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Context = std::unique_ptr<SSL_CTX, Free>;
using Certificate = std::unique_ptr<X509, Free>;

// TLS 1.2: what has forward secrecy and authenticates what it encrypts. All of TLS 1.3 does.
constexpr const char* ciphers_of_tls_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";

Context make_context(const SSL_METHOD* method) {
  Context context(SSL_CTX_new(method));
  CROSSPOINT_ASSERT(context != nullptr);
  CROSSPOINT_ASSERT(SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) == 1);
  CROSSPOINT_ASSERT(SSL_CTX_set_cipher_list(context.get(), ciphers_of_tls_1_2) == 1);
  SSL_CTX_set_options(context.get(),
                      SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // An idle connection gives back its two record buffers, which hold more than 16 KiB each.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  return context;
}

std::unique_ptr<BIO, Free> reader_of(std::string_view text) {
  std::unique_ptr<BIO, Free> reader(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  CROSSPOINT_ASSERT(reader != nullptr);
  return reader;
}

// A key with a pass phrase is refused, not asked for on the terminal.
int no_pass_phrase(char*, int, int, void*) { return -1; }

bool nothing_more_to_read() {
  const auto error = ERR_peek_last_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

// Calls take(certificate) for each in the text, while it returns true. How many there were; the error is a
// sentence.
template <class Take>
Result<std::size_t, std::string> for_each_certificate(std::string_view pem, Take take) {
  const auto reader = reader_of(pem);
  for (std::size_t count = 0;; ++count) {
    ERR_clear_error();
    Certificate certificate(PEM_read_bio_X509_AUX(reader.get(), nullptr, no_pass_phrase, nullptr));
    if (!certificate && nothing_more_to_read()) return count;
    if (!certificate || !take(certificate.get()))
      return fail(fmt::format("holds a certificate that cannot be read, number {}", count + 1));
  }
}

std::optional<std::string> trust(SSL_CTX* context, std::string_view authorities_pem) {
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  const auto added = for_each_certificate(
      authorities_pem, [store](X509* certificate) { return X509_STORE_add_cert(store, certificate) == 1; });
  if (!added) return added.error();
  if (*added == 0) return "holds no certificate in PEM format (\"-----BEGIN CERTIFICATE-----\")";
  // Whom the operator names is trusted, an intermediate authority as well.
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  return std::nullopt;
}

std::optional<std::string> show(SSL_CTX* context, std::string_view certificates_pem) {
  bool first = true;
  const auto added = for_each_certificate(certificates_pem, [&](X509* certificate) {
    if (std::exchange(first, false)) return SSL_CTX_use_certificate(context, certificate) == 1;
    return SSL_CTX_add1_chain_cert(context, certificate) == 1;
  });
  if (!added) return added.error();
  if (*added == 0) return "holds no certificate in PEM format (\"-----BEGIN CERTIFICATE-----\")";
  return std::nullopt;
}

std::optional<std::string> use_key(SSL_CTX* context, std::string_view private_key_pem) {
  const auto reader = reader_of(private_key_pem);
  const std::unique_ptr<EVP_PKEY, Free> key(
      PEM_read_bio_PrivateKey(reader.get(), nullptr, no_pass_phrase, nullptr));
  if (!key) return "holds no private key in PEM format, or one that needs a pass phrase";
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1)
    return "holds a private key that is not the certificate's";
  return std::nullopt;
}

}  // namespace

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

Result<std::unique_ptr<TlsContext>, std::string> TlsContext::client(
    std::optional<std::string_view> authorities_pem) {
  auto context = make_context(TLS_client_method());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (authorities_pem) {
    if (auto problem = trust(context.get(), *authorities_pem)) return fail(std::move(*problem));
  } else if (SSL_CTX_set_default_verify_paths(context.get()) != 1) {
    return fail(std::string("of the system's trusted certificates cannot be read"));
  }
  ERR_clear_error();
  return std::unique_ptr<TlsContext>(new TlsContext(context.release()));
}

Result<std::unique_ptr<TlsContext>, std::string> TlsContext::server(const TlsIdentity& identity) {
  auto context = make_context(TLS_server_method());
  if (auto problem = show(context.get(), identity.certificates_pem)) return fail(std::move(*problem));
  if (auto problem = use_key(context.get(), identity.private_key_pem)) return fail(std::move(*problem));
  // Sessions are not resumed, so that no ticket key needs to be changed and nothing can be replayed (row D7).
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context.get(), 0);
  ERR_clear_error();
  return std::unique_ptr<TlsContext>(new TlsContext(context.release()));
}

std::unique_ptr<TlsStream> TlsContext::connect(Loop& loop, std::unique_ptr<Stream> stream,
                                               std::string_view peer_name) const {
  std::unique_ptr<TlsStream> made(new TlsStream(loop, std::move(stream), context_));
  made->expect(peer_name);
  return made;
}

std::unique_ptr<TlsStream> TlsContext::accept(Loop& loop, std::unique_ptr<Stream> stream) const {
  std::unique_ptr<TlsStream> made(new TlsStream(loop, std::move(stream), context_));
  SSL_set_accept_state(made->tls_.get());
  made->peer_name_ = "the client";
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
