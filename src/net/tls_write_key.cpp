#include "net/tls_write_key.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/ssl.h>

#include <memory>
#include <string_view>

namespace crosspoint::net {
namespace {

struct Free {
  void operator()(EVP_KDF* function) const { EVP_KDF_free(function); }
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};

// HKDF-Expand-Label with an empty context (RFC 8446 section 7.1).
bool expand(const EVP_MD* digest, Bytes secret, std::string_view label, MutableBytes out) {
  const auto whole_label = "tls13 " + std::string(label);
  std::string info{static_cast<char>(out.size() >> 8), static_cast<char>(out.size())};
  info += static_cast<char>(whole_label.size());
  info += whole_label;
  info += '\0';

  const std::unique_ptr<EVP_KDF, Free> function(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const std::unique_ptr<EVP_KDF_CTX, Free> context(EVP_KDF_CTX_new(function.get()));
  int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, const_cast<char*>(EVP_MD_get0_name(digest)), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, const_cast<std::byte*>(secret.data()),
                                        secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  return context && EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(out.data()), out.size(),
                                   parameters) == 1;
}

}  // namespace

ByteVector server_secret_in(const char* key_log_line) {
  const std::string_view line(key_log_line);
  if (!line.starts_with("SERVER_TRAFFIC_SECRET_0 ")) return {};
  const auto hex = std::string(line.substr(line.rfind(' ') + 1));
  ByteVector secret(hex.size() / 2);
  std::size_t bytes = 0;
  if (OPENSSL_hexstr2buf_ex(reinterpret_cast<unsigned char*>(secret.data()), secret.size(), &bytes,
                            hex.c_str(), '\0') != 1)
    return {};
  return secret;
}

std::optional<TlsWriteKey> derive_write_key(const SSL* tls, Bytes secret) {
  const SSL_CIPHER* cipher = SSL_get_current_cipher(tls);
  if (cipher == nullptr || secret.empty()) return std::nullopt;
  TlsWriteKey key;
  std::size_t key_bytes = 16;
  switch (SSL_CIPHER_get_id(cipher)) {
    case TLS1_3_CK_AES_128_GCM_SHA256: break;
    case TLS1_3_CK_AES_256_GCM_SHA384:
      key.cipher = TlsWriteKey::Cipher::aes_256_gcm;
      key_bytes = 32;
      break;
    default: return std::nullopt;
  }
  const EVP_MD* digest = SSL_CIPHER_get_handshake_digest(cipher);
  if (!expand(digest, secret, "key", MutableBytes(key.key).first(key_bytes)) ||
      !expand(digest, secret, "iv", key.iv))
    return std::nullopt;
  return key;
}

void wipe(ByteVector& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret = {};
}

}  // namespace crosspoint::net
