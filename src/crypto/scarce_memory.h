#pragma once
// OpenSSL without memory. Of what it could not get it tells nobody in places: libcrypto 3.0 follows null
// pointers where digests and keys are fetched for the first time. So where operator new ends the process
// (base/out_of_memory.h, reliability row D4), OpenSSL's own allocations must end it too.

#include <cstddef>
#include <cstdlib>

namespace crosspoint::crypto {

// From where OpenSSL has its memory; null says that there is none. Tests have their own.
struct MemorySource {
  void* (*take)(std::size_t bytes) = std::malloc;
  void* (*take_again)(void* old, std::size_t bytes) = std::realloc;  // `old` as realloc has it
};

// From now on OpenSSL ends the process (out_of_memory()) when the source has nothing. Called by main, once,
// before threads start. False: OpenSSL has allocated already, and it is too late; nothing has changed.
bool end_when_openssl_is_out_of_memory(MemorySource source = {});

}  // namespace crosspoint::crypto
