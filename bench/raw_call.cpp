// The physical limit that routed calls are measured against: an epoll loop that passes messages from callers
// to the one callee, and back, and reads nothing of them but their length and a number.
//
//   raw_call ws|rs PORT|unix:/PATH single|batch
//
// Who opens first is the callee. Each message begins with four digits that say which caller it is of
// (`crosspoint bench --mode bare-call` puts them there); the callee's are for that caller. `single` writes
// each message by itself, `batch` once for each receiver and turn. No sessions, no limits, no error handling
// worth the name: it is a yardstick, not a server. Prints where it listens, ends with SIGTERM.

#include <sys/un.h>

#include <array>
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

constexpr std::size_t number_bytes = 4;

struct Connection {
  int descriptor;
  bool open = false;  // the handshake is done
  bool in_turn = false;
  std::string input;
  std::string output;  // of this turn, or what the kernel did not take
};

struct Message {
  std::size_t frame_bytes = 0;  // 0: not whole yet
  char opcode = 0;
  char* payload = nullptr;
  std::size_t payload_bytes = 0;
};

std::uint64_t big_endian(const char* at, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | static_cast<std::uint8_t>(at[i]);
  return value;
}

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

void unmask(char* at, std::size_t bytes, const char* mask) {
  std::uint64_t wide = 0;
  for (int i = 0; i < 8; ++i) reinterpret_cast<char*>(&wide)[i] = mask[i % 4];
  std::size_t i = 0;
  for (; i + 8 <= bytes; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, at + i, 8);
    word ^= wide;
    std::memcpy(at + i, &word, 8);
  }
  for (; i < bytes; ++i) at[i] = static_cast<char>(at[i] ^ mask[i % 4]);
}

int listen_on(const char* place) {
  if (std::strncmp(place, "unix:", 5) != 0) {
    const auto [descriptor, port] = raw::listen_on(static_cast<unsigned>(std::atoi(place)));
    std::printf("listening on http://127.0.0.1:%u\n", port);
    return descriptor;
  }
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, place + 5, sizeof address.sun_path - 1);
  if (bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(descriptor, 4096) != 0)
    raw::fail(place);
  std::printf("listening on %s\n", place);
  return descriptor;
}

