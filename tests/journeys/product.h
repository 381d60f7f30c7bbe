#pragma once
// The whole product on a table-top: a node, and a host where a test wants one, in one process on any World.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "host/io/host.h"
#include "relay/io/node.h"
#include "testing/certificates.h"
#include "testing/system_world.h"
#include "testing/world.h"
#include "web_client.h"

namespace crosspoint::journeys {

// Where the product stands, and whether the node speaks TLS.
struct Table {
  enum class Node { plain, tls };
  Table(testing::World& the_world, Node the_node = Node::plain) : world(the_world), node(the_node) {}
  testing::World& world;
  Node node;
};

class Product {
 public:
  explicit Product(const Table& table, relay::NodeSettings settings = {}, std::size_t loops = 1,
                   net::Endpoint endpoint = {.host = "127.0.0.1", .port = 0})
      : world_(table.world), settings_(std::move(settings)), loops_(loops), endpoint_(std::move(endpoint)) {
    if (table.node == Table::Node::tls) {
      shown_ = *net::TlsContext::server(testing::test_identity(),
                                        {.answer_to_plain_text = std::string(http::answer_to_plain_http)});
      trusting_ = *net::TlsContext::client(testing::test_authority().certificate_pem());
    }
    start_node();
  }
  ~Product() {
    host_.reset();
    stop_node();
  }

  const net::Endpoint& node() const { return endpoint_; }
  std::string relay_url(const std::string& path) const {
    return (shown_ ? "wss://" : "ws://") + net::to_string(endpoint_) + path;
  }

  // The node goes away as if told to by SIGTERM, and can be started again on the same endpoint.
  void stop_node() {
    if (!node_) return;
    bool stopped = false;
    node_->stop(3s, [&] { stopped = true; });
    world_.run_until([&] { return stopped; });
    node_.reset();
  }
  void start_node() {
    std::vector<net::Loop*> loops;
    for (std::size_t i = 0; i < loops_; ++i) loops.push_back(&world_.loop(i));
    node_ = std::make_unique<relay::Node>(loops, world_.network(), world_.clock(), settings_,
                                          std::vector<http::Route>{});
    auto listening = node_->listen(endpoint_, shown_);
    if (listening) endpoint_ = *listening;
    listening_ = listening.has_value();
  }
  bool listening() const { return listening_; }
  relay::Node& relay() { return *node_; }
  relay::Gateway& gateway(std::size_t loop = 0) { return node_->gateway(loop); }

  host::Host& start_host(host::HostSettings settings = {}) {
    settings.listen = {.host = "127.0.0.1", .port = 0};
    settings.agent.destination.tls = trusting_.get();
    host_ = std::make_unique<host::Host>(world_.loop(0), world_.network(), world_.files(), random_,
                                         std::move(settings));
    if (!host_->start()) host_.reset();
    return *host_;
  }
  host::Host& host() { return *host_; }

  std::unique_ptr<WebClient> open(const std::string& path, WebClient::Options options = {}) {
    options.tls = trusting_.get();
    auto client = std::make_unique<WebClient>(world_, endpoint_, path, std::move(options));
    world_.run_until([&] { return client->open() || client->refused; });
    return client;
  }
  bool until(const std::function<bool()>& condition, Duration limit = 10s) {
    return world_.run_until(condition, limit);
  }

 private:
  testing::World& world_;
  relay::NodeSettings settings_;
  std::size_t loops_;
  net::Endpoint endpoint_;
  bool listening_ = false;
  std::shared_ptr<const net::TlsContext> shown_;  // neither without TLS
  std::unique_ptr<net::TlsContext> trusting_;
  std::unique_ptr<relay::Node> node_;
  SeededRandom random_{11};
  std::unique_ptr<host::Host> host_;
};

enum class Where { memory, loopback, memory_tls, loopback_tls };
inline const auto everywhere =
    ::testing::Values(Where::memory, Where::loopback, Where::memory_tls, Where::loopback_tls);

// Runs a journey in memory and on this machine's loopback, over ws and wss; GoogleTest's parameter says
// which.
class Journey : public ::testing::TestWithParam<Where> {
 protected:
  testing::World& world() { return *world_; }
  Table table() {
    const bool tls = GetParam() == Where::memory_tls || GetParam() == Where::loopback_tls;
    return {*world_, tls ? Table::Node::tls : Table::Node::plain};
  }

 private:
  std::unique_ptr<testing::World> world_ =
      GetParam() == Where::memory || GetParam() == Where::memory_tls
          ? std::unique_ptr<testing::World>(std::make_unique<testing::MemoryWorld>())
          : std::make_unique<testing::SystemWorld>();
};

inline std::string name_of(const ::testing::TestParamInfo<Where>& where) {
  switch (where.param) {
    case Where::memory: return "InMemory";
    case Where::loopback: return "OnLoopback";
    case Where::memory_tls: return "InMemoryOverTls";
    case Where::loopback_tls: return "OnLoopbackOverTls";
  }
  return {};
}

}  // namespace crosspoint::journeys
