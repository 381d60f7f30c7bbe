#include "net/kernel_tls.h"

#include <linux/tls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "net/descriptor.h"

namespace crosspoint::net {
namespace {

constexpr char layer[] = "tls";

int add_layer(int socket) { return ::setsockopt(socket, IPPROTO_TCP, TCP_ULP, layer, sizeof layer); }

// The kernel's two structures differ in the length of the key alone. Salt and explicit nonce are the first
// and the further bytes of what TLS 1.3 has as one.
template <class Info>
bool set_key(int socket, std::uint16_t cipher_type, const TlsWriteKey& key) {
  Info info{};
  info.info.version = TLS_1_3_VERSION;
  info.info.cipher_type = cipher_type;
  std::memcpy(info.key, key.key.data(), sizeof info.key);
  std::memcpy(info.salt, key.iv.data(), sizeof info.salt);
  static_assert(sizeof info.salt + sizeof info.iv == sizeof key.iv);
  std::memcpy(info.iv, key.iv.data() + sizeof info.salt, sizeof info.iv);
  const bool set = ::setsockopt(socket, SOL_TLS, TLS_TX, &info, sizeof info) == 0;
  ::explicit_bzero(&info, sizeof info);
  return set;
}

}  // namespace

// A socket that is not connected is refused for that (ENOTCONN) by a kernel that knows the layer, for the
// name (ENOENT) by one that does not.
bool kernel_encrypts_tls() {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return add_layer(socket.get()) == 0 || errno == ENOTCONN;
}

bool encrypt_in_kernel(int socket, const TlsWriteKey& key) {
  if (add_layer(socket) != 0) return false;
  switch (key.cipher) {
    case TlsWriteKey::Cipher::aes_128_gcm:
      return set_key<tls12_crypto_info_aes_gcm_128>(socket, TLS_CIPHER_AES_GCM_128, key);
    case TlsWriteKey::Cipher::aes_256_gcm:
      return set_key<tls12_crypto_info_aes_gcm_256>(socket, TLS_CIPHER_AES_GCM_256, key);
  }
  return false;
}

std::ptrdiff_t send_record(int socket, unsigned char type, Bytes content) {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof type)> control{};
  iovec piece{.iov_base = const_cast<std::byte*>(content.data()), .iov_len = content.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_TLS;
  header->cmsg_type = TLS_SET_RECORD_TYPE;
  header->cmsg_len = CMSG_LEN(sizeof type);
  std::memcpy(CMSG_DATA(header), &type, sizeof type);
  std::ptrdiff_t sent = -1;
  do {
    sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent;
}

}  // namespace crosspoint::net
