#pragma once
// What tests of the WAMP client library start from: a real router on a thread of its own, and clients as a
// program opens them. Waiting is always for something to happen, never for time to pass.

#include <crosspoint/wamp_client.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "base/random.h"
#include "base/time.h"
#include "http/io/server.h"
#include "net/system_clock.h"
#include "net/system_loop.h"
#include "net/system_network.h"
#include "wamp/io/service.h"
#include "wamp/open_house.h"

namespace crosspoint {

inline constexpr auto patience = 20s;

// The router on a thread of its own: WebSocket and RawSocket on one port.
class RunningRouter {
 public:
  explicit RunningRouter(std::uint16_t port = 0) {
    routes_.rows.push_back(service_.node().websocket_row());
    routes_.foreign = service_.node().rawsocket_on_http_ports();
    const net::Network::ListenPoint point{&loop_, &server_};
    auto listeners = network_.listen({net::Endpoint::Kind::tcp, "127.0.0.1", port, {}}, {}, {&point, 1});
    listener_ = std::move(listeners->front());
    port_ = listener_->endpoint().port;
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~RunningRouter() {
    loop_.post([this] {
      listener_.reset();
      service_.node().stop(1s, [this] { loop_.stop(); });
    });
    thread_.join();
  }
  std::string url(const std::string& scheme = "ws") const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + (scheme == "ws" ? "/ws" : "");
  }
  std::uint16_t port() const { return port_; }

 private:
  net::SystemClock clock_;
  net::SystemLoop loop_{clock_};
  net::SystemNetwork network_;
  SystemRandom random_;
  wamp::RealmLimits limits_;
  wamp::OpenHouse house_{limits_, random_};
  wamp::Service service_{loop_, house_, house_, house_, 100, random_, {}};
  http::Routes routes_;
  http::Server server_{loop_, routes_, {}};
  std::unique_ptr<net::Listener> listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

inline std::unique_ptr<WampClient> open(const std::string& url, WampClient::Options options = {}) {
  options.url = url;
  std::string problem;
  auto client = WampClient::open(options, problem);
  EXPECT_TRUE(client) << problem;
  return client;
}

inline std::unique_ptr<WampClient> join(const std::string& url, WampClient::Options options = {}) {
  auto client = open(url, std::move(options));
  EXPECT_TRUE(client->wait_until_joined(patience)) << client->status().last_error;
  return client;
}

}  // namespace crosspoint
