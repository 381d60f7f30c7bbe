#pragma once
// A network under another one, with TLS on every connection: listeners show a certificate that connecting
// sides trust. A connection is told as soon as the one below is made; its streams shake hands when they are
// started. TlsWorld is any World with such a network, whose certificate is test_identity().

#include <memory>
#include <vector>

#include "net/network.h"
#include "net/tls.h"
#include "testing/certificates.h"
#include "testing/world.h"

namespace crosspoint::testing {

class TlsNetwork final : public net::Network {
 public:
  // `below` outlives it. What `identity` is must be signed by `authorities_pem`.
  TlsNetwork(net::Network& below, const net::TlsIdentity& identity, std::string_view authorities_pem);

  Result<std::vector<std::unique_ptr<net::Listener>>, net::NetworkError> listen(
      const net::Endpoint& endpoint, const net::StreamOptions& options,
      std::span<const ListenPoint> points) override;
  std::unique_ptr<net::Connecting> connect(net::Loop& loop, const net::Endpoint& endpoint,
                                           const net::StreamOptions& options, Duration limit,
                                           Connected done) override;

 private:
  net::Network& below_;
  std::unique_ptr<net::TlsContext> server_;
  std::unique_ptr<net::TlsContext> client_;
};

class TlsWorld final : public World {
 public:
  explicit TlsWorld(std::unique_ptr<World> below)
      : below_(std::move(below)),
        network_(below_->network(), test_identity(), test_authority().certificate_pem()) {}

  const Clock& clock() const override { return below_->clock(); }
  net::Network& network() override { return network_; }
  Files& files() override { return below_->files(); }
  net::Loop& loop(std::size_t number) override { return below_->loop(number); }
  using World::loop;
  bool run_until(const std::function<bool()>& condition, Duration limit) override {
    return below_->run_until(condition, limit);
  }
  using World::run_until;

  World& below() { return *below_; }

 private:
  std::unique_ptr<World> below_;
  TlsNetwork network_;
};

}  // namespace crosspoint::testing
