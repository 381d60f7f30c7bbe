#include "net/system_network.h"

#include <utility>

#include "base/assert.h"
#include "net/listening_sockets.h"
#include "net/resolver.h"
#include "net/system_connecting.h"
#include "net/system_listener.h"

namespace crosspoint::net {

SystemNetwork::SystemNetwork() : resolver_(std::make_unique<Resolver>()) {}
SystemNetwork::~SystemNetwork() = default;

Result<std::vector<std::unique_ptr<Listener>>, NetworkError> SystemNetwork::listen(
    const Endpoint& endpoint, const StreamOptions& options, std::span<const ListenPoint> points) {
  CROSSPOINT_ASSERT(!points.empty());
  auto opened = open_listening_sockets(endpoint, options, points.size());
  if (!opened) return fail(std::move(opened).error());
  std::vector<std::unique_ptr<Listener>> listeners;
  for (std::size_t i = 0; i < points.size(); ++i) {
    auto& loop = static_cast<SystemLoop&>(*points[i].loop);
    listeners.push_back(std::make_unique<SystemListener>(
        loop, *points[i].acceptor, std::move(opened->sockets[i]), opened->endpoint, opened->file));
  }
  return listeners;
}

std::unique_ptr<Connecting> SystemNetwork::connect(Loop& loop, const Endpoint& endpoint,
                                                   const StreamOptions& options, Duration limit,
                                                   Connected done) {
  return std::make_unique<SystemConnecting>(static_cast<SystemLoop&>(loop), *resolver_, endpoint, options,
                                            limit, std::move(done));
}

}  // namespace crosspoint::net
