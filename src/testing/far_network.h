#pragma once
// A network under another one, whose listeners accept on a loop of their own: the streams that they give to
// the loops they are for are far ones (net/far_streams.h). Connecting sides are as they are below. FarWorld
// is any World with such a network; one loop of the world below is where its sockets live.

#include <memory>
#include <vector>

#include "net/far_streams.h"
#include "net/network.h"
#include "testing/world.h"

namespace crosspoint::testing {

class FarNetwork final : public net::Network {
 public:
  // Both outlive it. Loops that listen must as well.
  FarNetwork(net::Network& below, net::Loop& away) : below_(below), away_(away) {}

  Result<std::vector<std::unique_ptr<net::Listener>>, net::NetworkError> listen(
      const net::Endpoint& endpoint, const net::StreamOptions& options,
      std::span<const ListenPoint> points) override;
  std::unique_ptr<net::Connecting> connect(net::Loop& loop, const net::Endpoint& endpoint,
                                           const net::StreamOptions& options, Duration limit,
                                           Connected done) override {
    return below_.connect(loop, endpoint, options, limit, std::move(done));
  }

 private:
  struct Pair {
    net::Loop* home;
    std::unique_ptr<net::FarStreams> streams;
  };
  net::FarStreams& streams_of(net::Loop& home);

  net::Network& below_;
  net::Loop& away_;
  std::vector<Pair> pairs_;
};

class FarWorld final : public World {
 public:
  explicit FarWorld(std::unique_ptr<World> below)
      : below_(std::move(below)), network_(below_->network(), below_->loop(away)) {}

  const Clock& clock() const override { return below_->clock(); }
  net::Network& network() override { return network_; }
  Files& files() override { return below_->files(); }
  net::Loop& loop(std::size_t number) override { return below_->loop(number); }
  using World::loop;
  bool run_until(const std::function<bool()>& condition, Duration limit) override {
    return below_->run_until(condition, limit);
  }
  using World::run_until;

 private:
  static constexpr std::size_t away = 2;  // after those that tests ask for

  std::unique_ptr<World> below_;
  FarNetwork network_;
};

}  // namespace crosspoint::testing
