#pragma once
// Certificates and keys out of PEM text (RFC 7468). Private to net/*.cpp.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct bio_st;
struct evp_pkey_st;
struct ssl_ctx_st;
struct x509_st;

namespace crosspoint::net {

struct TlsFree {
  void operator()(ssl_ctx_st* context) const;
  void operator()(bio_st* bio) const;
  void operator()(x509_st* certificate) const;
  void operator()(evp_pkey_st* key) const;
};
using ContextPointer = std::unique_ptr<ssl_ctx_st, TlsFree>;
using CertificatePointer = std::unique_ptr<x509_st, TlsFree>;
using KeyPointer = std::unique_ptr<evp_pkey_st, TlsFree>;

// Each certificate in the text, at least one, in order, until `take` names what is wrong with one: "cannot be
// read" becomes "holds a certificate that cannot be read, number 2".
using TakeCertificate = std::function<std::string(x509_st*)>;
Result<void, std::string> for_each_certificate(std::string_view pem, const TakeCertificate& take);

// A key with a pass phrase is refused, not asked for on the terminal. The error completes "the file …".
Result<KeyPointer, std::string> read_private_key(std::string_view pem);

}  // namespace crosspoint::net
