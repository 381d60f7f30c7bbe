// The physical limit that a visit is measured against: an epoll loop that knows nothing but bytes.
//
//   raw_visit
//
// A visit is two connections. On the first a client sends a POST and is told an address and a code; the
// client hangs up. On the second it shows the code, is let in with a 101, says goodbye with a close frame,
// and gets one back: the server hangs up, and waits for the client to do the same. The answers have the
// node's own lengths, but nothing is looked at: no token, no code, no limit, no deadline. It is a yardstick,
// not a server. Prints its two addresses (it has one listener), ends with SIGTERM.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view opened =
    "HTTP/1.1 200 OK\r\nDate: Fri, 01 Jan 2027 00:00:00 GMT\r\nContent-Type: application/json\r\n"
    "Content-Length: 77\r\n\r\n"
    "{\"uri\":\"ws://bench/session/c1234?code=aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa\"}\n";
constexpr std::string_view goodbye = "\x88\x02\x03\xe8";

std::string accept_value(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
  unsigned char encoded[64];
  const int length = EVP_EncodeBlock(encoded, digest, static_cast<int>(size));
  return {reinterpret_cast<char*>(encoded), static_cast<std::size_t>(length)};
}

int listen_somewhere() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int yes = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);  // inherited
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(descriptor, 4096) != 0) {
    std::perror("raw_visit");
    std::exit(1);
  }
  socklen_t size = sizeof address;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("listening on http://127.0.0.1:%d, access on http://127.0.0.1:%d\n", ntohs(address.sin_port),
              ntohs(address.sin_port));
  std::fflush(stdout);
  return descriptor;
}

void send_all(int descriptor, std::string_view bytes) {
  [[maybe_unused]] const auto sent = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void let_in(int descriptor, std::string_view head) {
  constexpr std::string_view name = "Sec-WebSocket-Key: ";
  const auto at = head.find(name) + name.size();
  send_all(descriptor,
           "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: " +
               accept_value(head.substr(at, head.find('\r', at) - at)) + "\r\n\r\n");
}

class RawVisit {
 public:
  RawVisit() : epoll_(epoll_create1(0)), listener_(listen_somewhere()) { watch(listener_, EPOLLIN); }

  [[noreturn]] void run() {
    std::vector<epoll_event> events(512);
    for (;;) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
        descriptor == listener_ ? accept_all() : read(descriptor);
      }
    }
  }

 private:
  void watch(int descriptor, std::uint32_t what) {
    epoll_event event{};
    event.events = what;
    event.data.fd = descriptor;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }

  void accept_all() {
    for (;;) {
      const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
      if (descriptor < 0) return;
      watch(descriptor, EPOLLIN | EPOLLET);
    }
  }

  // Whatever comes, comes whole: the client sends each of its three pieces at one go.
  void read(int descriptor) {
    const ssize_t got = recv(descriptor, buffer_.data(), buffer_.size(), 0);
    if (got <= 0) {
      close(descriptor);
      return;
    }
    const std::string_view bytes(buffer_.data(), static_cast<std::size_t>(got));
    if (bytes.front() == 'P') return send_all(descriptor, opened);
    if (bytes.front() == 'G') return let_in(descriptor, bytes);
    send_all(descriptor, goodbye);
    shutdown(descriptor, SHUT_WR);
  }

  const int epoll_;
  const int listener_;
  std::vector<char> buffer_ = std::vector<char>(256 * 1024);
};

}  // namespace

int main() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  RawVisit().run();
}
