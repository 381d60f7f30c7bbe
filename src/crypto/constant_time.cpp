#include "crypto/constant_time.h"

#include <openssl/crypto.h>

namespace crosspoint::crypto {

bool equal_in_constant_time(Bytes a, Bytes b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace crosspoint::crypto
