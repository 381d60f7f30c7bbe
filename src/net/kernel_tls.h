#pragma once
// Encrypting in the kernel (kTLS): after the handshake, what is written to a socket leaves it as TLS records.
// Linux has it where CONFIG_TLS is built in, or the module `tls` is loaded.

#include <array>
#include <cstddef>

#include "base/bytes.h"

namespace crosspoint::net {

// What encrypting needs from the handshake (RFC 8446 section 7.3); the next record is number 0.
struct TlsWriteKey {
  enum class Cipher { aes_128_gcm, aes_256_gcm };
  Cipher cipher = Cipher::aes_128_gcm;
  std::array<std::byte, 32> key{};  // the first half of it with aes_128_gcm
  std::array<std::byte, 12> iv{};
};

// Asks the kernel, which may load its module for it.
bool kernel_encrypts_tls();

// Of a connected TCP socket. False: it goes on as it was.
bool encrypt_in_kernel(int socket, const TlsWriteKey& key);
// Writes a record of this type instead of application data (RFC 8446 section 5.1). As send(2).
std::ptrdiff_t send_record(int socket, unsigned char type, Bytes content);

}  // namespace crosspoint::net