class RawCall {
 public:
  RawCall(bool websocket, bool batch, int listener)
      : websocket_(websocket), batch_(batch), epoll_(epoll_create1(0)), listener_(listener) {
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
          if (connection->output.empty()) watch(connection->descriptor, connection, EPOLLIN, EPOLL_CTL_MOD);
        } else {
          read(*connection);
        }
      }
      for (Connection* receiver: turn_) {
        receiver->in_turn = false;
        write(*receiver);
      }
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
      connection =
          std::make_unique<Connection>(Connection{.descriptor = descriptor, .input = {}, .output = {}});
      watch(descriptor, connection.get(), EPOLLIN);
    }
  }

  void read(Connection& connection) {
    const ssize_t got = recv(connection.descriptor, buffer_.data(), buffer_.size(), 0);
    if (got <= 0) std::exit(0);  // the load is over
    // What came whole is passed on from the buffer, without a copy.
    char* bytes = buffer_.data();
    auto size = static_cast<std::size_t>(got);
    if (!connection.input.empty()) {
      connection.input.append(bytes, size);
      bytes = connection.input.data();
      size = connection.input.size();
    }
    const std::size_t taken = take(connection, bytes, size);
    if (!connection.input.empty()) {
      connection.input.erase(0, taken);
    } else {
      connection.input.assign(bytes + taken, size - taken);
    }
  }

  std::size_t take(Connection& connection, char* bytes, std::size_t size) {
    std::size_t at = connection.open ? 0 : handshake(connection, {bytes, size});
    while (connection.open) {
      const Message message =
          websocket_ ? websocket_frame(bytes + at, size - at) : raw_frame(bytes + at, size - at);
      if (message.frame_bytes == 0) break;
      if (message.payload_bytes >= number_bytes) pass_on(connection, message);
      at += message.frame_bytes;
    }
    return at;
  }

  std::size_t handshake(Connection& connection, std::string_view input) {
    if (!websocket_) {
      if (input.size() < 4) return 0;
      send(connection.descriptor, input.data(), 4, MSG_NOSIGNAL);
      open(connection);
      return 4;
    }
    const auto end = input.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    const auto subprotocol = raw::field_of(input, "Sec-WebSocket-Protocol: ");
    const auto answer = raw::switching(input, "Sec-WebSocket-Protocol: " + std::string(subprotocol) + "\r\n");
    send(connection.descriptor, answer.data(), answer.size(), MSG_NOSIGNAL);
    open(connection);
    return end + 4;
  }

  void open(Connection& connection) {
    connection.open = true;
    if (callee_ == nullptr) callee_ = &connection;
  }

  // Final data frames only: what the load sends.
  static Message websocket_frame(char* bytes, std::size_t size) {
    if (size < 2) return {};
    std::size_t header = 2;
    std::uint64_t length = static_cast<std::uint8_t>(bytes[1]) & 0x7f;
    if (length >= 126) {
      const std::size_t wide = length == 126 ? 2 : 8;
      if (size < 2 + wide) return {};
      length = big_endian(bytes + 2, wide);
      header += wide;
    }
    header += 4;
    if (size < header + length) return {};
    unmask(bytes + header, static_cast<std::size_t>(length), bytes + header - 4);
    return {header + static_cast<std::size_t>(length), bytes[0], bytes + header,
            static_cast<std::size_t>(length)};
  }

  static Message raw_frame(char* bytes, std::size_t size) {
    if (size < 4) return {};
    const auto length = static_cast<std::size_t>(big_endian(bytes + 1, 3));
    if (size < 4 + length) return {};
    return {4 + length, 0, bytes + 4, length};
  }

  void pass_on(Connection& from, const Message& message) {
    std::size_t number = 0;
    for (std::size_t i = 0; i < number_bytes; ++i)
      number = number * 10 + static_cast<std::size_t>(message.payload[i] - '0');
    Connection*& caller = callers_[number];
    if (&from != callee_) caller = &from;
    Connection& to = &from == callee_ ? *caller : *callee_;
    if (websocket_) {
      to.output += message.opcode;
      if (message.payload_bytes < 126) {
        to.output += static_cast<char>(message.payload_bytes);
      } else {
        const bool wide = message.payload_bytes > 0xffff;
        to.output += static_cast<char>(wide ? 127 : 126);
        append_big_endian(to.output, message.payload_bytes, wide ? 8 : 2);
      }
    } else {
      to.output += '\0';
      append_big_endian(to.output, message.payload_bytes, 3);
    }
    to.output.append(message.payload, message.payload_bytes);
    if (!batch_) return write(to);
    if (to.in_turn) return;
    to.in_turn = true;
    turn_.push_back(&to);
  }

  void write(Connection& to) {
    flush(to);
    if (!to.output.empty()) watch(to.descriptor, &to, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
  }

  static void flush(Connection& to) {
    const ssize_t took = send(to.descriptor, to.output.data(), to.output.size(), MSG_NOSIGNAL);
    if (took == static_cast<ssize_t>(to.output.size())) {
      to.output.clear();
    } else if (took > 0) {
      to.output.erase(0, static_cast<std::size_t>(took));
    }
  }

  const bool websocket_, batch_;
  const int epoll_;
  const int listener_;
  std::vector<char> buffer_ = std::vector<char>(256 * 1024);
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
  Connection* callee_ = nullptr;
  std::array<Connection*, 10'000> callers_{};
  std::vector<Connection*> turn_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: raw_call ws|rs PORT|unix:/PATH single|batch\n", stderr);
    return 2;
  }
  const int listener = listen_on(argv[2]);
  std::fflush(stdout);
  const auto server = std::make_unique<RawCall>(std::strcmp(argv[1], "ws") == 0,
                                                std::strcmp(argv[3], "batch") == 0, listener);
  server->run();
}
