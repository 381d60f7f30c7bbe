#pragma once
// A network that stands on another one and does something to what is accepted below: a listener of its own
// for each point, which takes the place of that point's acceptor.

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "net/network.h"

namespace crosspoint::testing {

// Listens on `below` with a Listener for each point, as `make` makes it: `point()` is what is asked of
// `below` in the point's stead, and `set()` takes what that listens with.
template <class Listener, class Make>
Result<std::vector<std::unique_ptr<net::Listener>>, net::NetworkError> listen_above(
    net::Network& below, const net::Endpoint& endpoint, const net::StreamOptions& options,
    std::span<const net::Network::ListenPoint> points, Make make) {
  std::vector<std::unique_ptr<Listener>> listeners;
  std::vector<net::Network::ListenPoint> points_below;
  for (const auto& point: points) {
    listeners.push_back(make(point));
    points_below.push_back(listeners.back()->point());
  }
  auto listening_below = below.listen(endpoint, options, points_below);
  if (!listening_below) return fail(std::move(listening_below.error()));
  std::vector<std::unique_ptr<net::Listener>> listening;
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    listeners[i]->set(std::move((*listening_below)[i]));
    listening.push_back(std::move(listeners[i]));
  }
  return listening;
}

}  // namespace crosspoint::testing
