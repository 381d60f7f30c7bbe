#pragma once
// The machine's own network: TCP over IPv4 and IPv6, Unix sockets, the system's resolver. Every Loop it is
// given must be a SystemLoop.

#include <memory>

#include "net/network.h"

namespace crosspoint::net {

class Resolver;

class SystemNetwork final : public Network {
 public:
  SystemNetwork();
  ~SystemNetwork() override;

  Result<std::vector<std::unique_ptr<Listener>>, NetworkError> listen(
      const Endpoint& endpoint, const StreamOptions& options, std::span<const ListenPoint> points) override;
  std::unique_ptr<Connecting> connect(Loop& loop, const Endpoint& endpoint, const StreamOptions& options,
                                      Duration limit, Connected done) override;

 private:
  std::unique_ptr<Resolver> resolver_;
};

}  // namespace crosspoint::net
