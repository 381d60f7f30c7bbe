#include "relay/io/access_service.h"

#include <utility>

#include "relay/stats_command.h"

namespace crosspoint::relay {

Result<std::unique_ptr<AccessService>, std::string> AccessService::make(
    const std::vector<std::unique_ptr<Gateway>>& gateways,
    const std::vector<std::unique_ptr<net::WorkShare>>& crypto, AccessSettings settings,
    const http::ServerLimits& limits) {
  std::unique_ptr<AccessService> service(new AccessService(std::move(settings)));
  std::vector<access::Door*> doors;
  for (const auto& gateway: gateways) doors.push_back(&gateway->door());
  const auto& others = service->settings_.other_doors;
  doors.insert(doors.end(), others.begin(), others.end());
  auto keeper = access::DenyKeeper::make(std::move(doors), *service->settings_.deny_store,
                                         service->settings_.tidy_every);
  if (!keeper) return fail(std::move(keeper.error()));
  service->keeper_ = std::move(*keeper);
  service->stats_ =
      std::make_unique<StatsDesk>(gateways.front()->owner_of(stats_topic), service->settings_.stats_every);
  for (std::size_t i = 0; i < gateways.size(); ++i) {
    const auto& gateway = gateways[i];
    auto api = std::make_unique<AccessApi>(*gateway, service->settings_, *service->keeper_, *service->stats_,
                                           *crypto[i]);
    auto routes = std::make_unique<http::Routes>();
    api->add_routes(*routes);
    service->servers_.push_back(std::make_unique<http::Server>(gateway->loop(), *routes, limits));
    service->routes_.push_back(std::move(routes));
    service->apis_.push_back(std::move(api));
  }
  return service;
}

}  // namespace crosspoint::relay
