#pragma once
// Signatures with a key in two halves: whoever holds the public one can check, and only the owner of the
// private one can sign. The three kinds that signed tokens use (RFC 7518 section 3, RFC 8037):
//
//   rsa      RSASSA-PKCS1-v1_5 with SHA-256; moduli of 2048 to 8192 bits
//   p256     ECDSA on the curve P-256 with SHA-256; a signature is r and s, 32 bytes each, not DER
//   ed25519  EdDSA; a signature is 64 bytes
//
// A key is immutable; copies share it, and every thread may use it. Signing draws randomness from OpenSSL.

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

struct evp_pkey_st;  // OpenSSL's key

namespace crosspoint::crypto {

enum class KeyType { rsa, p256, ed25519 };

enum class KeyError {
  not_pem,           // no key between BEGIN and END lines, or more than one
  private_half,      // the private half where the public one is wanted
  public_half,       // the other way round
  encrypted,         // protected by a password, which nobody is there to type
  unsupported_type,  // none of KeyType: another curve, DSA, RSA-PSS, a certificate
  too_small,         // an RSA modulus below 2048 bits
  too_large,         // above 8192 bits, whose checking would cost too much
  not_a_key,         // numbers that are no key: a point beside the curve, an even exponent, e = 1
};
// "is protected by a password: …": the rest of a sentence that begins with the key's name. Nothing of the
// key.
std::string_view describe(KeyError error);

// A new ed25519 key as a file that from_pem() of PrivateKey, openssl and others read (RFC 8410 section 7),
// from the 32 random bytes that are all of it.
std::string ed25519_pem_of(std::span<const std::byte, 32> seed);

class PublicKey {
 public:
  // "-----BEGIN PUBLIC KEY-----" (RFC 5280 SubjectPublicKeyInfo) or "RSA PUBLIC KEY" (RFC 8017 A.1.1).
  static Result<PublicKey, KeyError> from_pem(std::string_view pem);
  // Numbers most significant byte first, as JSON Web Keys hold them (RFC 7518 section 6.3.1).
  static Result<PublicKey, KeyError> from_rsa(Bytes modulus, Bytes exponent);
  // 32 bytes each (RFC 7518 section 6.2.1).
  static Result<PublicKey, KeyError> from_p256(Bytes x, Bytes y);
  // 32 bytes (RFC 8037 section 2).
  static Result<PublicKey, KeyError> from_ed25519(Bytes x);

  KeyType type() const { return type_; }
  // The 32 bytes of an ed25519 key.
  ByteVector ed25519_bytes() const;
  // Has the owner of the other half signed exactly this? False for whatever is no signature at all.
  bool verifies(Bytes message, Bytes signature) const;

 private:
  friend class PrivateKey;
  PublicKey(std::shared_ptr<evp_pkey_st> key, KeyType type) : key_(std::move(key)), type_(type) {}

  std::shared_ptr<evp_pkey_st> key_;
  KeyType type_;
};

class PrivateKey {
 public:
  // "-----BEGIN PRIVATE KEY-----" (PKCS #8), or the older forms of RSA and EC. No password.
  static Result<PrivateKey, KeyError> from_pem(std::string_view pem);
  // The 32 bytes from which the rest of an ed25519 key is derived (RFC 8032 section 5.1.5).
  static Result<PrivateKey, KeyError> from_ed25519_seed(Bytes seed);

  KeyType type() const { return type_; }
  ByteVector sign(Bytes message) const;
  PublicKey public_key() const { return {key_, type_}; }

 private:
  PrivateKey(std::shared_ptr<evp_pkey_st> key, KeyType type) : key_(std::move(key)), type_(type) {}

  std::shared_ptr<evp_pkey_st> key_;
  KeyType type_;
};

}  // namespace crosspoint::crypto
