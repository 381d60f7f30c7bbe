// What a joined session costs when there are very many: all of them in one process, on the network in memory.
//
//   wamp_crowd [SESSIONS] [ws|rs]      200000 over WebSocket unless said
//
// Each session goes through the real server, transport, session, realm, broker and dealer: it joins,
// subscribes to a topic of its own, publishes an event for its neighbour and calls the one procedure there
// is. Each must get its event and its answer (one session has the procedure instead); then the process says
// how much heap a session holds. The network's own share (its links, both ends' streams, the client) is found
// with as many connections to an echo, and taken off. Nothing is timed. Fails when anything is missing or
// refused.

#include <fmt/core.h>
#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "testing/world.h"
#include "wamp/client/io/test_router_node.h"

namespace {

using namespace crosspoint;
using wamp::client::TestRouterNode;

enum class Framing { none, websocket, rawsocket };

const std::string upgrade =
    "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: "
    "websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: wamp.2.json\r\n\r\n";
const std::string offer = {'\x7f', '\xf1', '\0', '\0'};  // RawSocket, JSON

// A client that keeps only how often it was told what; and one of them answers the calls.
class Client final : private net::StreamEvents {
 public:
  Client(std::unique_ptr<net::Stream> stream, Framing framing)
      : stream_(std::move(stream)), framing_(framing) {
    stream_->start(*this);
  }
  void open() {
    if (framing_ != Framing::none) write(framing_ == Framing::websocket ? upgrade : offer);
  }
  void say(const std::string& message) {
    if (framing_ == Framing::none) return write(message);
    if (framing_ == Framing::websocket) {
      const std::string header = {'\x81', static_cast<char>(0x80 | message.size()), 0, 0, 0,
                                  0};  // masked by nothing
      return write(header + message);
    }
    write(std::string{0, 0, 0, static_cast<char>(message.size())} + message);
  }

  std::uint32_t welcomes = 0, subscribed = 0, events = 0, results = 0, others = 0;

 private:
  // In memory, what is written together comes together: frames are whole.
  void on_bytes(MutableBytes bytes) override {
    if (framing_ == Framing::none) return;
    auto heard = as_text(bytes);
    if (!std::exchange(greeted_, true))
      heard.remove_prefix(framing_ == Framing::websocket ? heard.find("\r\n\r\n") + 4 : offer.size());
    while (!heard.empty()) {
      const bool wide = framing_ == Framing::websocket && heard[1] == 126;
      const std::size_t header = framing_ == Framing::rawsocket ? 4 : wide ? 4 : 2;
      const auto last = static_cast<std::uint8_t>(heard[header - 1]);
      const std::size_t size =
          header == 2 ? last : static_cast<std::uint8_t>(heard[header - 2]) * std::size_t{256} + last;
      take(heard.substr(header, size));
      heard.remove_prefix(header + size);
    }
  }
  void take(std::string_view message) {
    const auto is = [&](std::string_view code) { return message.starts_with(code); };
    if (is("[2,")) {
      ++welcomes;
    } else if (is("[33,") || is("[65,")) {
      ++subscribed;
    } else if (is("[36,")) {
      ++events;
    } else if (is("[50,")) {
      ++results;
    } else if (is("[68,")) {
      const auto request = message.substr(4, message.find(',', 4) - 4);
      say("[70," + std::string(request) + ",{}]");
    } else {
      ++others;
    }
  }
  void on_end() override { ++others; }
  void on_failure(net::StreamError) override { ++others; }
  void on_writable() override {}
  void write(const std::string& bytes) { (void)stream_->write_some(as_bytes(bytes)); }

  std::unique_ptr<net::Stream> stream_;
  const Framing framing_;
  bool greeted_ = false;
};

// Says back what it hears, and is nothing but a stream.
struct Echo final : net::Acceptor {
  struct End final : net::StreamEvents {
    explicit End(std::unique_ptr<net::Stream> its) : stream(std::move(its)) { stream->start(*this); }
    void on_bytes(MutableBytes bytes) override { (void)stream->write_some(Bytes(bytes)); }
    void on_end() override {}
    void on_failure(net::StreamError) override {}
    void on_writable() override {}
    std::unique_ptr<net::Stream> stream;
  };
  void on_accept(std::unique_ptr<net::Stream> stream, const net::Address&) override {
    ends.push_back(std::make_unique<End>(std::move(stream)));
  }
  std::vector<std::unique_ptr<End>> ends;
};

std::size_t heap_bytes() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

class Crowd {
 public:
  explicit Crowd(std::size_t sessions) : sessions_(sessions - 1) {
    const net::Network::ListenPoint point{&world_.loop(), &echo_};
    listeners_ = std::move(*world_.network().listen(TestRouterNode::tcp(9999), {}, {&point, 1}));
  }

