#include "net/tls_session.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <span>
#include <string_view>

#include "net/tls.h"

namespace crosspoint::net {
namespace {

// The Finished message of one of both ends.
ByteVector finished_of(const SSL* tls, bool server) {
  if (SSL_version(tls) != TLS1_2_VERSION) return {};
  ByteVector finished(EVP_MAX_MD_SIZE);
  const bool ours = (SSL_is_server(tls) == 1) == server;
  finished.resize(ours ? SSL_get_finished(tls, finished.data(), finished.size())
                       : SSL_get_peer_finished(tls, finished.data(), finished.size()));
  return finished;
}

ByteVector exported(SSL* tls) {
  constexpr std::string_view label = "EXPORTER-Channel-Binding";
  constexpr std::size_t bytes = 32;
  if (SSL_version(tls) < TLS1_3_VERSION && SSL_get_extms_support(tls) != 1) return {};
  ByteVector out(bytes);
  const unsigned char no_context = 0;
  const bool made = SSL_export_keying_material(tls, reinterpret_cast<unsigned char*>(out.data()), out.size(),
                                               label.data(), label.size(), &no_context, 0, 1) == 1;
  if (!made) out.clear();
  return out;
}

// The hash of the certificate's signature, and SHA-256 where that is MD5 or SHA-1. None for a signature
// without a hash of its own (Ed25519): the RFC says nothing of those.
const EVP_MD* end_point_hash(const X509* certificate) {
  int hash = NID_undef;
  if (X509_get_signature_info(const_cast<X509*>(certificate), &hash, nullptr, nullptr, nullptr) != 1)
    return nullptr;
  if (hash == NID_md5 || hash == NID_sha1) return EVP_sha256();
  return hash == NID_undef ? nullptr : EVP_get_digestbynid(hash);
}

ByteVector server_end_point(SSL* tls) {
  const X509* certificate =
      SSL_is_server(tls) == 1 ? SSL_get_certificate(tls) : SSL_get0_peer_certificate(tls);
  const EVP_MD* hash = certificate == nullptr ? nullptr : end_point_hash(certificate);
  if (hash == nullptr) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(certificate, hash, digest.data(), &size) != 1) return {};
  return to_vector(std::as_bytes(std::span(digest).first(size)));
}

}  // namespace

ByteVector TlsStream::channel_binding(ChannelBinding kind) const {
  if (!established_) return {};
  ByteVector bytes;
  switch (kind) {
    case ChannelBinding::tls_unique: bytes = finished_of(tls_.get(), false); break;
    case ChannelBinding::tls_server_finished: bytes = finished_of(tls_.get(), true); break;
    case ChannelBinding::tls_exporter: bytes = exported(tls_.get()); break;
    case ChannelBinding::tls_server_end_point: bytes = server_end_point(tls_.get()); break;
  }
  ERR_clear_error();
  return bytes;
}

ByteVector TlsStream::peer_certificate() const {
  const X509* certificate = established_ ? SSL_get0_peer_certificate(tls_.get()) : nullptr;
  if (certificate == nullptr) return {};
  const int size = i2d_X509(certificate, nullptr);
  if (size <= 0) return {};
  ByteVector der(static_cast<std::size_t>(size));
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(certificate, &out);
  return der;
}

}  // namespace crosspoint::net
