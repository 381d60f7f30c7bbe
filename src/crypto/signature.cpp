#include "crypto/signature.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <fmt/core.h>

#include <limits>
#include <optional>
#include <string>

#include "base/assert.h"
#include "base/base64.h"
#include "base/hex.h"

namespace crosspoint::crypto {
namespace {

template <auto Free>
struct Freed {
  template <class Thing>
  void operator()(Thing* thing) const {
    Free(thing);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using Digesting = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Key = std::shared_ptr<EVP_PKEY>;

constexpr int rsa_bits_min = 2048;
constexpr int rsa_bits_max = 8192;
constexpr std::size_t coordinate_bytes = 32;

// OpenSSL keeps a queue of errors for each thread, and TLS asks it why a connection failed: what goes wrong
// here must not be left in it.
class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  ~QuietErrors() { ERR_pop_to_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

Key owned(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }
const unsigned char* characters(Bytes bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
Number number_of(Bytes bytes) {
  return Number(BN_bin2bn(characters(bytes), static_cast<int>(bytes.size()), nullptr));
}

// An exponent of 1 makes every message its own signature.
bool acceptable_exponent(const EVP_PKEY* key) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &raw) != 1) return false;
  const Number exponent(raw);
  return BN_is_odd(exponent.get()) == 1 && BN_is_one(exponent.get()) == 0 &&
         BN_num_bits(exponent.get()) <= 64;
}

Result<KeyType, KeyError> type_of(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      if (EVP_PKEY_get_bits(key) < rsa_bits_min) return fail(KeyError::too_small);
      if (EVP_PKEY_get_bits(key) > rsa_bits_max) return fail(KeyError::too_large);
      if (!acceptable_exponent(key)) return fail(KeyError::not_a_key);
      return KeyType::rsa;
    case EVP_PKEY_EC: {
      char group[32] = "";
      std::size_t size = 0;
      if (EVP_PKEY_get_group_name(key, group, sizeof group, &size) != 1)
        return fail(KeyError::unsupported_type);
      if (std::string_view(group, size) != "prime256v1") return fail(KeyError::unsupported_type);
      return KeyType::p256;
    }
    case EVP_PKEY_ED25519: return KeyType::ed25519;
    default: return fail(KeyError::unsupported_type);
  }
}

// The public half out of its numbers, by the name that OpenSSL has for the kind.
Key key_from(const char* kind, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  CROSSPOINT_ASSERT(parameters && context);
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) return nullptr;
  return owned(key);
}

// Which of the lines "-----BEGIN …-----" there is, when there is exactly one.
std::optional<std::string_view> label_of(std::string_view pem) {
  constexpr std::string_view begin = "-----BEGIN ";
  const auto at = pem.find(begin);
  if (at == pem.npos || pem.find(begin, at + 1) != pem.npos) return std::nullopt;
  const auto label = pem.substr(at + begin.size());
  const auto end = label.find("-----");
  if (end == label.npos) return std::nullopt;
  return label.substr(0, end);
}

// Without it, OpenSSL would ask on the terminal.
int no_password(char*, int, int, void*) { return -1; }

Bio reading(std::string_view text) {
  CROSSPOINT_ASSERT(text.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

const EVP_MD* digest_of(KeyType type) { return type == KeyType::ed25519 ? nullptr : EVP_sha256(); }

// r and s side by side, as tokens hold them, to the DER that OpenSSL checks. Nothing when it cannot be one:
// zeroes are no signature, and a library that took them once let everybody in.
std::optional<ByteVector> der_from_raw(Bytes raw) {
  if (raw.size() != 2 * coordinate_bytes) return std::nullopt;
  Number r = number_of(raw.first(coordinate_bytes));
  Number s = number_of(raw.subspan(coordinate_bytes));
  if (BN_is_zero(r.get()) == 1 || BN_is_zero(s.get()) == 1) return std::nullopt;
  const EcdsaSignature signature(ECDSA_SIG_new());
  CROSSPOINT_ASSERT(ECDSA_SIG_set0(signature.get(), r.release(), s.release()) == 1);
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  CROSSPOINT_ASSERT(size > 0);
  ByteVector bytes = to_vector({reinterpret_cast<const std::byte*>(der), static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return bytes;
}

ByteVector raw_from_der(Bytes der) {
  const unsigned char* at = characters(der);
  const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  CROSSPOINT_ASSERT(signature);
  ByteVector raw(2 * coordinate_bytes);
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  constexpr int width = coordinate_bytes;
  CROSSPOINT_ASSERT(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, width) == width);
  CROSSPOINT_ASSERT(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + width, width) == width);
  return raw;
}

}  // namespace

std::string_view describe(KeyError error) {
  switch (error) {
    case KeyError::not_pem: return "is not one key between -----BEGIN and -----END lines";
    case KeyError::private_half: return "is the private half of a key; the public half is wanted";
    case KeyError::public_half: return "is the public half of a key; the private half is wanted";
    case KeyError::encrypted:
      return "is protected by a password; write it without one (openssl pkey -in … -out …)";
    case KeyError::unsupported_type: return "is neither RSA, nor EC on the curve P-256, nor Ed25519";
    case KeyError::too_small: return "is an RSA key of less than 2048 bits";
    case KeyError::too_large: return "is an RSA key of more than 8192 bits";
    case KeyError::not_a_key: return "holds numbers that are no key";
  }
  return "";
}

std::string ed25519_pem_of(std::span<const std::byte, 32> seed) {
  // OneAsymmetricKey of version 0, algorithm 1.3.101.112, in it an OCTET STRING of an OCTET STRING of 32
  // bytes.
  ByteVector der = *decode_hex("302e020100300506032b657004220420");
  append(der, seed);
  return fmt::format("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
                     encode_base64(Base64::standard, der));
}

Result<PublicKey, KeyError> PublicKey::from_pem(std::string_view pem) {
  const QuietErrors quiet;
  const auto label = label_of(pem);
  if (!label) return fail(KeyError::not_pem);
  if (label->ends_with("PRIVATE KEY")) return fail(KeyError::private_half);
  if (*label != "PUBLIC KEY" && *label != "RSA PUBLIC KEY") return fail(KeyError::unsupported_type);
  const Key key = owned(PEM_read_bio_PUBKEY(reading(pem).get(), nullptr, no_password, nullptr));
  if (!key) return fail(KeyError::not_a_key);
  const auto type = type_of(key.get());
  if (!type) return fail(type.error());
  return PublicKey(key, *type);
}

Result<PublicKey, KeyError> PublicKey::from_rsa(Bytes modulus, Bytes exponent) {
  const QuietErrors quiet;
  if (modulus.size() > rsa_bits_max / 8 + 1) return fail(KeyError::too_large);
  if (exponent.size() > 8) return fail(KeyError::not_a_key);
  const Number n = number_of(modulus);
  const Number e = number_of(exponent);
  if (BN_is_odd(n.get()) == 0) return fail(KeyError::not_a_key);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  CROSSPOINT_ASSERT(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1);
  CROSSPOINT_ASSERT(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1);
  const Key key = key_from("RSA", builder.get());
  if (!key) return fail(KeyError::not_a_key);
  const auto type = type_of(key.get());
  if (!type) return fail(type.error());
  return PublicKey(key, *type);
}

Result<PublicKey, KeyError> PublicKey::from_p256(Bytes x, Bytes y) {
  const QuietErrors quiet;
  if (x.size() != coordinate_bytes || y.size() != coordinate_bytes) return fail(KeyError::not_a_key);
  ByteVector point{std::byte{4}};  // uncompressed (SEC 1 section 2.3.3)
  append(point, x);
  append(point, y);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  CROSSPOINT_ASSERT(
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1);
  CROSSPOINT_ASSERT(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                                     point.size()) == 1);
  const Key key = key_from("EC", builder.get());  // looks whether the point is on the curve
  if (!key) return fail(KeyError::not_a_key);
  return PublicKey(key, KeyType::p256);
}

Result<PublicKey, KeyError> PublicKey::from_ed25519(Bytes x) {
  const QuietErrors quiet;
  if (x.size() != 32) return fail(KeyError::not_a_key);
  const Key key = owned(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, characters(x), x.size()));
  if (!key) return fail(KeyError::not_a_key);
  return PublicKey(key, KeyType::ed25519);
}

