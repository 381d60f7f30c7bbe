// The limit that fan-out over TLS is measured against: a bare OpenSSL epoll loop that knows nothing but
// bytes.
//
//   raw_tls_fanout PORT single|batch CERTIFICATE KEY
//
// What bench/raw_fanout.cpp is without TLS: one topic, a client on /in/… publishes, clients on /out/…
// receive, each frame is unmasked once. `single` makes one SSL_write per message and receiver, `batch` one of
// contiguous bytes per turn and receiver. OpenSSL reads from and writes to the socket itself (SSL_set_fd),
// with its buffers kept: the fastest that plain use of it gives. The same ciphers in the same order as the
// node. No limits, no deadlines; what a slow receiver leaves is kept in a string. Prints its port, ends with
// SIGTERM.

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
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
  SSL* tls;
  bool open = false;  // the WebSocket handshake is done
  bool publisher = false;
  std::string input;
  std::string unsent;
};

SSL_CTX* context_of(const char* certificate, const char* key) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
      SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
    ERR_print_errors_fp(stderr);
    raw::fail("certificate or key");
  }
  SSL_CTX_set_ciphersuites(context,
                           "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384");
  SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

class RawTlsFanout {
 public:
  RawTlsFanout(int listener, bool batch, SSL_CTX* context)
      : batch_(batch), context_(context), epoll_(epoll_create1(0)), listener_(listener) {
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
      connection = std::make_unique<Connection>(Connection{descriptor, SSL_new(context_)});
      SSL_set_fd(connection->tls, descriptor);
      SSL_set_accept_state(connection->tls);
      watch(descriptor, connection.get(), EPOLLIN);
    }
  }

  void read(Connection& connection) {
    for (;;) {
      std::size_t got = 0;
      ERR_clear_error();
      const int result = SSL_read_ex(connection.tls, buffer_.data(), buffer_.size(), &got);
      if (result != 1) {
        if (SSL_get_error(connection.tls, result) != SSL_ERROR_WANT_READ) return drop(connection);
        break;
      }
      connection.input.append(buffer_.data(), got);
    }
    if (!connection.open && !handshake(connection)) return;
    if (connection.publisher) take_frames(connection);
  }

  void drop(Connection& connection) {
    std::erase(receivers_, &connection);
    SSL_free(connection.tls);
    close(connection.descriptor);
    connections_.erase(connection.descriptor);
  }

  bool handshake(Connection& connection) {
    const auto end = connection.input.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const std::string head = connection.input.substr(0, end + 2);
    connection.input.erase(0, end + 4);
    const auto answer = raw::switching(head);
    SSL_write(connection.tls, answer.data(), static_cast<int>(answer.size()));
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

  // How much OpenSSL took; a refused record is offered again as it was, from `unsent`.
  std::size_t write(Connection& receiver, const char* bytes, std::size_t size) {
    std::size_t sent = 0;
    while (sent < size) {
      std::size_t took = 0;
      ERR_clear_error();
      if (SSL_write_ex(receiver.tls, bytes + sent, size - sent, &took) != 1) break;
      sent += took;
    }
    return sent;
  }

  void send_to(Connection& receiver, const char* bytes, std::size_t size) {
    const std::size_t sent = receiver.unsent.empty() ? write(receiver, bytes, size) : 0;
    if (sent == size) return;
    if (receiver.unsent.empty()) watch(receiver.descriptor, &receiver, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
    receiver.unsent.append(bytes + sent, size - sent);
  }

  void flush(Connection& receiver) {
    receiver.unsent.erase(0, write(receiver, receiver.unsent.data(), receiver.unsent.size()));
    if (receiver.unsent.empty()) watch(receiver.descriptor, &receiver, EPOLLIN, EPOLL_CTL_MOD);
  }

  const bool batch_;
  SSL_CTX* const context_;
  const int epoll_;
  const int listener_;
  std::vector<char> buffer_ = std::vector<char>(256 * 1024);
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> receivers_;
  std::string turn_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 || (std::strcmp(argv[2], "single") != 0 && std::strcmp(argv[2], "batch") != 0)) {
    std::fputs("usage: raw_tls_fanout PORT single|batch CERTIFICATE KEY\n", stderr);
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const auto [listener, port] = raw::listen_on(static_cast<unsigned>(std::atoi(argv[1])));
  std::printf("listening on https://127.0.0.1:%u\n", port);
  std::fflush(stdout);
  RawTlsFanout(listener, std::strcmp(argv[2], "batch") == 0, context_of(argv[3], argv[4])).run();
}
