// The physical limit that a visit is measured against: an epoll loop that knows nothing but bytes.
//
//   raw_visit
//
// A visit is two connections. On the first a client sends a POST and is told an address and a code; the
// client hangs up. On the second it shows the code, is let in with a 101, says goodbye with a close frame,
// and gets one back: the server hangs up, and waits for the client to do the same. The answers have the
// node's own lengths, but nothing is looked at: no token, no code, no limit, no deadline. It is a yardstick,
// not a server. Prints its two addresses (it has one listener), ends with SIGTERM.

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "raw_parts.h"

namespace {

constexpr std::string_view opened =
    "HTTP/1.1 200 OK\r\nDate: Fri, 01 Jan 2027 00:00:00 GMT\r\nContent-Type: application/json\r\n"
    "Content-Length: 77\r\n\r\n"
    "{\"uri\":\"ws://bench/session/c1234?code=aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa\"}\n";
constexpr std::string_view goodbye = "\x88\x02\x03\xe8";

int listen_somewhere() {
  const auto [descriptor, port] = raw::listen_on(0);
  const int yes = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);  // inherited
  std::printf("listening on http://127.0.0.1:%u, access on http://127.0.0.1:%u\n", port, port);
  std::fflush(stdout);
  return descriptor;
}

void send_all(int descriptor, std::string_view bytes) {
  [[maybe_unused]] const auto sent = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
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
    if (bytes.front() == 'G') return send_all(descriptor, raw::switching(bytes));
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
