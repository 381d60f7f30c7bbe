// The product's WebSocket client as the conformance suite wants it: connects to a URL, sends back every
// message as it came, and ends when the connection is closed.
//
//   echo_client URL [CA-FILE]      the authorities to trust, for wss
//
// Exit status: 0 after a connection that was closed, 1 when none could be made.

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

#include "base/random.h"
#include "http/url.h"
#include "net/system_clock.h"
#include "net/system_loop.h"
#include "net/system_network.h"
#include "net/tls.h"
#include "websocket/io/connector.h"
#include "websocket/io/socket.h"

namespace {

using namespace crosspoint;

websocket::SocketLimits suite_limits() {
  websocket::SocketLimits limits;
  limits.message_bytes_max = 16 * 1024 * 1024;
  limits.control_frames_per_second_max = 1'000'000;  // the suite's pings are not a flood
  return limits;
}

class EchoClient final : private websocket::SocketEvents {
 public:
  // `tls`, for wss, outlives it.
  EchoClient(net::SystemLoop& loop, net::Network& network, http::Url url, const net::TlsContext* tls)
      : loop_(loop) {
    websocket::ConnectRequest request{.url = std::move(url), .offer_deflate = true, .tls = tls};
    connector_ = std::make_unique<websocket::Connector>(
        loop, network, random_, std::move(request), [this](auto result) { on_connected(std::move(result)); });
  }
  bool connected() const { return socket_ != nullptr; }

 private:
  void on_connected(Result<websocket::Connected, websocket::ConnectError> result) {
    if (!result) {
      std::fprintf(stderr, "echo_client: %s\n", result.error().sentence.c_str());
      return loop_.stop();
    }
    deflate_ = result->deflate;
    socket_ = std::make_unique<websocket::Socket>(
        loop_, std::move(result->stream), websocket::Role::client, limits_, random_,
        static_cast<websocket::SocketEvents&>(*this), deflate_ ? &*deflate_ : nullptr);
    socket_->start({}, std::move(result->early_bytes));
  }
  void on_message(websocket::MessageType type, Bytes payload) override { socket_->send(type, payload); }
  void on_closed(const websocket::CloseReason&, const std::optional<websocket::CloseReason>&) override {
    loop_.stop();
  }

  net::SystemLoop& loop_;
  SystemRandom random_;
  const websocket::SocketLimits limits_ = suite_limits();
  std::optional<websocket::DeflateAgreement> deflate_;
  std::unique_ptr<websocket::Connector> connector_;
  std::unique_ptr<websocket::Socket> socket_;
};

Result<std::unique_ptr<net::TlsContext>, std::string> trusting(const char* file) {
  std::ifstream stream(file);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  return net::TlsContext::client(text);
}

}  // namespace

int main(int argc, char** argv) {
  Result<http::Url, std::string> url = fail(std::string("usage: echo_client URL [CA-FILE]"));
  if (argc == 2 || argc == 3) url = http::parse_url(argv[1]);
  if (!url) {
    std::fprintf(stderr, "echo_client: %s\n", url.error().c_str());
    return 1;
  }
  Result<std::unique_ptr<net::TlsContext>, std::string> tls;
  if (argc == 3) tls = trusting(argv[2]);
  if (!tls) {
    std::fprintf(stderr, "echo_client: the file %s %s\n", argv[2], tls.error().c_str());
    return 1;
  }
  const net::SystemClock clock;
  net::SystemLoop loop(clock);
  net::SystemNetwork network;
  EchoClient client(loop, network, std::move(*url), tls->get());
  loop.run();
  return client.connected() ? 0 : 1;
}
