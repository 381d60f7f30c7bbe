#include "crypto/secret_text.h"

#include <openssl/crypto.h>

namespace crosspoint::crypto {

void wipe(MutableBytes bytes) { OPENSSL_cleanse(bytes.data(), bytes.size()); }

}  // namespace crosspoint::crypto
