// What the physical limits have in common (raw_fanout.cpp, raw_tls_fanout.cpp, raw_call.cpp, raw_visit.cpp):
// coming by connections, and being let in. Each of them is compiled by itself, by the script that runs it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace raw {

[[noreturn]] inline void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

struct Listener {
  int descriptor;
  unsigned port;
};

// On 127.0.0.1; port 0: one that is free.
inline Listener listen_on(unsigned port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int yes = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(descriptor, 4096) != 0 ||
      getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    fail("listen");
  return {descriptor, ntohs(address.sin_port)};
}

// -1: nobody else is waiting.
inline int accept_from(int listener) {
  const int descriptor = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
  const int yes = 1;
  if (descriptor >= 0) setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return descriptor;
}

inline void watch(int epoll, int descriptor, void* whose, std::uint32_t what, int operation = EPOLL_CTL_ADD) {
  epoll_event event{};
  event.events = what;
  event.data.ptr = whose;
  epoll_ctl(epoll, operation, descriptor, &event);
}

inline std::string_view field_of(std::string_view head, std::string_view name) {
  const auto at = head.find(name) + name.size();
  return head.substr(at, head.find('\r', at) - at);
}

// 101, for a head that has the key.
inline std::string switching(std::string_view head, std::string_view more_fields = "") {
  const std::string text =
      std::string(field_of(head, "Sec-WebSocket-Key: ")) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
  unsigned char encoded[64];
  const int length = EVP_EncodeBlock(encoded, digest, static_cast<int>(size));
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
         std::string(more_fields) + "Sec-WebSocket-Accept: " +
         std::string(reinterpret_cast<char*>(encoded), static_cast<std::size_t>(length)) + "\r\n\r\n";
}

}  // namespace raw
