#include "crypto/hash.h"

#include <openssl/evp.h>

#include <memory>

#include "base/assert.h"

namespace crosspoint::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

EVP_MD_CTX* context_of_this_thread() {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  CROSSPOINT_ASSERT(context);
  return context.get();
}

}  // namespace

// Fails only when OpenSSL was built without the algorithm.
Hash::Hash(const char* name) : algorithm_(EVP_MD_fetch(nullptr, name, nullptr)) {
  CROSSPOINT_ASSERT(algorithm_ != nullptr);
}

void Hash::digest(std::initializer_list<Bytes> pieces, MutableBytes digest) const {
  CROSSPOINT_ASSERT(digest.size() == static_cast<std::size_t>(EVP_MD_get_size(algorithm_)));
  EVP_MD_CTX* const context = context_of_this_thread();
  // None of the three fails but for want of memory.
  CROSSPOINT_ASSERT(EVP_DigestInit_ex2(context, algorithm_, nullptr) == 1);
  for (const Bytes piece: pieces) {
    CROSSPOINT_ASSERT(EVP_DigestUpdate(context, piece.data(), piece.size()) == 1);
  }
  CROSSPOINT_ASSERT(EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(digest.data()), nullptr) ==
                    1);
}

const Hash& Hash::sha1() {
  static const Hash hash("SHA1");
  return hash;
}

const Hash& Hash::sha256() {
  static const Hash hash("SHA256");
  return hash;
}

const Hash& Hash::sha384() {
  static const Hash hash("SHA384");
  return hash;
}

const Hash& Hash::sha512() {
  static const Hash hash("SHA512");
  return hash;
}

}  // namespace crosspoint::crypto
