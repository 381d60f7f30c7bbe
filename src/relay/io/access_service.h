#pragma once
// The access service as one object: on each loop the API and a server for a port of its own, and once the
// keeper of the deny list and the reports on topic `stats`.

#include <memory>
#include <string>
#include <vector>

#include "access/io/deny_keeper.h"
#include "http/io/server.h"
#include "relay/io/access_api.h"
#include "relay/io/access_settings.h"
#include "relay/io/gateway.h"
#include "relay/io/stats_desk.h"

namespace crosspoint::relay {

class AccessService {
 public:
  // `gateways` outlive the service and have token topics; their loops do not run yet. `crypto` is each loop's
  // share for verifying; it outlives the service too.
  static Result<std::unique_ptr<AccessService>, std::string> make(
      const std::vector<std::unique_ptr<Gateway>>& gateways,
      const std::vector<std::unique_ptr<net::WorkShare>>& crypto, AccessSettings settings,
      const http::ServerLimits& limits);

  access::DenyKeeper& keeper() { return *keeper_; }
  StatsDesk& stats() { return *stats_; }
  AccessApi& api(std::size_t loop_index) { return *apis_[loop_index]; }
  const std::vector<std::unique_ptr<http::Server>>& servers() const { return servers_; }
  const std::vector<std::unique_ptr<http::Routes>>& routes() const { return routes_; }  // those servers'

 private:
  explicit AccessService(AccessSettings settings) : settings_(std::move(settings)) {}

  const AccessSettings settings_;
  std::unique_ptr<access::DenyKeeper> keeper_;
  std::unique_ptr<StatsDesk> stats_;
  std::vector<std::unique_ptr<AccessApi>> apis_;  // by loop, as what follows
  std::vector<std::unique_ptr<http::Routes>> routes_;
  std::vector<std::unique_ptr<http::Server>> servers_;
};

}  // namespace crosspoint::relay