ByteVector PublicKey::ed25519_bytes() const {
  CROSSPOINT_ASSERT(type_ == KeyType::ed25519);
  ByteVector bytes(32);
  std::size_t size = bytes.size();
  const int done =
      EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
  CROSSPOINT_ASSERT(done == 1);
  return bytes;
}

bool PublicKey::verifies(Bytes message, Bytes signature) const {
  const QuietErrors quiet;
  std::optional<ByteVector> der;
  if (type_ == KeyType::p256) {
    der = der_from_raw(signature);
    if (!der) return false;
    signature = *der;
  }
  const Digesting context(EVP_MD_CTX_new());
  CROSSPOINT_ASSERT(EVP_DigestVerifyInit(context.get(), nullptr, digest_of(type_), nullptr, key_.get()) == 1);
  return EVP_DigestVerify(context.get(), characters(signature), signature.size(), characters(message),
                          message.size()) == 1;
}

Result<PrivateKey, KeyError> PrivateKey::from_pem(std::string_view pem) {
  const QuietErrors quiet;
  // EC keys are often written after a block of their own that names the curve; it says nothing new.
  constexpr std::string_view curve_end = "-----END EC PARAMETERS-----";
  if (const auto at = pem.find(curve_end); at != pem.npos) pem.remove_prefix(at + curve_end.size());
  const auto label = label_of(pem);
  if (!label) return fail(KeyError::not_pem);
  if (label->ends_with("PUBLIC KEY")) return fail(KeyError::public_half);
  if (label->starts_with("ENCRYPTED") || pem.find("Proc-Type: 4,ENCRYPTED") != pem.npos) {
    return fail(KeyError::encrypted);
  }
  if (!label->ends_with("PRIVATE KEY")) return fail(KeyError::unsupported_type);
  const Key key = owned(PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, no_password, nullptr));
  if (!key) return fail(KeyError::not_a_key);
  const auto type = type_of(key.get());
  if (!type) return fail(type.error());
  return PrivateKey(key, *type);
}

Result<PrivateKey, KeyError> PrivateKey::from_ed25519_seed(Bytes seed) {
  const QuietErrors quiet;
  if (seed.size() != 32) return fail(KeyError::not_a_key);
  const Key key =
      owned(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, characters(seed), seed.size()));
  if (!key) return fail(KeyError::not_a_key);
  return PrivateKey(key, KeyType::ed25519);
}

ByteVector PrivateKey::sign(Bytes message) const {
  const QuietErrors quiet;
  const Digesting context(EVP_MD_CTX_new());
  CROSSPOINT_ASSERT(EVP_DigestSignInit(context.get(), nullptr, digest_of(type_), nullptr, key_.get()) == 1);
  std::size_t size = 0;
  CROSSPOINT_ASSERT(EVP_DigestSign(context.get(), nullptr, &size, characters(message), message.size()) == 1);
  ByteVector signature(size);
  CROSSPOINT_ASSERT(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                                   characters(message), message.size()) == 1);
  signature.resize(size);
  return type_ == KeyType::p256 ? raw_from_der(signature) : signature;
}

}  // namespace crosspoint::crypto
