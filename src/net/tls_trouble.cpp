#include "net/tls_trouble.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace crosspoint::net {
namespace {

bool is_alert(int reason) { return reason >= SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256; }

std::string_view alert_words(int reason) { return SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET); }

std::string_view words_of(unsigned long error) {
  const char* words = ERR_reason_error_string(error);
  return words == nullptr ? "no reason is known" : words;
}

}  // namespace

std::string why_not_trusted(long verify_result, std::string_view peer) {
  switch (verify_result) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return fmt::format("the certificate of {} has expired", peer);
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return fmt::format("the certificate of {} is not valid yet; is the clock of this machine right?", peer);
    case X509_V_ERR_HOSTNAME_MISMATCH: return fmt::format("the certificate of {} is for another name", peer);
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return fmt::format("the certificate of {} is not for this address", peer);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return fmt::format("the certificate of {} is signed by itself alone, which this machine does not trust",
                         peer);
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return fmt::format("the certificate of {} is signed by nobody this machine trusts", peer);
    case X509_V_ERR_CERT_REVOKED: return fmt::format("the certificate of {} has been revoked", peer);
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return fmt::format("the certificate of {} is too weak to be trusted: {}", peer,
                         X509_verify_cert_error_string(verify_result));
    default:
      return fmt::format("the certificate of {} cannot be trusted: {}", peer,
                         X509_verify_cert_error_string(verify_result));
  }
}

std::string why_handshake_failed(unsigned long error, std::string_view peer) {
  const int reason = ERR_GET_REASON(error);
  switch (reason) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return fmt::format("{} speaks no version of TLS that is safe: 1.2 or 1.3 is needed", peer);
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_WRONG_CIPHER_RETURNED:
    case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
      return fmt::format("{} offers no encryption that is safe", peer);
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST: return speaks_no_tls(peer);
    default: break;
  }
  if (is_alert(reason)) return fmt::format("{} refused the TLS handshake: {}", peer, alert_words(reason));
  return fmt::format("the TLS handshake with {} failed: {}", peer, words_of(error));
}

std::string why_broken(unsigned long error, std::string_view peer) {
  const int reason = ERR_GET_REASON(error);
  if (is_alert(reason)) return fmt::format("{} ended TLS: {}", peer, alert_words(reason));
  return fmt::format("what {} sent is not valid TLS: {}", peer, words_of(error));
}

std::string speaks_no_tls(std::string_view peer) {
  return fmt::format("{} does not speak TLS; is the port right?", peer);
}

std::string left_during_handshake(std::string_view peer) {
  return fmt::format("{} closed the connection during the TLS handshake", peer);
}

}  // namespace crosspoint::net
