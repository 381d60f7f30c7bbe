#include "crypto/scarce_memory.h"

#include <openssl/crypto.h>

#include "base/out_of_memory.h"

namespace crosspoint::crypto {
namespace {

constinit MemorySource memory;

void* given(void* piece) {
  if (piece == nullptr) out_of_memory();
  return piece;
}

// Nothing is what OpenSSL expects for no bytes.
void* take(std::size_t bytes, const char*, int) { return bytes == 0 ? nullptr : given(memory.take(bytes)); }

void* take_again(void* old, std::size_t bytes, const char*, int) {
  if (bytes != 0) return given(memory.take_again(old, bytes));
  std::free(old);
  return nullptr;
}

void give_back(void* piece, const char*, int) { std::free(piece); }

}  // namespace

bool end_when_openssl_is_out_of_memory(MemorySource source) {
  memory = source;
  return CRYPTO_set_mem_functions(take, take_again, give_back) == 1;
}

}  // namespace crosspoint::crypto
