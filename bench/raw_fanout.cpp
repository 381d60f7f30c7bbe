// The physical limit that fan-out is measured against: an epoll loop that knows nothing but bytes.
//
//   raw_fanout PORT single|batch
//
// One topic. A client on /in/… publishes, clients on /out/… receive. Each frame is unmasked once and sent to
// every receiver: `single` with one send() per message and receiver, `batch` with one send() of contiguous
// bytes per turn and receiver. No limits, no deadlines, no slow receivers (bytes that do not fit are kept in
// a string), no error handling worth the name: it is a yardstick, not a server. Prints its port, ends with
// SIGTERM.

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "raw_parts.h"

namespace {

struct Connection {
  int descriptor;
  bool open = false;  // the handshake is done
  bool publisher = false;
  std::string input;
  std::string unsent;
};

class RawFanout {
 public:
  RawFanout(int listener, bool batch) : batch_(batch), epoll_(epoll_create1(0)), listener_(listener) {
    watch(listener_, nullptr, EPOLLIN);
  }

  [[noreturn]] void run() {
    std::vector<epoll_event> events(512);
    for (;;) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        auto* connection = static_cast<Connection*>(events[i].data.ptr);
        if (connection == nullptr) {
          accept_all();
        } else if ((events[i].events & EPOLLOUT) != 0) {
          flush(*connection);
        } else {
          read(*connection);
        }
      }
      if (turn_.empty()) continue;
      for (Connection* receiver: receivers_) send_to(*receiver, turn_.data(), turn_.size());
      turn_.clear();
    }
  }

 private:
  void watch(int descriptor, Connection* connection, std::uint32_t what, int operation = EPOLL_CTL_ADD) {
    raw::watch(epoll_, descriptor, connection, what, operation);
  }

  void accept_all() {
    for (;;) {
      const int descriptor = raw::accept_from(listener_);
      if (descriptor < 0) return;
      auto& connection = connections_[descriptor];
      connection = std::make_unique<Connection>(Connection{descriptor});
      watch(descriptor, connection.get(), EPOLLIN);
    }
  }

  void read(Connection& connection) {
    const ssize_t got = recv(connection.descriptor, buffer_.data(), buffer_.size(), 0);
    if (got <= 0) return drop(connection);
    connection.input.append(buffer_.data(), static_cast<std::size_t>(got));
    if (!connection.open && !handshake(connection)) return;
    if (connection.publisher) take_frames(connection);
  }

  void drop(Connection& connection) {
    std::erase(receivers_, &connection);
    close(connection.descriptor);
    connections_.erase(connection.descriptor);
  }

  bool handshake(Connection& connection) {
    const auto end = connection.input.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const std::string head = connection.input.substr(0, end + 2);
    connection.input.erase(0, end + 4);
    const auto answer = raw::switching(head);
    send(connection.descriptor, answer.data(), answer.size(), MSG_NOSIGNAL);
    connection.open = true;
    connection.publisher = head.starts_with("GET /in/");
    if (!connection.publisher) receivers_.push_back(&connection);
    return true;
  }

  // Final binary frames only: what the load sends.
  void take_frames(Connection& connection) {
    std::size_t at = 0;
    const auto& input = connection.input;
    while (input.size() - at >= 2) {
      const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(input[at + i]); };
      std::uint64_t length = byte(1) & 0x7f;
      std::size_t header = 2;
      if (length >= 126) {
        const std::size_t wide = length == 126 ? 2 : 8;
        if (input.size() - at < 2 + wide) break;
        length = 0;
        for (std::size_t i = 0; i < wide; ++i) length = length << 8 | byte(2 + i);
        header += wide;
      }
      if (input.size() - at < header + 4 + length) break;
      publish(input.data() + at + header + 4, static_cast<std::size_t>(length), input.data() + at + header);
      at += header + 4 + static_cast<std::size_t>(length);
    }
    connection.input.erase(0, at);
  }

  void publish(const char* payload, std::size_t length, const char* mask) {
    const std::size_t begin = turn_.size();
    turn_ += '\x82';
    if (length < 126) {
      turn_ += static_cast<char>(length);
    } else {
      const int wide = length < 65536 ? 2 : 8;
      turn_ += static_cast<char>(wide == 2 ? 126 : 127);
      for (int i = wide - 1; i >= 0; --i) turn_ += static_cast<char>(length >> (8 * i) & 0xff);
    }
    const std::size_t body = turn_.size();
    turn_.append(payload, length);
    std::uint64_t wide_mask = 0;
    for (int i = 0; i < 8; ++i) reinterpret_cast<char*>(&wide_mask)[i] = mask[i % 4];
    std::size_t i = 0;
    for (; i + 8 <= length; i += 8) {
      std::uint64_t word;
      std::memcpy(&word, turn_.data() + body + i, 8);
      word ^= wide_mask;
      std::memcpy(turn_.data() + body + i, &word, 8);
    }
    for (; i < length; ++i) turn_[body + i] = static_cast<char>(turn_[body + i] ^ mask[i % 4]);
    if (batch_) return;
    for (Connection* receiver: receivers_) send_to(*receiver, turn_.data() + begin, turn_.size() - begin);
    turn_.clear();
  }

  void send_to(Connection& receiver, const char* bytes, std::size_t size) {
    std::size_t sent = 0;
    if (receiver.unsent.empty()) {
      const ssize_t took = send(receiver.descriptor, bytes, size, MSG_NOSIGNAL);
      if (took > 0) sent = static_cast<std::size_t>(took);
    }
    if (sent == size) return;
    if (receiver.unsent.empty()) watch(receiver.descriptor, &receiver, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
    receiver.unsent.append(bytes + sent, size - sent);
  }

  void flush(Connection& receiver) {
    const ssize_t took =
        send(receiver.descriptor, receiver.unsent.data(), receiver.unsent.size(), MSG_NOSIGNAL);
    if (took > 0) receiver.unsent.erase(0, static_cast<std::size_t>(took));
    if (receiver.unsent.empty()) watch(receiver.descriptor, &receiver, EPOLLIN, EPOLL_CTL_MOD);
  }

  const bool batch_;
  const int epoll_;
  const int listener_;
  std::vector<char> buffer_ = std::vector<char>(256 * 1024);
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> receivers_;
  std::string turn_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 || (std::strcmp(argv[2], "single") != 0 && std::strcmp(argv[2], "batch") != 0)) {
    std::fputs("usage: raw_fanout PORT single|batch\n", stderr);
    return 2;
  }
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const auto [listener, port] = raw::listen_on(static_cast<unsigned>(std::atoi(argv[1])));
  std::printf("listening on http://127.0.0.1:%u\n", port);
  std::fflush(stdout);
  RawFanout(listener, std::strcmp(argv[2], "batch") == 0).run();
}
