#include "net/tls_pem.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/assert.h"

namespace crosspoint::net {
namespace {

std::unique_ptr<BIO, TlsFree> reader_of(std::string_view text) {
  std::unique_ptr<BIO, TlsFree> reader(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  CROSSPOINT_ASSERT(reader != nullptr);
  return reader;
}

int no_pass_phrase(char*, int, int, void*) { return -1; }

bool nothing_more_to_read() {
  const auto error = ERR_peek_last_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

}  // namespace

void TlsFree::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }
void TlsFree::operator()(bio_st* bio) const { BIO_free(bio); }
void TlsFree::operator()(x509_st* certificate) const { X509_free(certificate); }
void TlsFree::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

Result<void, std::string> for_each_certificate(std::string_view pem, const TakeCertificate& take) {
  const auto reader = reader_of(pem);
  for (std::size_t count = 0;; ++count) {
    ERR_clear_error();
    const CertificatePointer certificate(
        PEM_read_bio_X509_AUX(reader.get(), nullptr, no_pass_phrase, nullptr));
    if (!certificate && nothing_more_to_read()) {
      ERR_clear_error();
      if (count > 0) return {};
      return fail(std::string("holds no certificate in PEM format (\"-----BEGIN CERTIFICATE-----\")"));
    }
    const auto problem = certificate ? take(certificate.get()) : "cannot be read";
    ERR_clear_error();
    if (!problem.empty())
      return fail(fmt::format("holds a certificate that {}, number {}", problem, count + 1));
  }
}

Result<KeyPointer, std::string> read_private_key(std::string_view pem) {
  const auto reader = reader_of(pem);
  KeyPointer key(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_pass_phrase, nullptr));
  ERR_clear_error();
  if (!key) return fail(std::string("holds no private key in PEM format, or one that needs a pass phrase"));
  return key;
}

}  // namespace crosspoint::net
