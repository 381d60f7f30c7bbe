#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "net/tls.h"
#include "net/tls_policy.h"
#include "net/tls_server_data.h"

namespace crosspoint::net {
namespace {

using Part = TlsIdentityError::Part;

constexpr std::array<unsigned char, 9> http_1_1 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

void free_data(void*, void* data, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<TlsServerData*>(data);
}

int data_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_data);
  CROSSPOINT_ASSERT(index >= 0);
  return index;
}

// The certificate of `context` has this name: spelt out, or by wildcard where `flags` allow one.
bool is_for(const SSL_CTX* context, std::string_view name, unsigned flags) {
  return X509_check_host(SSL_CTX_get0_certificate(context), name.data(), name.size(),
                         flags | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
                         nullptr) == 1;
}

// Of a name that nobody has, the first identity is shown: its owner may be asked for by address, or by a name
// that the operator knows and the certificate does not.
int choose_identity(SSL* tls, int*, void*) {
  const char* name = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name);
  SSL_CTX* first = SSL_get_SSL_CTX(tls);
  const auto* data = TlsServerData::of(first);
  if (name == nullptr || data == nullptr || data->others.empty()) return SSL_TLSEXT_ERR_OK;
  for (const unsigned flags: {unsigned{X509_CHECK_FLAG_NO_WILDCARDS}, 0u}) {
    if (is_for(first, name, flags)) return SSL_TLSEXT_ERR_OK;
    for (const auto& other: data->others) {
      if (!is_for(other.get(), name, flags)) continue;
      return SSL_set_SSL_CTX(tls, other.get()) != nullptr ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
    }
  }
  return SSL_TLSEXT_ERR_OK;
}

// RFC 7301. Who wants another protocol is refused, so that nobody's mail server can be made to talk to us.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_bytes,
                    const unsigned char* offered, unsigned offered_bytes, void*) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, chosen_bytes, http_1_1.data(), http_1_1.size(), offered, offered_bytes) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

// Every further certificate has signed one before it: otherwise it belongs to another chain.
Result<void, std::string> show(SSL_CTX* context, std::string_view certificates_pem) {
  std::vector<CertificatePointer> before;
  return for_each_certificate(certificates_pem, [&](X509* certificate) -> std::string {
    if (before.empty()) {
      if (SSL_CTX_use_certificate(context, certificate) != 1)
        return ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_EE_KEY_TOO_SMALL ? "has a key that is too short"
                                                                               : "cannot be used";
    } else {
      const bool belongs = std::ranges::any_of(before, [&](const auto& lower) {
        return X509_check_issued(certificate, lower.get()) == X509_V_OK;
      });
      if (!belongs) return "has signed none of those before it";
      if (SSL_CTX_add1_chain_cert(context, certificate) != 1) return "is too weak to be shown";
    }
    X509_up_ref(certificate);
    before.emplace_back(certificate);
    return {};
  });
}

// Of a client's certificate counts that the client has its key, which the handshake itself proves.
int take_any_certificate(X509_STORE_CTX* judged, void*) {
  X509_STORE_CTX_set_error(judged, X509_V_OK);
  return 1;
}

Result<void, TlsIdentityError> use(SSL_CTX* context, const TlsIdentity& identity, std::size_t number) {
  if (auto shown = show(context, identity.certificates_pem); !shown)
    return fail(TlsIdentityError{number, Part::certificates, std::move(shown.error())});
  auto key = read_private_key(identity.private_key_pem);
  if (!key) return fail(TlsIdentityError{number, Part::private_key, std::move(key.error())});
  // The second check finds a key of another kind than the certificate's, which the first takes for a start.
  if (SSL_CTX_use_PrivateKey(context, key->get()) != 1 || SSL_CTX_check_private_key(context) != 1)
    return fail(TlsIdentityError{number, Part::pair, "holds a private key that is not the certificate's"});
  return {};
}

Result<ContextPointer, TlsIdentityError> context_of(const TlsIdentity& identity, std::size_t number,
                                                    const TlsServerSettings& settings) {
  auto context = make_tls_context(TLS_server_method());
  if (auto used = use(context.get(), identity, number); !used) return fail(std::move(used.error()));
  // Sessions are not resumed, so that no ticket key needs to be changed and nothing can be replayed (row D7).
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  if (settings.ask_for_certificate) {
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context.get(), take_any_certificate, nullptr);
  }
  if (settings.encrypt_below) TlsServerData::keep_secrets(context.get());
  return context;
}

}  // namespace

const TlsServerData* TlsServerData::of(const SSL_CTX* context) {
  return static_cast<const TlsServerData*>(SSL_CTX_get_ex_data(context, data_index()));
}

void TlsServerData::attach(SSL_CTX* context, std::unique_ptr<TlsServerData> data) {
  CROSSPOINT_ASSERT(SSL_CTX_set_ex_data(context, data_index(), data.release()) == 1);
}

Result<void, TlsIdentityError> TlsContext::prove_with(const TlsIdentity& identity) {
  auto used = use(context_, identity, 0);
  ERR_clear_error();
  return used;
}

Result<std::unique_ptr<TlsContext>, TlsIdentityError> TlsContext::server(
    std::span<const TlsIdentity> identities, const TlsServerSettings& settings) {
  CROSSPOINT_ASSERT(!identities.empty());
  CROSSPOINT_ASSERT(identities.size() <= identities_max);
  ContextPointer first;
  auto data = std::make_unique<TlsServerData>();
  data->settings = settings;
  for (std::size_t i = 0; i < identities.size(); ++i) {
    auto context = context_of(identities[i], i, settings);
    ERR_clear_error();
    if (!context) return fail(std::move(context.error()));
    if (first) {
      data->others.push_back(std::move(*context));
    } else {
      first = std::move(*context);
    }
  }
  SSL_CTX_callback_ctrl(first.get(), SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
                        reinterpret_cast<void (*)()>(choose_identity));
  TlsServerData::attach(first.get(), std::move(data));
  return std::unique_ptr<TlsContext>(new TlsContext(first.release()));
}

std::unique_ptr<TlsStream> TlsContext::accept(Loop& loop, std::unique_ptr<Stream> stream,
                                              WorkShare* share) const {
  std::unique_ptr<TlsStream> made(new TlsStream(loop, std::move(stream), context_));
  SSL_set_accept_state(made->tls_.get());
  made->peer_name_ = "the client";
  if (share != nullptr) made->shake_hands_in(*share);
  return made;
}

}  // namespace crosspoint::net
