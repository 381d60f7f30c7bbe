#include "testing/far_network.h"

#include <algorithm>
#include <utility>

#include "testing/listeners_above.h"

namespace crosspoint::testing {
namespace {

// Accepts on the away loop and sends what comes to the loop that the listener is for.
class FarListener final : public net::Listener, private net::Acceptor {
 public:
  FarListener(net::FarStreams& streams, net::Acceptor& acceptor) : streams_(streams), acceptor_(acceptor) {}

  net::Network::ListenPoint point() { return {&streams_.away(), this}; }
  void set(std::unique_ptr<net::Listener> below) { below_ = std::move(below); }
  net::Endpoint endpoint() const override { return below_->endpoint(); }

 private:
  void on_accept(std::unique_ptr<net::Stream> stream, const net::Address& peer) override {
    streams_.send(std::move(stream), [self = std::weak_ptr(self_), peer](std::unique_ptr<net::Stream> far) {
      if (const auto listener = self.lock()) (*listener)->acceptor_.on_accept(std::move(far), peer);
    });
  }

  net::FarStreams& streams_;
  net::Acceptor& acceptor_;
  std::unique_ptr<net::Listener> below_;
  // What is on its way when the listener goes arrives nowhere.
  std::shared_ptr<FarListener*> self_ = std::make_shared<FarListener*>(this);
};

}  // namespace

net::FarStreams& FarNetwork::streams_of(net::Loop& home) {
  const auto found = std::ranges::find(pairs_, &home, &Pair::home);
  if (found != pairs_.end()) return *found->streams;
  pairs_.push_back({&home, std::make_unique<net::FarStreams>(home, away_)});
  return *pairs_.back().streams;
}

Result<std::vector<std::unique_ptr<net::Listener>>, net::NetworkError> FarNetwork::listen(
    const net::Endpoint& endpoint, const net::StreamOptions& options, std::span<const ListenPoint> points) {
  return listen_above<FarListener>(below_, endpoint, options, points, [&](const ListenPoint& point) {
    return std::make_unique<FarListener>(streams_of(*point.loop), *point.acceptor);
  });
}

}  // namespace crosspoint::testing
