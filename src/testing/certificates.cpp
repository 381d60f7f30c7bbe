#include "testing/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "base/assert.h"

namespace crosspoint::testing {
// Not anonymous: Signer, which others may name, has members of these.
namespace openssl {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

}  // namespace openssl

namespace {

using openssl::Certificate;
using openssl::Free;
using openssl::Key;

Key make_key(unsigned rsa_bits = 0) {
  Key key(rsa_bits == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen(rsa_bits));
  CROSSPOINT_ASSERT(key != nullptr);
  return key;
}

template <class Write>
std::string pem_of(Write write) {
  const std::unique_ptr<BIO, Free> out(BIO_new(BIO_s_mem()));
  CROSSPOINT_ASSERT(write(out.get()) == 1);
  std::string text(BIO_ctrl_pending(out.get()), '\0');
  CROSSPOINT_ASSERT(BIO_read(out.get(), text.data(), static_cast<int>(text.size())) ==
                    static_cast<int>(text.size()));
  return text;
}

std::string pem_of(X509* certificate) {
  return pem_of([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}
std::string pem_of(EVP_PKEY* key) {
  return pem_of(
      [&](BIO* out) { return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

void extend(X509* certificate, int kind, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, Free> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  CROSSPOINT_ASSERT(extension != nullptr);
  CROSSPOINT_ASSERT(X509_add_ext(certificate, extension.get(), -1) == 1);
}

std::string alternative_names(const CertificateWish& wish) {
  std::string list;
  for (const auto& name: wish.names) list += (list.empty() ? "DNS:" : ",DNS:") + name;
  for (const auto& address: wish.addresses) list += (list.empty() ? "IP:" : ",IP:") + address;
  return list;
}

std::time_t seconds_of(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

Certificate unsigned_certificate(EVP_PKEY* key, const std::string& subject, const CertificateWish& wish) {
  Certificate made(X509_new());
  CROSSPOINT_ASSERT(made != nullptr);
  CROSSPOINT_ASSERT(X509_set_version(made.get(), X509_VERSION_3) == 1);
  std::uint32_t serial = 0;
  CROSSPOINT_ASSERT(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial);
  ASN1_TIME_set(X509_getm_notBefore(made.get()), seconds_of(wish.valid_from));
  ASN1_TIME_set(X509_getm_notAfter(made.get()), seconds_of(wish.valid_until));
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(subject.c_str()), -1, -1, 0);
  extend(made.get(), NID_basic_constraints, wish.may_sign ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (const auto names = alternative_names(wish); !names.empty()) {
    extend(made.get(), NID_subject_alt_name, names);
  }
  return made;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* key) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  CROSSPOINT_ASSERT(X509_sign(certificate, key, EVP_sha256()) > 0);
}

CertificateWish authority_wish() { return {.names = {}, .addresses = {}, .may_sign = true}; }

}  // namespace

struct CertificateAuthority::Signer {
  Key key = make_key();
  Certificate certificate;
  std::string pem;
  std::string chain_pem;  // what servers show besides their own: all but the root
};

CertificateAuthority::CertificateAuthority(const std::string& name) : signer_(std::make_unique<Signer>()) {
  signer_->certificate = unsigned_certificate(signer_->key.get(), name, authority_wish());
  sign(signer_->certificate.get(), signer_->certificate.get(), signer_->key.get());
  signer_->pem = pem_of(signer_->certificate.get());
}

CertificateAuthority::CertificateAuthority(std::unique_ptr<Signer> signer) : signer_(std::move(signer)) {}
CertificateAuthority::CertificateAuthority(CertificateAuthority&&) noexcept = default;
CertificateAuthority::~CertificateAuthority() = default;

const std::string& CertificateAuthority::certificate_pem() const { return signer_->pem; }

net::TlsIdentity CertificateAuthority::issue(const CertificateWish& wish) const {
  const auto key = make_key(wish.rsa_bits);
  const auto certificate = unsigned_certificate(key.get(), "Test Server", wish);
  sign(certificate.get(), signer_->certificate.get(), signer_->key.get());
  return {.certificates_pem = pem_of(certificate.get()) + signer_->chain_pem,
          .private_key_pem = pem_of(key.get())};
}

CertificateAuthority CertificateAuthority::issue_authority() const {
  auto below = std::make_unique<Signer>();
  below->certificate = unsigned_certificate(below->key.get(), "Test Authority Below", authority_wish());
  sign(below->certificate.get(), signer_->certificate.get(), signer_->key.get());
  below->pem = pem_of(below->certificate.get());
  below->chain_pem = below->pem + signer_->chain_pem;
  return CertificateAuthority(std::move(below));
}

const CertificateAuthority& test_authority() {
  static const CertificateAuthority authority;
  return authority;
}

const net::TlsIdentity& test_identity() {
  static const net::TlsIdentity identity = test_authority().issue();
  return identity;
}

net::TlsIdentity self_signed(const CertificateWish& wish) {
  const auto key = make_key(wish.rsa_bits);
  const auto certificate = unsigned_certificate(key.get(), "Test Server", wish);
  sign(certificate.get(), certificate.get(), key.get());
  return {.certificates_pem = pem_of(certificate.get()), .private_key_pem = pem_of(key.get())};
}

}  // namespace crosspoint::testing