  // Heap for each connection whose other end is nothing but a stream.
  std::size_t network_share() {
    const auto before = heap_bytes();
    connect(9999, Framing::none, sessions_);
    for (int i = 0; i < 4; ++i) all_say([](std::size_t) { return std::string(60, '.'); });
    const auto share = (heap_bytes() - before) / sessions_;
    clients_.clear();
    echo_.ends.clear();
    world_.run_until_idle();
    return share;
  }

  // Heap for each session, the network's included; 0: something was missing.
  std::size_t session_share(Framing framing) {
    const std::uint16_t port = framing == Framing::websocket ? 8080 : 8081;
    connect(port, framing, 1);
    all_say([](std::size_t) { return R"([1,"realm1",{"roles":{"callee":{}}}])"; });
    all_say([](std::size_t) { return R"([64,1,{},"com.example.echo"])"; });
    auto callee = std::move(clients_);
    clients_.clear();
    const auto before = heap_bytes();
    connect(port, framing, sessions_);
    all_say(
        [](std::size_t) { return R"([1,"realm1",{"roles":{"subscriber":{},"publisher":{},"caller":{}}}])"; });
    all_say([](std::size_t i) { return fmt::format(R"([32,1,{{}},"com.example.seat{}"])", i); });
    all_say([this](std::size_t i) {
      return fmt::format(R"([16,2,{{}},"com.example.seat{}",["moved",{}]])", (i + 1) % sessions_, i);
    });
    all_say([](std::size_t) { return R"([48,3,{},"com.example.echo"])"; });
    const auto share = (heap_bytes() - before) / sessions_;
    return whole() ? share : 0;
  }

 private:
  void connect(std::uint16_t port, Framing framing, std::size_t count) {
    clients_.reserve(count);
    std::vector<std::unique_ptr<net::Connecting>> connecting;
    while (clients_.size() < count) {
      const std::size_t batch = std::min<std::size_t>(64, count - clients_.size());
      for (std::size_t i = 0; i < batch; ++i) {
        connecting.push_back(world_.network().connect(
            world_.loop(1), TestRouterNode::tcp(port), {}, 10s,
            [&](Result<std::unique_ptr<net::Stream>, net::NetworkError> made) {
              if (!made) std::exit((fmt::print(stderr, "no connection: {}\n", made.error().sentence), 1));
              clients_.push_back(std::make_unique<Client>(std::move(*made), framing));
              clients_.back()->open();
            }));
      }
      world_.run_until_idle();
      connecting.clear();
    }
  }

  template <class Say>
  void all_say(Say say) {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      clients_[i]->say(say(i));
      if (i % 256 == 255) world_.run_until_idle();
    }
    world_.run_until_idle();
  }

  bool whole() const {
    std::size_t missing = 0;
    for (const auto& client: clients_)
      missing +=
          client->welcomes != 1 || client->subscribed != 1 || client->events != 1 || client->results != 1;
    if (missing > 0) fmt::print(stderr, "{} of {} sessions lack something\n", missing, sessions_);
    return missing == 0;
  }

  const std::size_t sessions_;  // without the one that answers the calls
  testing::MemoryWorld world_;
  Echo echo_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
  TestRouterNode node_{world_};
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::size_t sessions = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000;
  const Framing framing =
      argc > 2 && std::strcmp(argv[2], "rs") == 0 ? Framing::rawsocket : Framing::websocket;
  if (sessions < 2) {
    fmt::print(stderr, "usage: wamp_crowd [SESSIONS] [ws|rs]\n");
    return 2;
  }
  Crowd crowd(sessions);
  const auto network = crowd.network_share();
  const auto session = crowd.session_share(framing);
  if (session == 0) return 1;
  fmt::print("{} sessions: joined, subscribed, one event and one answer each\n", sessions);
  fmt::print("{:>10} bytes of heap a session\n", session - network);
  fmt::print("{:>10} bytes more for the network in memory and the client\n", network);
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM")) fmt::print("the process, at most: {}\n", line);
  }
  std::fflush(stdout);
  std::_Exit(0);  // nothing is learnt from taking it all down
}
